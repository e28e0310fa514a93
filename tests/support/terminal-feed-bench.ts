/** A feed of a terminal over an engine that exists only on paper: what it is asked, it answers when a test says so. */
import { TerminalFeed, type FeedOptions } from '../../src/renderer/state/terminal/terminal-feed.ts';
import type { Result } from '../../src/shared/contract.ts';
import { failure, success, type Outcome, type WireError } from '../../src/shared/errors.ts';
import type { TerminalChunk } from '../../src/shared/terminal-contract.ts';
import { FakeCalls } from './fake-calls.ts';
import { FakeScheduler, settled } from './fake-client.ts';

type OpenedTerminal = Result<'terminal.open'>;

const NS_PER_MS = 1e6;

/** Text that came in of connection 1. @param at ms since the session began */
export function chunkOf(text: string, at = 0, more: Partial<TerminalChunk> = {}): TerminalChunk {
  return {
    bytes: new TextEncoder().encode(text),
    peer: 1,
    direction: 'in',
    from: at * NS_PER_MS,
    to: at * NS_PER_MS,
    skipped: 0,
    hasGap: false,
    lost: 0,
    isEnd: false,
    ...more,
  };
}

export const endOfRecording = chunkOf('', 0, { peer: 0, direction: 'none', isEnd: true });

export class FeedBench {
  readonly calls = new FakeCalls();
  readonly scheduler = new FakeScheduler();
  readonly feed: TerminalFeed;
  /** What the screen has been given. */
  readonly written: string[] = [];
  /** What was told otherwise. */
  readonly told: string[] = [];
  error: WireError | null = null;
  /** The engine's answers to come, oldest first. */
  readonly chunks: TerminalChunk[] = [];
  /** False: the screen takes nothing until `taken` is called. */
  isQuick = true;
  /** How long it takes for each. */
  msToWrite = 0;
  /** ms, as the feed sees it. */
  now = 0;
  readonly running: Promise<void>;
  #waiting: ((outcome: Outcome<TerminalChunk>) => void) | null = null;
  #taken: (() => void) | null = null;
  #isClosed = false;

  constructor(options: Partial<FeedOptions> = {}, problem: Outcome<OpenedTerminal> | null = null) {
    this.calls.answer('terminal.open', () => problem ?? success({ terminal: 7, begins: 0, ends: 1e9 }));
    this.calls.answer('terminal.close', () => {
      this.#isClosed = true;
      this.#answer(success(endOfRecording));
      return success({});
    });
    this.calls.answer('terminal.read', () => {
      if (this.#isClosed) return failure('not-found', 'This terminal no longer exists.');
      const chunk = this.chunks.shift();
      if (chunk !== undefined) return success(chunk);
      return new Promise((resolve) => {
        this.#waiting = resolve;
      });
    });
    this.feed = new TerminalFeed({
      ...{ client: this.calls, session: 's', peer: null, from: 'tail', sent: false, speed: 'once' },
      scheduler: this.scheduler,
      now: () => this.now,
      sink: {
        write: (chunk) => this.#write(chunk),
        opened: (begins, ends) => this.told.push(`opened ${begins} ${ends}`),
        waits: (ms) => this.told.push(`waits ${ms}`),
        ended: () => this.told.push('ended'),
        failed: (error) => (this.error = error),
      },
      ...options,
    });
    this.running = this.feed.run();
  }

  /** How often the engine was asked for more. */
  get reads(): number {
    return this.calls.callsOf('terminal.read').length;
  }

  /** The engine has something. */
  async come(...chunks: readonly TerminalChunk[]): Promise<void> {
    this.chunks.push(...chunks);
    if (this.#waiting !== null) {
      const chunk = this.chunks.shift();
      if (chunk !== undefined) this.#answer(success(chunk));
    }
    await settled();
  }

  async fail(error: Outcome<TerminalChunk>): Promise<void> {
    this.#answer(error);
    await settled();
  }

  /** The screen has taken what it was given. */
  async taken(): Promise<void> {
    this.#taken?.();
    await settled();
  }

  /** Time passes. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    await this.scheduler.advance(ms);
  }

  #answer(outcome: Outcome<TerminalChunk>): void {
    const answer = this.#waiting;
    this.#waiting = null;
    answer?.(outcome);
  }

  #write(chunk: TerminalChunk): Promise<void> {
    this.written.push(new TextDecoder().decode(chunk.bytes));
    this.now += this.msToWrite;
    if (this.isQuick) return Promise.resolve();
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }
}
