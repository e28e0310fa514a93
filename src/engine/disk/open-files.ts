/** The segments of a recording, opened when they are read and kept open while they are read often. */
import { join } from 'node:path';
import { DISK_OPEN_FILES } from '../../shared/limits.ts';
import type { DiskFile, DiskFiles } from './disk-files.ts';
import { segmentName } from './format.ts';

interface OpenFile {
  readonly file: Promise<DiskFile>;
  users: number;
  /** Closes when the last user is done. */
  isDone: boolean;
}

export class OpenFiles {
  readonly #folder: string;
  readonly #files: DiskFiles;
  /** By segment; the one that was used longest ago comes first. */
  readonly #open = new Map<number, OpenFile>();
  /** What is under way: uses and closings. */
  #isClosed = false;
  readonly #busy = new Set<Promise<unknown>>();

  constructor(folder: string, files: DiskFiles) {
    this.#folder = folder;
    this.#files = files;
  }

  /** Path of a segment. */
  pathOf(segment: number): string {
    return join(this.#folder, segmentName(segment));
  }

  /** Does something with an open segment. Rejects as opening it does, or as the task. */
  use<T>(segment: number, task: (file: DiskFile) => Promise<T>): Promise<T> {
    const using = this.#use(segment, task);
    this.#track(using);
    return using;
  }

  /** Closes a segment that is about to be deleted. */
  forget(segment: number): void {
    const entry = this.#open.get(segment);
    if (entry !== undefined) this.#retire(segment, entry);
  }

  /** Closes all. What is being read is read to its end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [segment, entry] of this.#open) this.#retire(segment, entry);
    while (this.#busy.size > 0) await Promise.allSettled(this.#busy);
  }

  async #use<T>(segment: number, task: (file: DiskFile) => Promise<T>): Promise<T> {
    const entry = this.#open.get(segment) ?? {
      file: this.#files.open(this.pathOf(segment), 'read'),
      users: 0,
      // Whoever reads on after the end opens it for himself.
      isDone: this.#isClosed,
    };
    entry.users += 1;
    this.#open.delete(segment);
    if (!entry.isDone) this.#open.set(segment, entry);
    this.#closeOldest();
    try {
      return await task(await entry.file);
    } catch (problem) {
      // It may be there again next time, or be another file.
      this.#retire(segment, entry);
      throw problem;
    } finally {
      entry.users -= 1;
      this.#closeWhenDone(entry);
    }
  }

  #closeOldest(): void {
    for (const [segment, entry] of this.#open) {
      if (this.#open.size <= DISK_OPEN_FILES) return;
      if (entry.users === 0) this.#retire(segment, entry);
    }
  }

  #retire(segment: number, entry: OpenFile): void {
    if (this.#open.get(segment) === entry) this.#open.delete(segment);
    entry.isDone = true;
    this.#closeWhenDone(entry);
  }

  #closeWhenDone(entry: OpenFile): void {
    if (!entry.isDone || entry.users > 0) return;
    // It was only read: nothing can be lost when closing fails, and a file that never opened needs none.
    this.#track(entry.file.then((file) => file.close()));
  }

  #track(work: Promise<unknown>): void {
    const done = (): void => void this.#busy.delete(settled);
    const settled = work.then(done, done);
    this.#busy.add(settled);
  }
}

/** Reads until `into` is full or the file ends. @returns bytes read */
export async function readFully(file: DiskFile, into: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const count = await file.read(into.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
