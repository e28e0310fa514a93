/**
 * The engine, loaded when the window is on its way: its code is nearly all of
 * this process's, and while that is read the thread can do nothing for the page.
 */
import type { Port } from '../rpc/port.ts';

export interface HostedEngine {
  /** How many sessions are open, or on their way to or from it, at the moment. */
  readonly liveSessions: number;
  /** Answers a window's calls until its port closes. */
  serve(port: Port): void;
  /** Ends all sessions and waits for what is being saved. */
  dispose(): Promise<void>;
}

export class LateEngine implements HostedEngine {
  /** Settles when the engine has started. Rejects when it cannot. */
  readonly started: Promise<void>;
  readonly #start: () => Promise<HostedEngine>;
  /** Tells `started` how it went. */
  #settle: (starting: Promise<void>) => void = () => undefined;
  #starting: Promise<HostedEngine> | null = null;
  #engine: HostedEngine | null = null;
  /** Ports that have come before it; the calls wait in them. */
  #waiting: Port[] = [];
  #isDisposed = false;

  constructor(start: () => Promise<HostedEngine>) {
    this.#start = start;
    this.started = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get liveSessions(): number {
    return this.#engine?.liveSessions ?? 0;
  }

  /** Starts it, unless that was done before. */
  load(): void {
    if (this.#starting !== null || this.#isDisposed) return;
    this.#starting = this.#start();
    this.#settle(this.#take(this.#starting));
  }

  /** Also starts it. */
  serve(port: Port): void {
    if (this.#engine !== null) {
      this.#engine.serve(port);
      return;
    }
    this.#waiting.push(port);
    this.load();
  }

  /** One that is only just starting is waited for: it may have files open. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const engine = await this.#starting;
    await engine?.dispose();
  }

  async #take(starting: Promise<HostedEngine>): Promise<void> {
    const engine = await starting;
    this.#engine = engine;
    for (const port of this.#waiting.splice(0)) engine.serve(port);
  }
}
