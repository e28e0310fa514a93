/**
 * One life of a driver, from `open` to its end. Stands between driver and
 * session: calls of a driver whose life is over are dropped, and whatever a
 * driver throws becomes an `internal` error that ends this run and nothing else.
 */
import type { Batch, Driver, DriverContext, DriverModule, Facts, PeerId, PeerState } from '../drivers/driver.ts';
import type { Options } from '../drivers/spec.ts';
import type { SessionConfig } from '../shared/contract.ts';
import { failure, success, type Outcome, type WireError } from '../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../shared/limits.ts';
import type { Direction, Meta } from '../shared/record.ts';
import { SessionValues } from './environments/session-values.ts';

/** What a run needs of its session. */
export interface RunHost {
  /** @returns false when the spec does not know the kind */
  record(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): boolean;
  recordBatch(batch: Batch, direction: Direction, peer: PeerId): void;
  peerOpened(addresses: { readonly local: string; readonly remote: string }): PeerId;
  peerChanged(peer: PeerId, state: PeerState): void;
  endpoints(addresses: { readonly local: string | null; readonly remote: string | null }): void;
  closing(): void;
  /** The driver has ended. At most once, and only after `opened`. */
  ended(error: WireError | null): void;
  /** A bug in a driver, for the log. */
  report(bug: unknown): void;
}

const givenUp = failure('cancelled', 'The session was ended before this was done.');

export class Run {
  readonly #host: RunHost;
  readonly #module: DriverModule;
  readonly #config: SessionConfig;
  readonly #values: SessionValues;
  readonly #abort = new AbortController();
  /** Answers of the driver that somebody waits for. */
  readonly #pending = new Set<(outcome: Outcome) => void>();
  #driver: Driver | null = null;
  #isOpen = false;
  #isEnding = false;
  #isOver = false;
  #closeWasAsked = false;
  #bug: WireError | null = null;
  /** What the driver reported before the session knew that it is open. */
  #early: (() => void)[] = [];
  #whenOver: (() => void)[] = [];

  /** @param values resolves the configuration, and hides the secrets in whatever the driver says */
  constructor(module: DriverModule, config: SessionConfig, host: RunHost, values = new SessionValues()) {
    this.#module = module;
    this.#config = config;
    this.#host = host;
    this.#values = values;
  }

  /** What the driver threw, as an error, or null. */
  get bug(): WireError | null {
    return this.#bug;
  }

