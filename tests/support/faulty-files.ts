/**
 * A disk that fails on purpose, at one operation or from it on, takes less than
 * it is given, or does not answer until it is told to. Nothing depends on time.
 * SQLite's way (sqlite.org/testing.html, "I/O error testing"): fail the first
 * operation, then the second, and so on until none is left to fail.
 */
import type { DiskFile, DiskFiles } from '../../src/engine/disk/disk-files.ts';
import { systemProblem } from './memory-files.ts';

/** Operations that change something. `open` is the opening of a file that is made when it is not there. */
export type Operation = 'mkdir' | 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove';

export interface Fault {
  /** Which operations are counted. */
  readonly on: Operation | 'any';
  /** The first one that fails, from 1. */
  readonly at: number;
  /** How many fail from there on. */
  readonly times: number;
  /** The errno; `short`: a write takes only half of its bytes, and reports that. */
  readonly how: string;
}

export class FaultyFiles implements DiskFiles {
  readonly #files: DiskFiles;
  #fault: Fault | null;
  #count = 0;
  #hits = 0;
  #held: (() => void)[] | null = null;

  constructor(files: DiskFiles, fault: Fault | null = null) {
    this.#files = files;
    this.#fault = fault;
  }

  /** How many operations have failed. */
  get hits(): number {
    return this.#hits;
  }

  /** Operations that wait to be let go. */
  get waiting(): number {
    return this.#held?.length ?? 0;
  }

  /** From now on fails like this; null: not at all. */
  set fault(fault: Fault | null) {
    this.#fault = fault;
    this.#count = 0;
  }

  /** From now on nothing that changes something is answered. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets everything go that waits, and what comes after it. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const go of held) go();
  }

  async mkdir(path: string): Promise<void> {
    await this.#step('mkdir');
    await this.#files.mkdir(path);
  }

  async open(path: string, mode: 'create' | 'read'): Promise<DiskFile> {
    if (mode === 'create') await this.#step('open');
    const file = await this.#files.open(path, mode);
    return {
      write: (buffers, position, toDevice) => this.#write(file, buffers, position, toDevice),
      read: (into, position) => file.read(into, position),
      sync: async () => {
        await this.#step('sync');
        await file.sync();
      },
      truncate: async (size) => {
        await this.#step('truncate');
        await file.truncate(size);
      },
      stat: () => file.stat(),
      close: () => file.close(),
    };
  }

  list(path: string): Promise<string[]> {
    return this.#files.list(path);
  }

  size(path: string): Promise<number> {
    return this.#files.size(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#step('rename');
    await this.#files.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    await this.#step('remove');
    await this.#files.remove(path);
  }

  async #write(
    file: DiskFile,
    buffers: readonly Uint8Array[],
    position: number,
    toDevice: boolean | undefined,
  ): Promise<number> {
    const isShort = await this.#step('write');
    if (!isShort) return file.write(buffers, position, toDevice);
    const bytes = Buffer.concat(buffers);
    return file.write([bytes.subarray(0, Math.ceil(bytes.length / 2))], position);
  }

  /** @returns whether the write is to be short */
  async #step(operation: Operation): Promise<boolean> {
    const held = this.#held;
    if (held !== null) await new Promise<void>((go) => held.push(go));
    const fault = this.#fault;
    if (fault === null || (fault.on !== 'any' && fault.on !== operation)) return false;
    this.#count += 1;
    if (this.#count < fault.at || this.#count >= fault.at + fault.times) return false;
    this.#hits += 1;
    if (fault.how !== 'short') throw systemProblem(fault.how, operation);
    return operation === 'write';
  }
}
