/**
 * The segments of a recording that is written: begins the next one, writes
 * blocks at explicit places, ends it, and deletes the oldest. One caller at a
 * time writes; deleting may come in between.
 */
import { join } from 'node:path';
import type { DiskFile, DiskFiles } from './disk-files.ts';
import { encodeSegmentHeader, segmentName, type SegmentInfo } from './format.ts';
import { writeFully } from './write-fully.ts';

/** What comes before a segment (`SegmentInfo.before`). */
export type Before = SegmentInfo['before'];

export interface Segment {
  readonly number: number;
  readonly before: Before;
  readonly headerBytes: number;
  /** Bytes of its header and whole blocks: where the next block goes. */
  bytes: number;
  /** What its blocks hold. */
  records: number;
  payloadBytes: number;
}

export interface SegmentFilesOptions {
  readonly folder: string;
  readonly files: DiskFiles;
  readonly describe: (segment: number, before: Before) => SegmentInfo;
  /** The headers of all segments but the first are a multiple of so many bytes. */
  readonly headerAlign: number;
  /** Full segments that need not be durable yet. */
  readonly unsyncedSegments: number;
  /** A segment that is full could not be made durable. */
  readonly syncFailed: (problem: unknown) => void;
}

export class SegmentFiles {
  readonly #options: SegmentFilesOptions;
  /** Oldest first; the last one is written unless `#file` is null. */
  #kept: Segment[] = [];
  #file: DiskFile | null = null;
  #lastNumber = 0;
  /** A write has failed: part of a block may stand behind the last whole one. */
  #hasTail = false;
  /** Full segments that are not durable yet, oldest first. */
  readonly #full: { readonly segment: Segment; readonly file: DiskFile }[] = [];
  /** The oldest of them is made durable while another one is written. */
  #ending: Promise<void> = Promise.resolve();

  constructor(options: SegmentFilesOptions) {
    this.#options = options;
  }

  get kept(): readonly Segment[] {
    return this.#kept;
  }

  /** The segment that is written, or null: the next one has to be begun. */
  get current(): Segment | null {
    return this.#file === null ? null : (this.#kept.at(-1) ?? null);
  }

  get bytes(): number {
    let bytes = 0;
    for (const segment of this.#kept) bytes += segment.bytes;
    return bytes;
  }

  pathOf(segment: number): string {
    return join(this.#options.folder, segmentName(segment));
  }

  /** Makes the folder, the file and its header. Rejects with the system's error; then nothing has changed. */
  async begin(before: Before): Promise<SegmentInfo> {
    const { folder, files, describe, headerAlign } = this.#options;
    const number = this.#lastNumber + 1;
    const info = describe(number, before);
    // There is a second one when the recording is large: then blocks are to begin where the device wants them.
    const header = encodeSegmentHeader(info, number === 1 ? 1 : headerAlign);
    await files.mkdir(folder);
    const file = await files.open(this.pathOf(number), 'create');
    try {
      await writeFully(file, header, 0);
    } catch (problem) {
      await file.close().catch(() => undefined);
      throw problem;
    }
    this.#lastNumber = number;
    this.#file = file;
    this.#kept.push({ number, before, headerBytes: header.length, bytes: header.length, records: 0, payloadBytes: 0 });
    return info;
  }

  /**
   * Writes at the end of the current segment, `skip` bytes further on. They count when `advance` is called.
   * @param toDevice @see DiskFile.write
   * @returns bytes written, maybe fewer than given
   */
  async write(buffers: readonly Uint8Array[], skip: number, toDevice: boolean): Promise<number> {
    const { current } = this;
    if (this.#file === null || current === null) throw new Error('There is no segment to write to');
    try {
      return await this.#file.write(buffers, current.bytes + skip, toDevice);
    } catch (problem) {
      this.#hasTail = true;
      throw problem;
    }
  }

  /** A block is in the file as a whole. @returns its place */
  advance(bytes: number, records: number, payloadBytes: number): { readonly segment: number; readonly offset: number } {
    const { current } = this;
    if (current === null) throw new Error('There is no segment to write to');
    const offset = current.bytes;
    current.bytes += bytes;
    current.records += records;
    current.payloadBytes += payloadBytes;
    return { segment: current.number, offset };
  }

  /** Whether somebody has removed the file that is written. A file that cannot be asked is taken to be there. */
  async isRemoved(): Promise<boolean> {
    if (this.#file === null) return false;
    try {
      return (await this.#file.stat()).links === 0;
    } catch {
      return false;
    }
  }

  /**
   * Ends the current segment. It is made durable some segments later, or by `ended`: the system writes it back by
   * itself meanwhile, and to wait for that at once takes the disk from what is written next.
   * Rejects, and nothing has changed, when part of a block stands at its end and cannot be cut off.
   */
  async end(): Promise<void> {
    const { current } = this;
    const file = this.#file;
    if (file === null || current === null) return;
    if (this.#hasTail) await file.truncate(current.bytes);
    this.#hasTail = false;
    this.#file = null;
    this.#full.push({ segment: current, file });
    if (this.#full.length <= this.#options.unsyncedSegments) return;
    // One at a time: a disk that is slow at this holds up the end of the next segment.
    await this.#ending;
    this.#ending = this.#endOldest();
  }

  /** Makes everything durable that is not. */
  async ended(): Promise<void> {
    await this.#ending;
    while (this.#full.length > 0) await this.#endOldest();
  }

  /** Lets go of the current segment, which is of no use any more. */
  async abandon(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#hasTail = false;
    await file?.close().catch(() => undefined);
  }

  /** The oldest segment, taken out of the list; null when only the current one is left. Its file is still there. */
  takeOldest(): Segment | null {
    if (this.#kept.length < 2) return null;
    return this.#kept.shift() ?? null;
  }

  /** Takes the last segment out of the list, which is known to be removed, and those whose files are not there either. */
  async takeRemoved(): Promise<Segment[]> {
    const removed: Segment[] = [];
    const last = this.#kept.at(-1);
    for (const segment of [...this.#kept]) {
      if (segment === last || (await this.#isMissing(segment))) removed.push(segment);
    }
    // Some may have been deleted by quota meanwhile, and are accounted for.
    const gone = this.#kept.filter((segment) => removed.includes(segment));
    this.#kept = this.#kept.filter((segment) => !removed.includes(segment));
    for (const segment of gone) await this.#letGo(segment);
    return gone;
  }

  async remove(segment: Segment): Promise<void> {
    await this.#letGo(segment);
    await this.#options.files.remove(this.pathOf(segment.number));
  }

  async #isMissing(segment: Segment): Promise<boolean> {
    try {
      await this.#options.files.size(this.pathOf(segment.number));
      return false;
    } catch (problem) {
      return problem instanceof Error && 'code' in problem && problem.code === 'ENOENT';
    }
  }

  /** After a failure it is not tried again: the system would report success for what it has thrown away. */
  async #endOldest(): Promise<void> {
    const oldest = this.#full.shift();
    if (oldest === undefined) return;
    try {
      await oldest.file.sync();
    } catch (problem) {
      this.#options.syncFailed(problem);
    }
    await oldest.file.close().catch(() => undefined);
  }

  /** Nobody wants a segment to be durable that is deleted. */
  async #letGo(segment: Segment): Promise<void> {
    const at = this.#full.findIndex((one) => one.segment === segment);
    const [found] = at === -1 ? [] : this.#full.splice(at, 1);
    await found?.file.close().catch(() => undefined);
  }
}