  async open(): Promise<Outcome> {
    const outcome = await this.#ask(async () => {
      const resolved = this.#values.needsConfig(this.#config)
        ? await this.#values.config(this.#config, this.#module.spec.fields)
        : success(this.#config);
      if (!resolved.ok) return resolved;
      if (this.#abort.signal.aborted) return givenUp;
      const driver = this.#module.create(this.#context(resolved.value.address), resolved.value.options);
      if (!driver.ok) return driver;
      this.#driver = driver.value;
      return driver.value.open(this.#abort.signal);
    });
    return this.#bug === null ? outcome : { ok: false, error: this.#bug };
  }

  /** The session has entered `open`: what the driver said meanwhile is told now. */
  opened(): void {
    this.#isOpen = true;
    const early = this.#early;
    this.#early = [];
    for (const report of early) report();
  }

  send(peer: PeerId, bytes: Uint8Array, kind?: string): Promise<Outcome> {
    return this.#ask(async () => this.#driver?.send(peer, bytes, kind) ?? givenUp);
  }

  act(action: string, peer: PeerId | null, values: Options): Promise<Outcome> {
    return this.#ask(async () => this.#driver?.act(action, peer, values) ?? givenUp);
  }

  setReading(peer: PeerId | null, reading: boolean): Outcome {
    return this.#try(() => {
      if (reading) this.#driver?.resumeReading(peer);
      else this.#driver?.pauseReading(peer);
      return undefined;
    });
  }

  facts(peer: PeerId | null): Facts {
    const outcome = this.#try(() => this.#driver?.facts(peer));
    return outcome.ok ? this.#values.mask.values(outcome.value ?? {}) : {};
  }

  /**
   * Ends the driver. Resolves when it has ended or the run is over for another
   * reason; with `atOnce`, a driver that takes longer than the grace time is given up.
   */
  async close(atOnce: boolean): Promise<void> {
    this.#abort.abort();
    const driver = this.#driver;
    if (driver === null || this.#isOver) return;
    await new Promise<void>((resolve) => {
      const timer = atOnce ? setTimeout(resolve, CLOSE_GRACE_MS) : null;
      const done = (): void => {
        if (timer !== null) clearTimeout(timer);
        resolve();
      };
      this.#whenOver.push(done);
      void this.#closeDriver(driver).then(done);
      // To a driver, the second call means that nothing is waited for any longer.
      if (atOnce && !this.#closeWasAsked) void this.#closeDriver(driver);
      this.#closeWasAsked = true;
    });
    if (atOnce) for (const settle of this.#pending) settle(givenUp);
  }

  /** From now on nothing that the driver says is heard. */
  release(): void {
    this.#isOver = true;
    this.#abort.abort();
    for (const done of this.#whenOver) done();
    this.#whenOver = [];
  }

  #context(address: string): DriverContext {
    const { mask } = this.#values;
    return {
      address: address.trim(),
      record: (kind, direction, peer, payload, meta) => {
        const shown = meta === null ? null : mask.values(meta);
        if (this.#isOver || this.#host.record(kind, direction, peer, payload, shown)) return;
        this.#broken(new Error(`a record has the unknown kind "${kind}"`));
      },
      recordBatch: (batch, direction, peer) => {
        if (!this.#isOver) this.#host.recordBatch(batch, direction, peer);
      },
      peerOpened: ({ local, remote }) => {
        return this.#isOver ? 0 : this.#host.peerOpened({ local: mask.text(local), remote: mask.text(remote) });
      },
      peerChanged: (peer, state) => {
        if (!this.#isOver) this.#host.peerChanged(peer, state);
      },
      endpoints: ({ local, remote }) => {
        const shown = (text: string | null): string | null => (text === null ? null : mask.text(text));
        if (!this.#isOver) this.#host.endpoints({ local: shown(local), remote: shown(remote) });
      },
      closing: () => {
        this.#whenOpen(() => {
          this.#host.closing();
        });
      },
      closed: (error) => {
        this.#whenOpen(() => {
          this.#end(error === null ? null : mask.error(error));
        });
      },
    };
  }

  #whenOpen(report: () => void): void {
    if (this.#isOver) return;
    if (this.#isOpen) report();
    else this.#early.push(report);
  }

  #end(error: WireError | null): void {
    if (this.#isOver || this.#isEnding) return;
    this.#isEnding = true;
    this.#host.ended(error);
  }

  async #closeDriver(driver: Driver): Promise<void> {
    try {
      await driver.close();
    } catch (bug) {
      this.#broken(bug);
    }
  }

  /** Waits for the driver's answer, which is an `internal` error when it throws. */
  #ask(call: () => Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        this.#pending.delete(settle);
        resolve(outcome.ok ? outcome : { ok: false, error: this.#values.mask.error(outcome.error) });
      };
      this.#pending.add(settle);
      call().then(settle, (bug: unknown) => {
        settle({ ok: false, error: this.#broken(bug) });
      });
    });
  }

  #try<T>(call: () => T): Outcome<T> {
    try {
      return success(call());
    } catch (bug) {
      return { ok: false, error: this.#broken(bug) };
    }
  }

  /** A bug in the driver: reported once; the driver is ended as far as it can be, and the run with it. */
  #broken(bug: unknown): WireError {
    if (this.#bug !== null) return this.#bug;
    const { mask } = this.#values;
    const { error } = failure(
      'internal',
      `The driver of ${this.#module.spec.title} failed: ${bug instanceof Error ? bug.message : String(bug)}.`,
      'This is a bug; the log has the details. The session can be opened again.',
    );
    const shown = mask.error(error);
    this.#bug = shown;
    this.#host.report(mask.bug(bug));
    if (this.#driver !== null) void this.#closeDriver(this.#driver);
    // While it opens, `open` itself answers with the error.
    if (this.#isOpen) this.#end(shown);
    return shown;
  }
}
