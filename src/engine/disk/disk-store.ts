/**
 * Everything of a live recording that is on disk: its segments, their index in
 * memory and in `index.wbx`, and how much of it may stay.
 */
import { join } from 'node:path';
import type { WireError } from '../../shared/errors.ts';
import { DISK_ALIGN_BYTES, DISK_ALIGN_FROM_BYTES } from '../../shared/disk-limits.ts';
import { DISK_SEGMENTS_PER_QUOTA, DISK_UNDELETED_MOST } from '../../shared/limits.ts';
import type { BlockBuffer } from './block-buffer.ts';
import type { BlockIndex } from './block-index.ts';
import { recordingError, removedError, unsafeError } from './disk-errors.ts';
import type { DiskFiles } from './disk-files.ts';
import type { DiskReader } from './disk-reader.ts';
import { BLOCK_END, BLOCK_HEADER_BYTES, INDEX_NAME, sealBlock, type SegmentInfo } from './format.ts';
import { IndexWriter } from './index-writer.ts';
import { SegmentFiles, type Before, type Segment } from './segment-files.ts';

/** The head of the index and the entries of the runs that a batch completes, which are written after it. */
const INDEX_RESERVE_BYTES = 1024;

export interface DiskStoreOptions {
  readonly folder: string;
  readonly files: DiskFiles;
  readonly index: BlockIndex;
  /** Reads what is written here; lets go of what is deleted. */
  readonly reader: Pick<DiskReader, 'forgetSegment' | 'close'>;
  readonly describe: (segment: number, before: Before) => SegmentInfo;
  /** `blockSeed` of the recording. */
  readonly seed: number;
  /** Bytes at which the next segment is begun, if the quota does not ask for less. */
  readonly segmentBytes: number;
  /** @see DiskSizes.unsyncedSegments */
  readonly unsyncedSegments: number;
  readonly blockBytes: number;
  /** Most bytes that all files may take; one segment always stays. */
  readonly quota: () => number;
  /** Least ms between two looks whether the folder was removed. */
  readonly linksMs: number;
  /** Something has failed that no write reports. */
  readonly failed: (error: WireError) => void;
  /** What was written could not be made durable. */
  readonly spoiled: (error: WireError) => void;
  /** Rows are gone. */
  readonly rowsGone: () => void;
  /** A segment was begun or dropped. */
  readonly onSegment: () => void;
}

export class DiskStore {
  readonly #options: DiskStoreOptions;
  readonly #segments: SegmentFiles;
  readonly #indexFile: IndexWriter;
  #payloadBytes = 0;
  #lastTime = 0;
  #goneRecords = 0;
  #goneBytes = 0;
  #hasBegun = false;
  #isEnded = false;
  /** Somebody else has removed some of what was written. */
  #wasRemoved = false;
  #nextLook = 0;
  /** Dropped, but the system has refused to delete their files; oldest first. */
  readonly #undeleted: Segment[] = [];
  #dropping = Promise.resolve(0);

