/** The checks of servers that one engine runs: begun by a window, ended with it or with the engine. */
import type { DriverModule } from '../drivers/driver.ts';
import { CHECKS_AT_ONCE } from '../shared/check-limits.ts';
import type { SessionConfig } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import type { WindowLink } from '../shared/handlers.ts';
import type { SessionValues } from './environments/session-values.ts';
import { ServerCheck } from './server-check.ts';

export interface ServerChecksOptions {
  readonly drivers: readonly DriverModule[];
  /** For one check, as for one session. */
  readonly values: () => SessionValues;
  readonly report: (bug: unknown) => void;
}

export class ServerChecks {
  readonly #options: ServerChecksOptions;
  readonly #running = new Map<number, ServerCheck>();
  #last = 0;
  #isDisposed = false;

  constructor(options: ServerChecksOptions) {
    this.#options = options;
  }

  /** Begins. What is wrong with the address or the server comes as an event. Errors: `busy`, `not-found`, `not-open`, `not-supported`. */
  start(link: WindowLink, config: SessionConfig): Outcome<{ readonly check: number }> {
    const { drivers, values, report } = this.#options;
    const module = drivers.find(({ spec }) => spec.id === config.protocol);
    if (module === undefined) {
      return failure('not-found', `There is no protocol "${config.protocol}".`, '', { field: 'protocol' });
    }
    const { check, spec } = module;
    if (check === undefined) return failure('not-supported', `No server of a ${spec.title} can be checked.`);
    if (this.#isDisposed) return failure('not-open', 'Wirebench is closing.');
    if (this.#running.size >= CHECKS_AT_ONCE) {
      return failure('busy', `${CHECKS_AT_ONCE} checks are running.`, 'Wait for one of them, or cancel it.');
    }
    this.#last += 1;
    const id = this.#last;
    const running = new ServerCheck({ id, link, check, config, values: values(), report });
    this.#running.set(id, running);
    void running.ended.then(() => this.#running.delete(id));
    return success({ check: id });
  }

  /** Resolves when no connection of it is left. Error `not-found` when this window has no such check. */
  async cancel(link: WindowLink, id: number): Promise<Outcome> {
    const running = this.#running.get(id);
    if (running?.link !== link) return failure('not-found', 'This check has ended.');
    await running.stop();
    return success();
  }

  /** The window has gone. */
  forgetLink(link: WindowLink): void {
    for (const running of this.#running.values()) if (running.link === link) void running.stop();
  }

  /** Ends all. Resolves when no connection is left. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
  }
}
