/** Opens a session again after its connection has ended: counts attempts, waits longer each time, and can be stopped. */
import { reconnectDelay, type ReconnectPlan } from '../shared/reconnect.ts';

export interface ReconnectStatus {
  /** The one that comes next, from 1. */
  readonly attempt: number;
  /** 0: there is none. */
  readonly limit: number;
  /** When it comes, ms since 1970. */
  readonly at: number;
}

export interface ReconnectHost {
  /** Makes an attempt. Its end is told by `connected` or `ended`. */
  open(): void;
  /** `status` has changed. */
  changed(): void;
}

export class Reconnect {
  readonly #host: ReconnectHost;
  #attempt = 0;
  #lostAt: number | null = null;
  #status: ReconnectStatus | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: ReconnectHost) {
    this.#host = host;
  }

  /** While it waits for the next attempt. */
  get status(): ReconnectStatus | null {
    return this.#status;
  }

  /** A person opens it: whatever was counted does not count any more. */
  restart(): void {
    this.#wait(null);
    this.#attempt = 0;
    this.#lostAt = null;
  }

  /** For how long it has not been open, in ms, and which attempt comes now; null when it was not open before. */
  get gap(): { readonly ms: number; readonly attempts: number } | null {
    return this.#lostAt === null ? null : { ms: performance.now() - this.#lostAt, attempts: this.#attempt };
  }

  /** It is open. @returns whether it was lost before */
  connected(): boolean {
    const wasLost = this.#lostAt !== null;
    this.#attempt = 0;
    this.#lostAt = null;
    return wasLost;
  }

  /**
   * It has ended, or an attempt has failed, and no person has asked for that.
   * @param wasOpen it was open until now
   * @returns false when nothing more is tried because there were enough attempts
   */
  ended(plan: ReconnectPlan, wasOpen: boolean): boolean {
    if (wasOpen) this.#lostAt = performance.now();
    if (this.#lostAt === null && !plan.fromTheStart) return true;
    if (plan.limit > 0 && this.#attempt >= plan.limit) return false;
    this.#attempt += 1;
    const delay = reconnectDelay(plan, this.#attempt);
    this.#wait({ attempt: this.#attempt, limit: plan.limit, at: Date.now() + delay }, delay);
    return true;
  }

  #wait(status: ReconnectStatus | null, delay = 0): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#status === null && status === null) return;
    this.#status = status;
    if (status !== null) {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#status = null;
        this.#host.open();
      }, delay);
    }
    this.#host.changed();
  }
}
