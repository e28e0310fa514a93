/** Whether a page that has crashed is loaded again, or crashes so often that a person must be asked. Pure. */
import { CRASH_WINDOW_MS, CRASHES_IN_A_ROW, PAGE_SETTLED_MS } from '../shared/app-limits.ts';

export interface Crash {
  /** As Electron names it (`RenderProcessGoneDetails.reason`). */
  readonly reason: string;
  /** When, ms of any clock that goes on. */
  readonly at: number;
  /** When the page was last loaded, of the same clock; null: it had not come up. */
  readonly upSince: number | null;
}

export class CrashCount {
  #times: number[] = [];

  /** @returns `reload`, or `ask` after several in a short time */
  add({ reason, at, upSince }: Crash): 'reload' | 'ask' {
    // Somebody or something ended it from outside, after it had been well for a while: it will be so again.
    const isOutside = reason === 'killed' && upSince !== null && at - upSince >= PAGE_SETTLED_MS;
    if (isOutside) return 'reload';
    this.#times = [...this.#times.filter((time) => at - time < CRASH_WINDOW_MS), at];
    return this.#times.length >= CRASHES_IN_A_ROW ? 'ask' : 'reload';
  }

  /** A person wants it to be tried again. */
  forget(): void {
    this.#times = [];
  }
}
