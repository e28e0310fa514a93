/** What was opened with the application and waits for its window: it may not be there yet, or be loading again. */
import type { Handover } from '../shared/app-contract.ts';
import { HANDOVERS_KEPT } from '../shared/app-limits.ts';

export class HandoverQueue {
  /** Told when something has come. */
  readonly onWaiting = new Set<() => void>();
  readonly #taken: (handover: Handover) => void;
  #waiting: Handover[] = [];
  #dropped = 0;

  /** @param taken called for each when a window has taken it */
  constructor(taken: (handover: Handover) => void = () => undefined) {
    this.#taken = taken;
  }

  put(handovers: readonly Handover[]): void {
    if (handovers.length === 0) return;
    const room = HANDOVERS_KEPT - this.#waiting.length;
    this.#waiting.push(...handovers.slice(0, room));
    this.#dropped += Math.max(0, handovers.length - room);
    for (const tell of this.onWaiting) tell();
  }

  /** Everything that waits: each once. */
  take(): { handovers: Handover[]; dropped: number } {
    const taken = { handovers: this.#waiting, dropped: this.#dropped };
    this.#waiting = [];
    this.#dropped = 0;
    for (const handover of taken.handovers) this.#taken(handover);
    return taken;
  }
}
