/** Runs of blocks that were read and checked: the newest few MiB of them. Each is read once, however many ask for it. */
import { wireErrorOf } from '../../shared/system-error.ts';
import type { WireError } from '../../shared/errors.ts';
import { DISK_CACHE_BYTES, DISK_WHOLE_BYTES } from '../../shared/limits.ts';
import type { BlockRun } from './block-index.ts';
import { readLargeRecord, type LargeRecord } from './large-record.ts';
import { LoadedRun } from './loaded-run.ts';
import { readFully, type OpenFiles } from './open-files.ts';

/** What has become of a run. `error`: why it could not be read, null when its bytes are wrong. */
export type CachedRun =
  | { readonly type: 'whole'; readonly loaded: LoadedRun }
  | { readonly type: 'large'; readonly large: LargeRecord }
  | { readonly type: 'damaged'; readonly run: BlockRun; readonly error: WireError | null };

/** What a line of the cache takes beside its bytes, roughly. */
const LINE_BYTES = 256;

function sizeOf(cached: CachedRun): number {
  if (cached.type === 'whole') return LINE_BYTES + cached.loaded.size;
  return cached.type === 'large' ? LINE_BYTES + cached.large.size : LINE_BYTES;
}

export class RunCache {
  readonly #files: OpenFiles;
  readonly #seed: number;
  /** The one that was used longest ago comes first. */
  readonly #kept = new Map<string, CachedRun>();
  readonly #loading = new Map<string, Promise<CachedRun>>();
  #bytes = 0;

  /** @param seed `blockSeed` of the recording */
  constructor(files: OpenFiles, seed: number) {
    this.#files = files;
    this.#seed = seed;
  }

  /** A run, read now or before. Does not reject. */
  load(run: BlockRun): Promise<CachedRun> {
    // The last run of a recording may have grown since it was read.
    const key = `${run.segment}:${run.offset}:${run.bytes}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept);
    }
    const underWay = this.#loading.get(key);
    if (underWay !== undefined) return underWay;
    const loading = this.#read(run).then((cached) => {
      // Unless the segment was deleted, or everything closed, in the meantime.
      if (this.#loading.get(key) !== loading) return cached;
      this.#loading.delete(key);
      if (cached.type !== 'damaged' || cached.error === null) this.#keep(key, cached);
      return cached;
    });
    this.#loading.set(key, loading);
    return loading;
  }

  /** Lets go of what was read from a segment. */
  forget(segment: number): void {
    const isOfIt = (key: string): boolean => key.startsWith(`${segment}:`);
    for (const key of this.#loading.keys()) if (isOfIt(key)) this.#loading.delete(key);
    for (const [key, cached] of this.#kept) if (isOfIt(key)) this.#drop(key, cached);
  }

  clear(): void {
    this.#loading.clear();
    this.#kept.clear();
    this.#bytes = 0;
  }

  async #read(run: BlockRun): Promise<CachedRun> {
    try {
      return await this.#files.use(run.segment, async (file): Promise<CachedRun> => {
        if (run.bytes > DISK_WHOLE_BYTES) {
          const large = await readLargeRecord(file, run, this.#seed);
          return large === null ? { type: 'damaged', run, error: null } : { type: 'large', large };
        }
        // Not filled with zeros: what is not read over is cut off.
        const bytes = Buffer.allocUnsafeSlow(run.bytes);
        const done = await readFully(file, bytes, run.offset);
        return { type: 'whole', loaded: new LoadedRun(run, bytes.subarray(0, done), this.#seed) };
      });
    } catch (problem) {
      return { type: 'damaged', run, error: wireErrorOf(problem, this.#files.pathOf(run.segment)) };
    }
  }

  #keep(key: string, cached: CachedRun): void {
    this.#kept.set(key, cached);
    this.#bytes += sizeOf(cached);
    for (const [oldest, line] of this.#kept) {
      if (this.#bytes <= DISK_CACHE_BYTES || oldest === key) return;
      this.#drop(oldest, line);
    }
  }

  #drop(key: string, cached: CachedRun): void {
    this.#kept.delete(key);
    this.#bytes -= sizeOf(cached);
  }
}
