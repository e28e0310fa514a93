/**
 * Reads records of a recording from its segments, by their numbers. Knows what
 * is in the index; what a live session has in memory is its writer's business.
 * A record that cannot be read is answered with a gap row: numbers stay right.
 */
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { DISK_SCAN_BYTES } from '../../shared/limits.ts';
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import type { ScanInput } from '../recording.ts';
import type { BlockIndex, BlockRun } from './block-index.ts';
import type { DiskFiles } from './disk-files.ts';
import { blockSeed } from './format.ts';
import { damagedRow } from './gap-rows.ts';
import { readLargePart, type LargeRecord } from './large-record.ts';
import type { Hole } from './loaded-run.ts';
import { OpenFiles } from './open-files.ts';
import { previewSize, RowWriter } from './row-writer.ts';
import { RunCache, type CachedRun } from './run-cache.ts';
import { holeOf, stretchAt, writeHole, writeRecords, type Stretch } from './stretches.ts';

/** Runs that are read at once: enough to keep a disk busy, little enough for memory when each has a single row. */
const READS_AT_ONCE = 4;

export interface DiskReaderOptions {
  /** Folder of the recording. */
  readonly folder: string;
  readonly files: DiskFiles;
  /** May grow and lose segments while it is read. */
  readonly index: BlockIndex;
  /** Id of the recording, as in its segments. */
  readonly recording: string;
}

type PayloadPart = Outcome<{ readonly total: number; readonly bytes: Uint8Array }>;

export class DiskReader {
  readonly #index: BlockIndex;
  readonly #files: OpenFiles;
  readonly #cache: RunCache;
  readonly #seed: number;

  constructor(options: DiskReaderOptions) {
    this.#index = options.index;
    this.#files = new OpenFiles(options.folder, options.files);
    this.#seed = blockSeed(options.recording);
    this.#cache = new RunCache(this.#files, this.#seed);
  }

