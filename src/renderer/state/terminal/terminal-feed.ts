/**
 * Brings the bytes of a session to a screen: asks for the next chunk only when the screen has taken the last one, so
 * that never more than one is under way. A recording is played at the pace at which it was made, or faster.
 */
import type { Client } from '../../../rpc/client.ts';
import type { WireError } from '../../../shared/errors.ts';
import type { TerminalChunk } from '../../../shared/terminal-contract.ts';
import { TERMINAL_CHUNK_BYTES, TERMINAL_FRAME_MS } from '../../../shared/terminal-limits.ts';
import type { TerminalSpeed } from '../../../shared/terminal-settings.ts';
import { browserScheduler, type Scheduler } from '../scheduler.ts';
import { PlayClock } from './play-clock.ts';

const NS_PER_MS = 1e6;
/** What is shown together when a recording is played, ms of the person's time: less than a frame. */
const SPAN_MS = 8;

export interface FeedSink {
  /** Resolves when the screen has taken it. */
  write(chunk: TerminalChunk): Promise<void>;
  /** The oldest and the newest record, ns since the session began. */
  opened(begins: number, ends: number): void;
  /** For so long nothing comes, ms of the person's time. */
  waits(ms: number): void;
  /** Nothing more comes. */
  ended(): void;
  failed(error: WireError): void;
}

export interface FeedOptions {
  readonly client: Client;
  readonly session: string;
  readonly peer: number | null;
  readonly from: 'tail' | 'begin';
  /** Also what had been sent before. */
  readonly sent: boolean;
  readonly speed: TerminalSpeed;
  readonly sink: FeedSink;
  readonly scheduler?: Scheduler;
  /** ms, for the pace. */
  readonly now?: () => number;
}

export class TerminalFeed {
  readonly #options: FeedOptions;
  readonly #scheduler: Scheduler;
  readonly #now: () => number;
  readonly #clock: PlayClock;
  #speed: TerminalSpeed;
  /** Time of what comes next. */
  #due: number | null = null;
  #terminal: number | null = null;
  #isStopped = false;
  #isHeld = false;
  /** On writing since the last breath, ms. */
  #spent = 0;
  /** Ends the wait that is under way. */
  #wake: (() => void) | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#speed = options.speed;
    this.#scheduler = options.scheduler ?? browserScheduler;
    this.#now = options.now ?? (() => performance.now());
    this.#clock = new PlayClock(this.#now, timesAsFast(options.speed));
  }

  /** Resolves when nothing more comes, or it was stopped. */
  async run(): Promise<void> {
    const { client, session, peer, from, sent, sink } = this.#options;
    const opened = await client.call('terminal.open', { session, peer, from, sent });
    if (!opened.ok) {
      if (!this.#isStopped) sink.failed(opened.error);
      return;
    }
    const { terminal, begins, ends } = opened.value;
    this.#terminal = terminal;
    if (this.#isStopped) {
      await client.call('terminal.close', { terminal });
      return;
    }
    sink.opened(begins, ends);
    await this.#pull(terminal);
    this.stop();
  }

  /** Nothing is asked for and nothing is shown until `release`: nobody looks. */
  hold(): void {
    this.#isHeld = true;
    this.#clock.pause();
    this.#wake?.();
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#clock.resume();
    this.#wake?.();
  }

  set speed(speed: TerminalSpeed) {
    this.#clock.speed = timesAsFast(speed);
    // Nobody knows where what is shown all at once is.
    if (this.#speed === 'once') this.#clock.forget();
    this.#speed = speed;
    this.#wake?.();
  }

  /** What comes next comes now. */
  skip(): void {
    if (this.#due !== null) this.#clock.jump(this.#due);
    this.#wake?.();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
    if (this.#terminal !== null) void this.#options.client.call('terminal.close', { terminal: this.#terminal });
    this.#terminal = null;
  }

  async #pull(terminal: number): Promise<void> {
    const { client, sink } = this.#options;
    while (await this.#mayGoOn()) {
      const read = await client.call('terminal.read', { terminal, bytes: TERMINAL_CHUNK_BYTES, span: this.#span });
      if (this.#isStopped) return;
      if (!read.ok) {
        sink.failed(read.error);
        return;
      }
      if (read.value.isEnd) {
        sink.ended();
        return;
      }
      await this.#untilDue(read.value.from);
      if (!(await this.#mayGoOn())) return;
      const begun = this.#now();
      await sink.write(read.value);
      await this.#breathe(this.#now() - begun);
    }
  }

  /** A flood gets a part of each frame, so that the window has the rest of it for everything else. @param ms that were spent */
  async #breathe(ms: number): Promise<void> {
    this.#spent += ms;
    if (this.#spent < TERMINAL_FRAME_MS) return;
    this.#spent = 0;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#scheduler.frame(resolve);
    });
    this.#wake = null;
  }

  /** How much of the recording is shown together, ns. */
  get #span(): number | null {
    return this.#speed === 'once' ? null : SPAN_MS * NS_PER_MS * timesAsFast(this.#speed);
  }

  /** Waits while it is held. @returns false: it was stopped */
  async #mayGoOn(): Promise<boolean> {
    while (this.#isHeld && !this.#isStopped) await this.#wait(null);
    return !this.#isStopped;
  }

  /** @param at time of what comes next, ns since the session began */
  async #untilDue(at: number): Promise<void> {
    this.#due = at;
    while ((await this.#mayGoOn()) && this.#speed !== 'once') {
      this.#clock.begin(at);
      const ms = this.#clock.until(at);
      if (ms <= 0) return;
      this.#options.sink.waits(ms);
      await this.#wait(ms);
    }
  }

  /** @param ms null: until it is woken */
  async #wait(ms: number | null): Promise<void> {
    let cancel = (): void => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== null) cancel = this.#scheduler.later(ms, resolve);
    });
    this.#wake = null;
    cancel();
  }
}

/** All at once has no speed; as a number it is that of the clock until another is chosen. */
function timesAsFast(speed: TerminalSpeed): number {
  return speed === 'once' ? 1 : Number(speed);
}
