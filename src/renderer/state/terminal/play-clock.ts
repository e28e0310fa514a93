/** The time of a recording that is played: it runs as fast as was chosen, stands still, and can be put forward. */

const NS_PER_MS = 1e6;

export class PlayClock {
  readonly #now: () => number;
  #speed: number;
  /** Where the recording was, ns, at `#since`; null: it has not begun. */
  #at: number | null = null;
  /** When that was, ms; null: it stands still. */
  #since: number | null = null;
  #isPaused = false;

  /** @param now ms of the person's time */
  constructor(now: () => number, speed: number) {
    this.#now = now;
    this.#speed = speed;
  }

  /** What there is first begins now. Does nothing when it has begun. */
  begin(at: number): void {
    if (this.#at === null) this.jump(at);
  }

  /** It is this late now, ns since the session began. */
  jump(at: number): void {
    this.#at = at;
    this.#since = this.#isPaused ? null : this.#now();
  }

  /** Nothing is known of where it is: what comes next begins. */
  forget(): void {
    this.#at = null;
  }

  /** ms of the person's time until the recording is so late; 0 or less: it is. */
  until(at: number): number {
    return (at - this.#position) / NS_PER_MS / this.#speed;
  }

  pause(): void {
    this.#settle();
    this.#isPaused = true;
    this.#since = null;
  }

  resume(): void {
    this.#isPaused = false;
    this.#since = this.#now();
  }

  set speed(speed: number) {
    this.#settle();
    this.#speed = speed;
  }

  get #position(): number {
    const passed = this.#since === null ? 0 : this.#now() - this.#since;
    return (this.#at ?? 0) + passed * NS_PER_MS * this.#speed;
  }

  #settle(): void {
    if (this.#at !== null) this.jump(this.#position);
  }
}
