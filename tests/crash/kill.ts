/** Kills a process that writes a recording, at a random moment, and looks at what it has left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { examine, type Examined } from './examine.ts';

/** Blocks, segments and quota: as the product has them; small, so that much begins and ends; and with a quota that is reached. */
const sizes = [
  [256 * 1024, 256 * 1024 * 1024, 1024 ** 3],
  [16 * 1024, 256 * 1024, 1024 ** 3],
  [4 * 1024, 64 * 1024, 1024 * 1024],
  [64 * 1024, 1024 * 1024, 8 * 1024 * 1024],
] as const;

/** Longest time that the writer has, in ms. The least is none: it is killed before its first record, or in it. */
const MOST_MS = 250;

export interface Killed extends Examined {
  /** What the writer had said to be written. */
  readonly written: number;
}

/**
 * @param turn which sizes are used
 * @param share from 0 to 1: how much of MOST_MS the writer has
 */
export async function killOnce(turn: number, share: number): Promise<Killed> {
  const parent = await mkdtemp(join(tmpdir(), 'wirebench-crash-'));
  const folder = join(parent, 'recording');
  try {
    const written = await writeAndDie(folder, sizes[turn % sizes.length] ?? sizes[0], share * MOST_MS);
    const first = await examine(folder, written);
    // Opening may have repaired something: it must come to the same again.
    const second = await examine(folder, written);
    if (first === null) return { written, records: 0, deleted: 0, end: 0, problems: [] };
    const isSame = JSON.stringify(first) === JSON.stringify(second);
    return {
      written,
      ...first,
      problems: [...first.problems, ...(isSame ? [] : ['it opens otherwise the second time'])],
    };
  } finally {
    await rm(parent, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @returns before which number everything was written, as the writer said last */
async function writeAndDie(folder: string, numbers: readonly number[], ms: number): Promise<number> {
  const script = join(import.meta.dirname, 'writer.ts');
  const args = ['--experimental-strip-types', '--no-warnings', script, folder, ...numbers.map(String)];
  const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  writer.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
  const ended = once(writer, 'close');
  // Until it writes at all takes far longer than what is to be cut off.
  await Promise.race([once(writer.stdout, 'data'), ended]);
  await pause(ms);
  if (writer.exitCode !== null) throw new Error(`the writer ended by itself, with exit code ${writer.exitCode}`);
  writer.kill('SIGKILL');
  await ended;
  const [last = ''] = output.split('\n').slice(-2);
  return Number(/^written (\d+)$/.exec(last)?.[1] ?? 0);
}
