/** A DNS lookup as a driver: it opens with the first answer, and has closed by itself when all is settled. */
import { setMaxListeners } from 'node:events';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import type { DnsOptions } from './question.ts';
import type { Round } from './round.ts';
import { dnsSpec } from './spec.ts';
import type { SystemResolver } from './system.ts';

export const dnsLookup = defineDriver(dnsSpec, (context, options) => new DnsClient(context, options));

export class DnsClient implements Driver {
  readonly #context: DriverContext;
  readonly #options: DnsOptions;
  readonly #resolver: SystemResolver | null;
  readonly #stop = new AbortController();
  #opening: Promise<Outcome> | null = null;
  #round: Round | null = null;
  /** Resolves when the round has ended, whatever it was. */
  #working: Promise<void> = Promise.resolve();
  #isOpen = false;

  /** @param resolver null: the system's */
  constructor(context: DriverContext, options: DnsOptions, resolver: SystemResolver | null = null) {
    this.#context = context;
    this.#options = options;
    this.#resolver = resolver;
    // Each question that waits listens: Node would warn of a leak.
    setMaxListeners(0, this.#stop.signal);
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.#opening = this.#open(signal);
    return this.#opening;
  }

  /** `not-supported` */
  send(): Promise<Outcome> {
    return Promise.resolve(
      failure(
        'not-supported',
        'A DNS lookup sends nothing by hand.',
        'Change what is asked for, and look it up again.',
      ),
    );
  }

  /** `not-supported`: there are no actions. */
  act(action: string): Promise<Outcome> {
    const hint = 'Looking up and cancelling is all that there is.';
    return Promise.resolve(failure('not-supported', `${dnsSpec.title} has no action "${action}".`, hint));
  }

  /** Nothing to stop: an answer is one message, and each question takes a bounded number of them. */
  pauseReading(): void {
    return;
  }

  resumeReading(): void {
    return;
  }

  facts(peer: PeerId | null): Facts {
    return this.#round?.facts(peer) ?? {};
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#opening;
    await this.#working;
  }

  async #open(signal: AbortSignal): Promise<Outcome> {
    const giveUp = (): void => {
      this.#stop.abort();
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const outcome = await this.#begin();
    signal.removeEventListener('abort', giveUp);
    return outcome;
  }

  async #begin(): Promise<Outcome> {
    // Loaded with the first lookup, so that the start of the application does not wait for it.
    const [{ planOf }, { Round }, { nodeResolver }] = await Promise.all([
      import('./plan.ts'),
      import('./round.ts'),
      import('./system.ts'),
    ]);
    const stop = this.#stop.signal;
    const resolver = this.#resolver ?? nodeResolver;
    const planned = planOf(this.#context.address, this.#options, resolver.servers());
    if (!planned.ok) return planned;
    if (stop.aborted) return this.#cancelled();
    return new Promise((resolve) => {
      const answered = (): void => {
        this.#isOpen = true;
        resolve(success());
      };
      const round = new Round({
        ...{ context: this.#context, plan: planned.value, options: this.#options, resolver, stop, answered },
      });
      this.#round = round;
      this.#working = round.run().then(
        (error) => {
          if (this.#isOpen) this.#context.closed(null);
          else resolve(error === null ? this.#cancelled() : this.#failed(error));
        },
        (bug: unknown) => {
          const broken = internal(bug);
          if (this.#isOpen) this.#context.closed(broken);
          else resolve({ ok: false, error: broken });
        },
      );
    });
  }

  #cancelled(): Outcome {
    return failure('cancelled', `Looking up ${this.#context.address} was cancelled.`);
  }

  #failed(error: WireError): Outcome {
    this.#context.record('error', 'none', 0, null, { code: error.errno ?? error.code, message: sentence(error) });
    return { ok: false, error };
  }
}

function internal(bug: unknown): WireError {
  const what = bug instanceof Error ? bug.message : String(bug);
  return failure('internal', `The lookup failed: ${what}.`, 'This is a bug. The session can be opened again.').error;
}
