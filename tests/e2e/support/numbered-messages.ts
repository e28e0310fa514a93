/** Messages with a number in each, sent by a process of its own, and what an export tells of them. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `numbered`: all of one length, each with its number. `bytes`: one byte each, and every thousandth says `marker` and its number. */
export type MessageText = 'numbered' | 'bytes';

export interface SenderOrder {
  /** Of the server on 127.0.0.1. */
  readonly port: number;
  readonly text: MessageText;
  /** Messages after which it ends. */
  readonly most: number;
  /** They get messages by turns: two messages of one connection may be read at once, of two never. */
  readonly connections: number;
  /** Messages a second at most, of all connections together. */
  readonly rate: number;
}

export interface SenderReport {
  readonly writes: number;
  readonly bytes: number;
  /** From the first message to the last. */
  readonly ms: number;
  /** It was told to stop, before it had sent all. */
  readonly wasStopped: boolean;
}

function isReport(value: unknown): value is SenderReport {
  return typeof value === 'object' && value !== null && 'writes' in value && 'bytes' in value;
}

/** Digits of a number in a message. */
const DIGITS = 7;

export function messageOf(text: string, number: number): string {
  if (text === 'numbered') return `message ${String(number).padStart(DIGITS, '0')};`;
  return number % 1000 === 0 ? `marker ${number}` : String.fromCharCode(97 + (number % 26));
}

export class Sender {
  /** Comes when it has sent all, or was told to stop. */
  readonly report: Promise<SenderReport>;
  isDone = false;
  readonly #child: ChildProcess;

  constructor(order: SenderOrder) {
    const { text, port, most, connections, rate } = order;
    const args = [text, ...[port, most, connections, rate].map(String)];
    this.#child = fork(join(import.meta.dirname, 'sender.ts'), args, { execArgv: [] });
    this.report = this.#read();
    // Who waits for it is told; a test that has failed before does not.
    this.report.catch(() => undefined);
  }

  async #read(): Promise<SenderReport> {
    const [report]: unknown[] = await Promise.race([once(this.#child, 'message'), once(this.#child, 'exit')]);
    this.isDone = true;
    if (!isReport(report)) throw new Error(`the sender ended with code ${String(report)}`);
    return report;
  }

  /** @returns what it has sent */
  stop(): Promise<SenderReport> {
    if (this.#child.connected) this.#child.send('stop');
    return this.report;
  }

  async dispose(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** What JSON Lines tell of a row; see docs/export.md. */
export interface ExportedRow {
  readonly seq: number;
  readonly peer: number;
  readonly direction: string;
  readonly kind: string;
  readonly length: number;
  readonly text?: string;
}

function isRow(value: unknown): value is ExportedRow {
  if (typeof value !== 'object' || value === null) return false;
  return 'seq' in value && 'peer' in value && 'kind' in value && 'length' in value;
}

/** The rows of an exported file, without its head. */
export async function* exportedRows(path: string): AsyncGenerator<ExportedRow> {
  let isHead = true;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const value: unknown = JSON.parse(line);
    if (!isHead && !isRow(value)) throw new Error(`not a row: ${line.slice(0, 200)}`);
    if (!isHead && isRow(value)) yield value;
    isHead = false;
  }
}

/**
 * Looks at each message as it comes out of an export: every number must come
 * once, and those of one connection in the order in which they were sent.
 */
export class NumberedCheck {
  /** The first faults, in words; empty when there are none. */
  readonly faults: string[] = [];
  /** Rows with messages in them, and those with more than one. */
  rows = 0;
  merged = 0;
  readonly #order: SenderOrder;
  readonly #seen: Uint8Array;
  /** Of each connection: the number before, and the beginning of a message whose end is in its next row. */
  readonly #before = new Map<number, number>();
  readonly #rests = new Map<number, string>();

  constructor(order: SenderOrder) {
    this.#order = order;
    this.#seen = new Uint8Array(order.most);
  }

  /** @returns the numbers of the messages that are in the row as a whole */
  take(row: ExportedRow): readonly number[] {
    this.rows += 1;
    const rest = this.#rests.get(row.peer) ?? '';
    const texts = (rest + (row.text ?? '')).split(/(?<=;)/);
    const last = texts.at(-1)?.endsWith(';') === false ? (texts.pop() ?? '') : '';
    this.#rests.set(row.peer, last);
    const numbers = texts.map((text) => this.#number(row, text));
    if (numbers.length > 1) this.merged += 1;
    return rest === '' ? numbers : numbers.slice(1);
  }

  /** What is missing, after the last row. */
  finish(): void {
    const missing = this.#seen.reduce((sum, times) => sum + (times === 0 ? 1 : 0), 0);
    if (missing > 0) this.#fault(`${missing} messages are missing, the first is number ${this.#seen.indexOf(0)}`);
    for (const [peer, rest] of this.#rests) if (rest !== '') this.#fault(`connection ${peer} ends with “${rest}”`);
    if (this.#before.size !== this.#order.connections) this.#fault(`there are ${this.#before.size} connections`);
  }

  #number(row: ExportedRow, text: string): number {
    const number = Number(/^message (\d{7});$/.exec(text)?.[1] ?? NaN);
    if (!(number < this.#order.most)) {
      this.#fault(`#${row.seq} holds “${text.slice(0, 100)}”`);
      return NaN;
    }
    const { connections } = this.#order;
    const wanted = (this.#before.get(row.peer) ?? (number % connections) - connections) + connections;
    if (number !== wanted) this.#fault(`#${row.seq} holds number ${number}, not ${wanted}`);
    if (this.#seen[number] === 1) this.#fault(`#${row.seq} holds number ${number} again`);
    this.#seen[number] = 1;
    this.#before.set(row.peer, number);
    return number;
  }

  #fault(text: string): void {
    if (this.faults.length < 20) this.faults.push(text);
  }
}
