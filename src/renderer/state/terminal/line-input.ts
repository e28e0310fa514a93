/**
 * Typing by line: what is typed is edited here and sent as a whole. The terminal's keys come in as the bytes that
 * xterm.js makes of them, what has to be drawn goes out as text for the terminal.
 *
 *   Enter sends · Backspace, Delete, Ctrl+W, U, K delete · arrows, Home, End, Ctrl+A, E, B, F, Alt+B, F move ·
 *   up, down, Ctrl+P, N bring lines back · Ctrl+C throws the line away and sends itself · Ctrl+D sends itself when the
 *   line is empty, else deletes · Tab and what is pasted are text
 */
import { TYPED_LINE_CHARACTERS, TYPED_LINES_KEPT } from '../../../shared/terminal-input-limits.ts';
import { begun, cursorMove, drawn, erased, type Place } from './line-draw.ts';
import { keysOf, type LineKey } from './line-keys.ts';

export interface LineSettings {
  /** What Enter puts behind the line. */
  readonly ending: () => string;
  /** Whether the line is shown while it is typed. */
  readonly echo: () => boolean;
  /** Where the terminal's cursor is now; asked when a line begins, and when it is drawn anew. */
  readonly place: () => Place;
}

export interface TypedLine {
  /** To be sent; empty when there is nothing yet. */
  readonly send: string;
  /** To be written into the terminal; empty when nothing is shown. */
  readonly echo: string;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function lastOf(text: string): string {
  return Array.from(segmenter.segment(text)).at(-1)?.segment ?? '';
}

function firstOf(text: string): string {
  for (const { segment } of segmenter.segment(text)) return segment;
  return '';
}

/** The last word and the blanks behind it. */
function lastWordOf(text: string): string {
  return /\S*\s*$/u.exec(text)?.[0] ?? '';
}

function firstWordOf(text: string): string {
  return /^\s*\S*/u.exec(text)?.[0] ?? '';
}

export class LineInput {
  readonly #settings: LineSettings;
  readonly #lines: string[] = [];
  /** Which of `#lines` is shown; null: none, what is typed is new. */
  #recalled: number | null = null;
  /** What was typed before a line was brought back. */
  #draft = '';
  #before = '';
  #after = '';
  /** Where the line begins on the screen; null while nothing of it is there. */
  #origin: Place | null = null;
  /** What stands before the cursor on the screen, and behind it. */
  #drawnBefore = '';
  #drawnAfter = '';
  #isSuspended = false;

  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  /** What is typed and not sent. */
  get text(): string {
    return this.#before + this.#after;
  }

  type(data: string): TypedLine {
    let send = '';
    let echo = '';
    for (const key of keysOf(data)) {
      const done = this.#press(key);
      if (done === null) continue;
      // Whatever comes next begins in a row of its own.
      const columns = this.#origin?.columns ?? this.#settings.place().columns;
      echo += this.#redrawn() + this.#left(done.mark);
      send += done.send;
      this.#clear();
      if (this.#isEchoing) this.#origin = { column: 0, columns };
    }
    echo += this.#redrawn();
    // Where the next line begins is looked up when it does: the peer may write before.
    if (this.text === '') this.#origin = null;
    return { send, echo };
  }

  /** Takes the line off the screen, so that something else can be written. @returns text for the terminal */
  suspend(): string {
    this.#isSuspended = true;
    const { text } = this;
    const echo = this.#origin === null || text === '' ? '' : erased(this.#origin, this.#drawnBefore);
    this.#undrawn();
    return echo;
  }

  /** Shows it again, where the cursor is now. @returns text for the terminal */
  resume(): string {
    this.#isSuspended = false;
    return this.#redrawn();
  }

  /** Forgets what is typed, as when the connection ends. @returns text for the terminal */
  discard(): string {
    const echo = this.suspend();
    this.#isSuspended = false;
    this.#clear();
    return echo;
  }

  get #isEchoing(): boolean {
    return this.#settings.echo() && !this.#isSuspended;
  }

