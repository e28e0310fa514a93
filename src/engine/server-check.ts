/** One check of somebody's server while it runs: hears of each case, and tells the window in pieces. */
import type { CheckListener, CheckServer } from '../drivers/driver.ts';
import { CHECK_PROGRESS_MS, CHECK_RESULTS_PER_EVENT } from '../shared/check-limits.ts';
import type { CheckedCase, CheckProgress } from '../shared/checks.ts';
import type { SessionConfig } from '../shared/contract.ts';
import { maskCredentials } from '../shared/credentials.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import type { WindowLink } from '../shared/handlers.ts';
import { EVENT_BACKLOG_BYTES } from '../shared/limits.ts';
import type { SessionValues } from './environments/session-values.ts';

export interface ServerCheckSetup {
  readonly id: number;
  readonly link: WindowLink;
  readonly check: CheckServer;
  readonly config: SessionConfig;
  /** Resolves the configuration, and hides the secrets in whatever is found out. */
  readonly values: SessionValues;
  readonly report: (bug: unknown) => void;
}

type Ending = Pick<CheckProgress, 'state' | 'error'>;

const running: Ending = { state: 'running', error: null };

export class ServerCheck implements CheckListener {
  readonly #setup: ServerCheckSetup;
  readonly #stop = new AbortController();
  /** Ended, and not told yet. */
  #results: CheckedCase[] = [];
  #total = 0;
  #address = '';
  #about = '';
  #hasNews = false;
  /** Resolves when nothing is left of it, and the window has been told how it ended. */
  readonly ended: Promise<void>;

  constructor(setup: ServerCheckSetup) {
    this.#setup = setup;
    this.ended = this.#run();
  }

  get link(): WindowLink {
    return this.#setup.link;
  }

  /** Ends it early. */
  stop(): Promise<void> {
    this.#stop.abort();
    return this.ended;
  }

  began(total: number): void {
    this.#total = total;
    this.#hasNews = true;
  }

  about(text: string): void {
    this.#about = this.#setup.values.mask.text(text);
    this.#hasNews = true;
  }

  result(result: CheckedCase): void {
    const { mask } = this.#setup.values;
    this.#results.push({ ...result, why: mask.text(result.why), happened: mask.text(result.happened) });
    this.#hasNews = true;
  }

  async #run(): Promise<void> {
    const timer = setInterval(() => {
      // A window that does not read gets all of it later: nothing is left out.
      if (this.#hasNews && this.link.backlog <= EVENT_BACKLOG_BYTES) this.#tell(running);
    }, CHECK_PROGRESS_MS);
    const outcome = await this.#tryAll();
    clearInterval(timer);
    while (this.#results.length > CHECK_RESULTS_PER_EVENT) this.#tell(running);
    if (this.#stop.signal.aborted) this.#tell({ state: 'cancelled', error: null });
    else this.#tell(outcome.ok ? { state: 'done', error: null } : { state: 'failed', error: outcome.error });
  }

  async #tryAll(): Promise<Outcome> {
    const { check, config, values, report } = this.#setup;
    try {
      const resolved = values.needsConfig(config) ? await values.config(config) : success(config);
      if (!resolved.ok) return resolved;
      const { address, options } = resolved.value;
      this.#address = maskCredentials(values.mask.text(address.trim()));
      this.#hasNews = true;
      const outcome = await check(address.trim(), options, this, this.#stop.signal);
      return outcome.ok ? success() : { ok: false, error: values.mask.error(outcome.error) };
    } catch (bug) {
      report(values.mask.bug(bug));
      return failure('internal', 'The check failed inside the engine.', 'This is a bug; the log has the details.');
    }
  }

  #tell({ state, error }: Ending): void {
    const results = this.#results.splice(0, CHECK_RESULTS_PER_EVENT);
    this.#hasNews = this.#results.length > 0;
    const { id, link } = this.#setup;
    link.emit('check.progress', {
      check: id,
      state,
      total: this.#total,
      address: this.#address,
      about: this.#about,
      results,
      error,
    });
  }
}