  /**
   * Rows `from` to `end - 1`, packed, payloads cut to `preview` bytes; all of them must be within
   * `index.firstKept` and `index.end`.
   */
  rows(from: number, end: number, preview: number): Promise<Uint8Array> {
    const stretches: Stretch[] = [];
    for (let seq = from; seq < end;) {
      const stretch = stretchAt(this.#index, seq, end);
      stretches.push(stretch);
      seq = stretch.end;
    }
    return this.#write(stretches, preview, end - from);
  }

  /** The rows with these ascending numbers; all of them must be within `index.firstKept` and `index.end`. */
  pick(seqs: readonly number[], preview: number): Promise<Uint8Array> {
    const stretches: Stretch[] = [];
    for (let at = 0; at < seqs.length;) {
      const seq = seqs[at] ?? 0;
      const stretch = stretchAt(this.#index, seq, this.#index.end);
      let next = at + 1;
      while ((seqs[next] ?? Infinity) < stretch.end) next += 1;
      stretches.push({ ...stretch, seqs: seqs.slice(at, next) });
      at = next;
    }
    return this.#write(stretches, preview, seqs.length);
  }

  /**
   * Part of the payload of a record within `index.firstKept` and `index.end`.
   * Error: `bad-recording` when it is damaged or cannot be read, with the errno where there is one.
   */
  async payload(seq: number, offset: number, length: number): Promise<PayloadPart> {
    const at = this.#index.runOf(seq);
    if (at < 0) return damaged(seq, 'its part of the recording is missing or damaged');
    const run = this.#index.get(at);
    const cached = await this.#cache.load(run);
    if (cached.type === 'large') return this.#largePayload(cached.large, offset, length);
    if (cached.type === 'damaged' && cached.error !== null) return unreadable(seq, cached.error);
    const start = cached.type === 'whole' ? cached.loaded.startOf(seq) : 0;
    if (cached.type === 'damaged' || start === 0) {
      return damaged(seq, `what is in ${this.#files.pathOf(run.segment)} is not what was written`);
    }
    const { bytes, view } = cached.loaded;
    const total = view.getUint32(start + 32, true);
    const payload = start + RECORD_HEADER_BYTES + view.getUint32(start + 28, true);
    const from = Math.min(offset, total);
    const part = bytes.subarray(payload + from, payload + Math.min(from + length, total));
    // A copy: the run stays in the cache, and `slice` of a Buffer would be a part of it.
    return success({ total, bytes: new Uint8Array(part) });
  }

  /** `seq` of the first record at or after `time` (ns since the session began); `index.end` when all are before it. */
  async seqAt(time: number): Promise<number> {
    const at = this.#index.runAt(time);
    if (at >= this.#index.length) return this.#index.end;
    const run = this.#index.get(at);
    if (run.firstTime >= time) return run.first;
    const cached = await this.#cache.load(run);
    // Somewhere in it, more is not known; or it has a single record.
    return cached.type === 'whole' ? cached.loaded.seqAt(time) : run.first;
  }

  /** Blocks to look through, from the one with `from`, or the next one behind it, on; null when there are none. */
  scan(from: number): ScanInput | null {
    const begin = this.#index.runFrom(from);
    if (begin >= this.#index.length) return null;
    const { segment, offset, first, bytes, count } = this.#index.get(begin);
    let length = bytes;
    let end = first + count;
    for (let next = begin + 1; next < this.#index.length; next += 1) {
      const run = this.#index.get(next);
      const follows = run.segment === segment && run.offset === offset + length && run.first === end;
      if (!follows || length + run.bytes > DISK_SCAN_BYTES) break;
      length += run.bytes;
      end += run.count;
    }
    return {
      type: 'blocks',
      path: this.#files.pathOf(segment),
      offset,
      length,
      first,
      count: end - first,
      seed: this.#seed,
    };
  }

  /** Closes a segment that is about to be deleted and lets go of what was read from it. */
  forgetSegment(segment: number): void {
    this.#files.forget(segment);
    this.#cache.forget(segment);
  }

  /** Frees everything, when what is being read has been read. */
  async close(): Promise<void> {
    this.#cache.clear();
    await this.#files.close();
  }

  async #write(stretches: readonly Stretch[], preview: number, count: number): Promise<Uint8Array> {
    const out = new RowWriter(count);
    for (let at = 0; at < stretches.length; at += READS_AT_ONCE) {
      const some = stretches.slice(at, at + READS_AT_ONCE);
      const loaded = await Promise.all(some.map(({ place }) => this.#load(place)));
      for (const [index, stretch] of some.entries()) {
        const found = loaded[index];
        if (found === undefined) continue;
        if (!('type' in found)) writeHole(stretch, found, out);
        else if (found.type === 'whole') writeRecords(stretch, found.loaded, preview, out);
        else if (found.type === 'large') await this.#writeLarge(found.large, preview, out);
        else writeHole(stretch, holeOf(found.run), out);
      }
    }
    return out.finish();
  }

  #load(place: Stretch['place']): Promise<CachedRun | Hole> {
    return place.type === 'run' ? this.#cache.load(place.run) : Promise.resolve(place.hole);
  }

  /** A large record's beginning is in memory; more of it is read when a longer preview is asked for. */
  async #writeLarge(large: LargeRecord, preview: number, out: RowWriter): Promise<void> {
    const needed = previewSize(large.view, 0, preview);
    if (needed <= large.head.length) {
      out.addRecord(large.head, large.view, 0, preview);
      return;
    }
    const part = await this.#readLarge(large.run, 0, needed);
    if (part.ok) out.addRecord(part.value, new DataView(part.value.buffer), 0, preview);
    else out.add(damagedRow(large.run.first, holeOf(large.run)));
  }

  async #largePayload({ run, view }: LargeRecord, offset: number, length: number): Promise<PayloadPart> {
    const total = view.getUint32(32, true);
    const payload = RECORD_HEADER_BYTES + view.getUint32(28, true);
    const from = Math.min(offset, total);
    const part = await this.#readLarge(run, payload + from, Math.min(length, total - from));
    return part.ok ? success({ total, bytes: part.value }) : unreadable(run.first, part.error);
  }

  async #readLarge(run: BlockRun, from: number, length: number): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
    try {
      return success(await this.#files.use(run.segment, (file) => readLargePart(file, run, from, length)));
    } catch (problem) {
      return { ok: false, error: wireErrorOf(problem, this.#files.pathOf(run.segment)) };
    }
  }
}

function damaged(seq: number, why: string): PayloadPart {
  return failure('bad-recording', `Record ${seq} is damaged: ${why}.`, 'The other records are not affected.');
}

function unreadable(seq: number, { message, hint, errno }: WireError): PayloadPart {
  return failure(
    'bad-recording',
    `Record ${seq} cannot be read. ${message}`,
    hint,
    errno === undefined ? {} : { errno },
  );
}
