/**
 * Says that a recording is being written, and by which process, so that
 * another one neither deletes nor cuts it. A lock whose process has ended is
 * stale: its recording was interrupted.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { DiskFiles } from '../disk/disk-files.ts';
import { LOCK_NAME } from '../disk/format.ts';
import { errnoOf } from '../file-errors.ts';
import { readSmallFile, replaceSmallFile } from './small-file.ts';

/** Clocks are set; a lock must be older than the machine's start by this much to be taken for one from before it. */
const CLOCK_MARGIN_MS = 60_000;

const lockSchema = z.object({
  pid: z.number().int().min(1),
  /** What tells the process from a later one with the same number; empty where the system does not say. */
  started: z.string().max(200),
  /** Which engine of the process. */
  writer: z.string().max(80),
  /** ms since 1970 */
  at: z.number(),
});

/** Engines of this process that write recordings. */
const writers = new Set<string>();

/** The locks of one engine. */
export class Locks {
  readonly #files: DiskFiles;
  readonly #writer = randomUUID();

  constructor(files: DiskFiles) {
    this.#files = files;
    writers.add(this.#writer);
  }

  /** Rejects as the file system does. */
  async write(folder: string): Promise<void> {
    const lock = { pid: process.pid, started: await processMark(process.pid), writer: this.#writer, at: Date.now() };
    await replaceSmallFile(this.#files, join(folder, LOCK_NAME), JSON.stringify(lock), false);
  }

  /** Whether an engine that runs, this one or another, has the folder locked. Rejects as the file system does. */
  async isHeld(folder: string): Promise<boolean> {
    const text = await readSmallFile(this.#files, join(folder, LOCK_NAME));
    const lock = text === null ? null : parseLock(text);
    return lock !== null && (await isAlive(lock));
  }

  /** Rejects as the file system does. */
  remove(folder: string): Promise<void> {
    return this.#files.remove(join(folder, LOCK_NAME));
  }

  /** From now on what this engine has locked is taken for interrupted. */
  dispose(): void {
    writers.delete(this.#writer);
  }
}

function parseLock(text: string): z.infer<typeof lockSchema> | null {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function isAlive({ pid, started, writer, at }: z.infer<typeof lockSchema>): Promise<boolean> {
  // The mark of a process knows the start of the machine; without one the clock has to do, which can be set.
  if (started === '' && at < Date.now() - uptime() * 1000 - CLOCK_MARGIN_MS) return false;
  try {
    process.kill(pid, 0);
  } catch (problem) {
    // EPERM: it is there, and somebody else's (kill(2)).
    if (errnoOf(problem) !== 'EPERM') return false;
  }
  const mark = await processMark(pid);
  if (mark !== '' && started !== '' && mark !== started) return false;
  return pid !== process.pid || writers.has(writer);
}

/**
 * Tells a process from others that have had the same number: when it was started, in ticks since the machine was
 * (proc(5), `/proc/pid/stat`, field 22), and which start of the machine that was. Empty where there is no /proc.
 */
async function processMark(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name of the program, in brackets, may hold anything.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${boot.trim()}/${ticks}`;
  } catch {
    return '';
  }
}
