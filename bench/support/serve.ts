/** The other end of worker.ts: what a process of the benchmark can be asked to do. */

import { pinMainThread } from './cores.ts';

export type Settings = Readonly<Record<string, string | number>>;
export type Figures = Readonly<Record<string, number>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly settings: Settings;
}

export interface Answer {
  readonly id: number;
  readonly figures: Figures;
  /** What was thrown, or null. */
  readonly problem: string | null;
}

function has<Key extends string>(message: unknown, ...keys: readonly Key[]): message is Record<Key, unknown> {
  return typeof message === 'object' && message !== null && keys.every((key) => Object.hasOwn(message, key));
}

/** Both ends are ours and of one version: only other traffic on the channel has to be told apart. */
function isCall(message: unknown): message is Call {
  return has(message, 'id', 'name', 'settings');
}

export function isAnswer(message: unknown): message is Answer {
  return has(message, 'id', 'figures', 'problem');
}

export type Calls = Readonly<Record<string, (settings: Settings) => Promise<Figures>>>;

/** Answers the calls of the process that started this one, until it ends it. */
export function serveCalls(calls: Calls): void {
  // Given by worker.ts.
  const ready = pinMainThread(process.argv[2] === 'sender' ? 'sender' : 'receiver');
  process.on('message', (message) => {
    if (isCall(message)) void ready.then(() => answer(calls, message));
  });
  // The benchmark was interrupted.
  process.once('disconnect', () => process.exit());
}

async function answer(calls: Calls, { id, name, settings }: Call): Promise<void> {
  try {
    const run = calls[name];
    if (run === undefined) throw new Error('there is no such call');
    process.send?.({ id, figures: await run(settings), problem: null } satisfies Answer);
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send?.({ id, figures: {}, problem } satisfies Answer);
  }
}

/** A setting that must be there. */
export function numberOf(settings: Settings, name: string): number {
  const value = settings[name];
  if (typeof value !== 'number') throw new Error(`${name} is not set`);
  return value;
}

export function textOf(settings: Settings, name: string): string {
  const value = settings[name];
  if (typeof value !== 'string') throw new Error(`${name} is not set`);
  return value;
}