  /** @returns what to send when the line is done, and what to show behind it; null while it goes on */
  #press(key: LineKey): { readonly send: string; readonly mark: string } | null {
    switch (key.type) {
      case 'text':
        this.#before += key.text.slice(0, Math.max(0, TYPED_LINE_CHARACTERS - this.text.length));
        return null;
      case 'enter':
        this.#remember();
        return { send: this.text + this.#settings.ending(), mark: '' };
      case 'interrupt':
        return { send: '\x03', mark: '^C' };
      case 'end-of-file':
        if (this.text === '') return { send: '\x04', mark: '^D' };
        this.#after = this.#after.slice(firstOf(this.#after).length);
        return null;
      case 'delete-left':
        this.#before = this.#before.slice(0, this.#before.length - lastOf(this.#before).length);
        return null;
      case 'delete-right':
        this.#after = this.#after.slice(firstOf(this.#after).length);
        return null;
      case 'delete-word':
        this.#before = this.#before.slice(0, this.#before.length - lastWordOf(this.#before).length);
        return null;
      case 'delete-to-start':
        this.#before = '';
        return null;
      case 'delete-to-end':
        this.#after = '';
        return null;
      case 'up':
      case 'down':
        this.#recall(key.type === 'up' ? -1 : 1);
        return null;
      default:
        this.#moveTo(this.#target(key.type));
        return null;
    }
  }

  /** Length of what shall be before the cursor. */
  #target(key: 'left' | 'right' | 'word-left' | 'word-right' | 'start' | 'end'): number {
    switch (key) {
      case 'left':
        return this.#before.length - lastOf(this.#before).length;
      case 'right':
        return this.#before.length + firstOf(this.#after).length;
      case 'word-left':
        return this.#before.length - lastWordOf(this.#before).length;
      case 'word-right':
        return this.#before.length + firstWordOf(this.#after).length;
      case 'start':
        return 0;
      case 'end':
        return this.text.length;
    }
  }

  #moveTo(at: number): void {
    const { text } = this;
    this.#before = text.slice(0, at);
    this.#after = text.slice(at);
  }

  #recall(step: -1 | 1): void {
    const from = this.#recalled ?? this.#lines.length;
    const to = from + step;
    if (to < 0 || to > this.#lines.length) return;
    if (this.#recalled === null) this.#draft = this.text;
    this.#recalled = to === this.#lines.length ? null : to;
    this.#before = this.#lines[to] ?? this.#draft;
    this.#after = '';
  }

  #remember(): void {
    const { text } = this;
    if (text === '' || text === this.#lines.at(-1)) return;
    this.#lines.push(text);
    if (this.#lines.length > TYPED_LINES_KEPT) this.#lines.shift();
  }

  #clear(): void {
    this.#before = '';
    this.#after = '';
    this.#recalled = null;
    this.#draft = '';
    this.#undrawn();
  }

  #undrawn(): void {
    this.#drawnBefore = '';
    this.#drawnAfter = '';
    this.#origin = null;
  }

  /** What brings the screen up with the line. */
  #redrawn(): string {
    if (!this.#isEchoing) return '';
    const [before, after] = [this.#before, this.#after];
    if (before === this.#drawnBefore && after === this.#drawnAfter) return '';
    const start = this.#origin === null ? begun(this.#settings.place()) : { echo: '', origin: this.#origin };
    this.#origin = start.origin;
    const wasText = this.#drawnBefore + this.#drawnAfter;
    const echo =
      wasText === before + after
        ? cursorMove(this.#origin, this.#drawnBefore, before)
        : drawn(this.#origin, { before: this.#drawnBefore, after: this.#drawnAfter }, { before, after });
    this.#drawnBefore = before;
    this.#drawnAfter = after;
    return start.echo + echo;
  }

  /** Ends the row of the line, which stays on the screen. */
  #left(mark: string): string {
    if (!this.#isEchoing) return '';
    const end = this.#origin === null ? '' : cursorMove(this.#origin, this.#drawnBefore, this.text);
    return `${end}${mark}\r\n`;
  }
}