  constructor(options: DiskStoreOptions) {
    const { folder, files, index, describe, blockBytes, unsyncedSegments } = options;
    this.#options = options;
    this.#indexFile = new IndexWriter(join(folder, INDEX_NAME), files, index);
    this.#segments = new SegmentFiles({
      folder,
      files,
      describe,
      headerAlign: blockBytes < DISK_ALIGN_FROM_BYTES ? 1 : DISK_ALIGN_BYTES,
      unsyncedSegments,
      syncFailed: (problem) => options.spoiled(unsafeError(problem, folder)),
    });
  }

  /** Whether there is a folder. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether the system has all records and the end of the recording. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Bytes of all files. */
  get bytes(): number {
    const undeleted = this.#undeleted.reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#segments.bytes + this.#indexFile.bytes + undeleted;
  }

  /** Records that were written and are gone. */
  get goneRecords(): number {
    return this.#goneRecords;
  }

  /** Payload bytes of the records that are gone. */
  get goneBytes(): number {
    return this.#goneBytes;
  }

  /** What came before the oldest record that is kept. */
  get before(): Before {
    return this.#segments.kept[0]?.before ?? this.#written;
  }

  errorOf(problem: unknown): WireError {
    return recordingError(problem, this.#options.folder);
  }

  /** Sees to a segment that takes a block of `bytes`, and to the quota. @returns most bytes that the segment should take now */
  async prepare(bytes: number): Promise<number> {
    await this.#lookForRemoval();
    const most = this.#segmentBytes;
    const full = this.#segments.current;
    if (full !== null && full.bytes > full.headerBytes && full.bytes + bytes > most) {
      // The next one makes the folder anew: nobody would notice any more that this one has gone.
      this.#nextLook = 0;
      await this.#lookForRemoval();
      await this.#segments.end();
      this.#indexFile.complete(0);
    }
    if (this.#segments.current === null) {
      this.#indexFile.describe(await this.#segments.begin(this.#written));
      this.#hasBegun = true;
      this.#options.onSegment();
    }
    const quota = this.#options.quota();
    while (this.bytes + INDEX_RESERVE_BYTES + bytes > quota) if ((await this.dropOldest()) === 0) break;
    const inSegment = most - (this.#segments.current?.bytes ?? 0);
    return Math.min(inSegment, quota - INDEX_RESERVE_BYTES - this.bytes);
  }

  /** @see SegmentFiles.write */
  write(buffers: readonly Uint8Array[], skip: number, toDevice: boolean): Promise<number> {
    return this.#segments.write(buffers, skip, toDevice);
  }

  /** Where in its segment the next block goes, as far as is known; null before there is one. */
  get position(): number | null {
    return this.#segments.current?.bytes ?? null;
  }

  /** The block that was just written: from now on it is read from the file. */
  written(block: BlockBuffer): void {
    const { first, count, firstTime, lastTime, payloadBytes, kinds, directions } = block;
    const bytes = block.used;
    const { segment, offset } = this.#segments.advance(bytes, count, payloadBytes);
    const isNewRun = this.#options.index.add({
      segment,
      offset,
      bytes,
      first,
      count,
      firstTime,
      lastTime,
      payloadBytes,
      kinds,
      directions,
    });
    this.#payloadBytes += payloadBytes;
    this.#lastTime = lastTime;
    if (!isNewRun) return;
    this.#indexFile.complete(1);
    void this.#indexFile.save();
  }

  /** Deletes the oldest segment. @returns bytes that became free; 0 when only the one that is written is left, or the system refuses */
  dropOldest(): Promise<number> {
    // The writer and the library may both want it: one after the other, each a segment of its own.
    this.#dropping = this.#dropping.then(() => this.#dropOldest());
    return this.#dropping;
  }

  /**
   * Makes everything durable and closes all files.
   * @param isWhole all records are written: the recording gets its end
   */
  async close(isWhole: boolean): Promise<void> {
    this.#indexFile.complete(0);
    try {
      // What was written to a file that is no longer there is not there either.
      this.#nextLook = 0;
      await this.#lookForRemoval();
      if (isWhole) this.#isEnded = await this.#writeEnd();
      await this.#segments.end();
    } catch (problem) {
      this.#options.failed(this.errorOf(problem));
      await this.#segments.abandon();
    }
    await this.#indexFile.close();
    await this.#segments.ended();
    await this.#options.reader.close();
  }

  /** What is on disk or was there. */
  get #written(): Before {
    const written = { records: this.#options.index.end, payloadBytes: this.#payloadBytes, time: this.#lastTime };
    return this.#wasRemoved ? { ...written, reason: 'removed' } : written;
  }

  /** So many that a quota takes away a part and not nearly everything. */
  get #segmentBytes(): number {
    const { segmentBytes, blockBytes, quota } = this.#options;
    return Math.min(segmentBytes, Math.max(blockBytes, Math.floor(quota() / DISK_SEGMENTS_PER_QUOTA)));
  }

  async #lookForRemoval(): Promise<void> {
    const now = performance.now();
    if (now < this.#nextLook) return;
    this.#nextLook = now + this.#options.linksMs;
    if (!(await this.#segments.isRemoved())) return;
    const removed = await this.#segments.takeRemoved();
    await this.#segments.abandon();
    this.#wasRemoved = true;
    let records = 0;
    for (const segment of removed) {
      this.#forget(segment);
      records += segment.records;
    }
    this.#indexFile.renew();
    this.#options.failed(removedError(this.#options.folder, records));
  }

  #forget({ number, records, payloadBytes }: Segment): void {
    this.#options.reader.forgetSegment(number);
    this.#options.index.dropSegment(number);
    this.#goneRecords += records;
    this.#goneBytes += payloadBytes;
    this.#options.rowsGone();
  }

  /** Never rejects. What the system refuses to delete is tried again each time, and does not keep the next one. */
  async #dropOldest(): Promise<number> {
    for (const segment of [...this.#undeleted]) if ((await this.#delete(segment)) === null) return segment.bytes;
    while (this.#undeleted.length < DISK_UNDELETED_MOST) {
      const segment = this.#segments.takeOldest();
      if (segment === null) return 0;
      this.#undeleted.push(segment);
      this.#forget(segment);
      const error = await this.#delete(segment);
      if (error === null) return segment.bytes;
      this.#options.failed(error);
    }
    return 0;
  }

  /** @returns why its file is still there, or null */
  async #delete(segment: Segment): Promise<WireError | null> {
    try {
      await this.#segments.remove(segment);
    } catch (problem) {
      return this.errorOf(problem);
    }
    this.#undeleted.splice(this.#undeleted.indexOf(segment), 1);
    this.#options.onSegment();
    return null;
  }

  /** @returns whether it is there */
  async #writeEnd(): Promise<boolean> {
    if (this.#segments.current === null) return false;
    const bytes = new Uint8Array(BLOCK_HEADER_BYTES);
    const time = this.#lastTime;
    const nothing = { length: 0, count: 0, payloadBytes: 0, kinds: 0, directions: 0, padding: 0 };
    const head = { ...nothing, type: BLOCK_END, first: this.#options.index.end, firstTime: time, lastTime: time };
    sealBlock(bytes, new DataView(bytes.buffer), 0, head, this.#options.seed);
    for (let done = 0; done < bytes.length;) {
      const written = await this.#segments.write([bytes.subarray(done)], done, false);
      if (written <= 0) return false;
      done += written;
    }
    this.#segments.advance(bytes.length, 0, 0);
    return true;
  }
}
