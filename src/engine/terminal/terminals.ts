/** The terminals of one window. They end with it, or with their session. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { TERMINALS_PER_WINDOW } from '../../shared/terminal-limits.ts';
import type { AnySession } from '../any-session.ts';
import { TerminalStream, type TerminalOptions } from './terminal-stream.ts';

export interface OpenedTerminal {
  readonly terminal: number;
  readonly begins: number;
  readonly ends: number;
}

export class Terminals {
  readonly #open = new Map<number, TerminalStream>();
  #last = 0;

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Error `busy`: there are as many as a window may have. */
  async open(session: AnySession, options: TerminalOptions): Promise<Outcome<OpenedTerminal>> {
    if (this.#open.size >= TERMINALS_PER_WINDOW) {
      return failure('busy', `This window has ${TERMINALS_PER_WINDOW} terminals open.`, 'Close some of its tabs.');
    }
    const stream = new TerminalStream(session, options);
    this.#last += 1;
    const terminal = this.#last;
    // Before it is ready, so that it ends with a window or session that goes meanwhile.
    this.#open.set(terminal, stream);
    const times = await stream.begin();
    if (!this.#open.has(terminal)) return gone();
    return success({ terminal, ...times });
  }

  /** Error: `not-found`. */
  get(terminal: number): Outcome<TerminalStream> {
    const stream = this.#open.get(terminal);
    return stream === undefined ? gone() : success(stream);
  }

  close(terminal: number): void {
    this.#open.get(terminal)?.close();
    this.#open.delete(terminal);
  }

  /** The session is gone. */
  forget(session: AnySession): void {
    for (const [terminal, stream] of this.#open) if (stream.session === session) this.close(terminal);
  }

  /** The window is gone. */
  closeAll(): void {
    for (const terminal of [...this.#open.keys()]) this.close(terminal);
  }
}

function gone(): ReturnType<typeof failure> {
  return failure('not-found', 'This terminal no longer exists.');
}
