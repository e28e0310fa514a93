/**
 * Makes the index of a recording that is opened: from what `index.wbx` says, as
 * far as it agrees with the segments, and for the rest from the segments.
 */
import { DISK_HEADER_BYTES, DISK_INDEX_BYTES } from '../../shared/limits.ts';
import { BlockIndex } from './block-index.ts';
import { runOfBlock } from './block-check.ts';
import type { DiskFile, DiskFiles } from './disk-files.ts';
import { findBlocks } from './find-blocks.ts';
import { BLOCK_END, BLOCK_HEADER_BYTES, BLOCK_RECORDS, blockSeed, readBlockHead, type BlockHead } from './format.ts';
import { countEntries } from './index-file.ts';
import { readFully } from './open-files.ts';
import {
  bytesAt,
  endAt,
  firstAt,
  isPossibleRun,
  LINE_BYTES,
  placeAt,
  readRun,
  segmentAt,
  type BlockRun,
} from './run-lines.ts';
import { mostRecords, readHeaderOf, type Survey, type SurveyedSegment } from './survey.ts';

export interface BuiltIndex {
  readonly index: BlockIndex;
  /** Whether the recording ends as one that was closed. */
  readonly wasClosed: boolean;
  /** Bytes at the end that are no whole block, or more than can be indexed. */
  readonly tailBytes: number;
  /** Bytes of segments that had to be looked through. */
  readonly searchedBytes: number;
}

export interface BuildOptions {
  /** Ends it: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Most runs that are indexed, for tests. */
  readonly mostRuns?: number;
}

/** As many as an index file that is read again has room for. */
const MOST_RUNS = Math.floor((DISK_INDEX_BYTES - DISK_HEADER_BYTES) / LINE_BYTES);

/** Rejects with the system's error when a segment cannot be read. */
export async function buildIndex(survey: Survey, files: DiskFiles, options: BuildOptions = {}): Promise<BuiltIndex> {
  const builder = new IndexBuilder(survey, files, options);
  try {
    const built = await builder.build(survey.entries);
    // What it says is not what stands there: it is of other files. Without it everything is found.
    return built ?? (await builder.build(survey.entries.subarray(0, 0))) ?? builder.result();
  } finally {
    await builder.close();
  }
}

class IndexBuilder {
  readonly #survey: Survey;
  readonly #files: DiskFiles;
  readonly #signal: AbortSignal | undefined;
  readonly #mostRuns: number;
  readonly #seed: number;
  #index = new BlockIndex();
  /** Up to here everything is indexed or looked through: a segment, by its place in the survey, and an offset in it. */
  #at = 0;
  #offset = 0;
  /** There were records up to this one, as far as anything says. */
  #knownEnd = 0;
  #isEnded = false;
  /** There are more runs than are indexed: what follows counts as damaged. */
  #isFull = false;
  #searchedBytes = 0;
  #open: { readonly number: number; readonly file: DiskFile } | null = null;

  constructor(survey: Survey, files: DiskFiles, { signal, mostRuns = MOST_RUNS }: BuildOptions) {
    this.#survey = survey;
    this.#files = files;
    this.#signal = signal;
    this.#mostRuns = mostRuns;
    this.#seed = blockSeed(survey.info.recording);
  }

  /** @param entries of the index. @returns null when the segments have something else where the last of them points */
  async build(entries: Uint8Array<ArrayBuffer>): Promise<BuiltIndex | null> {
    this.#begin();
    const lines = entries.subarray(0, Math.min(countEntries(entries), this.#mostRuns) * LINE_BYTES);
    const view = new DataView(lines.buffer, lines.byteOffset, lines.byteLength);
    let trusted = 0;
    // Asked once for each segment: the answer costs a walk over its entries.
    let refused = 0;
    for (let offset = this.#adopt(lines, view); offset < lines.length && !this.#isFull; offset += LINE_BYTES) {
      const run = readRun(view, offset);
      if (!isPossibleRun(view, offset) || run.first < Math.max(this.#index.end, this.#knownEnd)) break;
      if (run.first + run.count > mostRecords(this.#survey, run.segment)) break;
      this.#knownEnd = run.first + run.count;
      if (run.segment === refused) continue;
      if (run.segment !== trusted && !this.#isComplete(view, offset)) {
        refused = run.segment;
        continue;
      }
      trusted = run.segment;
      const at = this.#placeOf(run.segment);
      // Of a segment that is gone, or was cut off.
      if (at < 0 || run.offset + run.bytes > (this.#survey.segments[at]?.size ?? 0)) continue;
      if (at === this.#at && run.offset < this.#offset) break;
      if (run.first > this.#index.end) await this.#search(at, run.offset, run.first);
      if (!this.#add(run)) break;
      this.#at = at;
      this.#offset = run.offset + run.bytes;
    }
    if (this.#index.length > 0 && !(await this.#isThere(this.#index.get(this.#index.length - 1)))) return null;
    const last = this.#survey.segments.length - 1;
    await this.#search(last, this.#survey.segments[last]?.size ?? 0, Infinity);
    this.#index.skipTo(this.#knownEnd);
    return this.result();
  }

  result(): BuiltIndex {
    const left = this.#survey.segments.slice(this.#at);
    const tailBytes = left.reduce((sum, { size }) => sum + size, -this.#offset);
    return {
      index: this.#index,
      wasClosed: this.#isEnded && tailBytes === 0,
      tailBytes,
      searchedBytes: this.#searchedBytes,
    };
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.file.close();
  }

  #begin(): void {
    const { firstHeader } = this.#survey;
    this.#index = new BlockIndex();
    const isWhole = firstHeader.type === 'whole';
    this.#index.reset(isWhole ? firstHeader.info.before.records : 0);
    this.#at = 0;
    this.#offset = isWhole ? firstHeader.bytes : 0;
    this.#knownEnd = 0;
    this.#isEnded = false;
    this.#isFull = false;
  }

  /**
   * Takes over the entries as they are, as far as they are those of segments that are there and leave no hole: that is
   * all of them but for recordings that were damaged. @returns the offset of the first entry that has to be looked at
   */
  #adopt(lines: Uint8Array<ArrayBuffer>, view: DataView): number {
    let begin = 0;
    while (begin < lines.length && segmentAt(view, begin) < this.#survey.first.number) begin += LINE_BYTES;
    let end = begin;
    // An opening takes as long as this loop: it compares numbers that are at hand, and asks no more than it must.
    let segment = -1;
    let place = this.#offset;
    let size = 0;
    for (let next = this.#index.end; end < lines.length; end += LINE_BYTES) {
      if (segmentAt(view, end) !== segment) {
        if (!this.#isComplete(view, end)) break;
        const at = this.#placeOf(segmentAt(view, end));
        if (at < 0) break;
        if (at !== this.#at) place = 0;
        this.#at = at;
        segment = segmentAt(view, end);
        size = this.#survey.segments[at]?.size ?? 0;
      }
      const from = placeAt(view, end);
      const to = from + bytesAt(view, end);
      if (firstAt(view, end) !== next || !(from >= place) || to > size || !isPossibleRun(view, end)) break;
      next = endAt(view, end);
      place = to;
    }
    this.#offset = place;
    this.#index.adopt(lines.subarray(begin, end));
    return end;
  }

  /**
   * Whether the entries of a segment, of which this is the first one, go to its end. When they do not, it has become
   * shorter or longer since they were written, and they say nothing about it. The last ones may stop anywhere.
   */
  #isComplete(view: DataView, first: number): boolean {
    const number = segmentAt(view, first);
    let last = first;
    while (last + LINE_BYTES < view.byteLength && segmentAt(view, last + LINE_BYTES) === number) last += LINE_BYTES;
    if (last + LINE_BYTES === view.byteLength) return true;
    return this.#survey.sizes.get(number) === placeAt(view, last) + bytesAt(view, last);
  }

  /** Place in the survey of a segment, -1 when it is not there. Entries come in order. */
  #placeOf(number: number): number {
    const { segments } = this.#survey;
    let at = this.#at;
    while ((segments[at]?.number ?? Infinity) < number) at += 1;
    return segments[at]?.number === number ? at : -1;
  }

  /** Looks for blocks from where it is to an offset in a segment, with records before `before`, or until there is no more room. */
  async #search(at: number, offset: number, before: number): Promise<void> {
    while (this.#at < at) {
      if (!(await this.#searchSegment(this.#survey.segments[this.#at]?.size ?? 0, before))) return;
      this.#at += 1;
      this.#offset = 0;
      this.#isEnded = false;
    }
    await this.#searchSegment(offset, before);
  }

  /** @returns false when there is no room for more */
  async #searchSegment(to: number, before: number): Promise<boolean> {
    const segment = this.#survey.segments[this.#at];
    if (segment === undefined || this.#offset >= to || this.#isFull) return !this.#isFull;
    const file = await this.#fileOf(segment);
    const header = this.#offset === 0 ? await readHeaderOf(file) : null;
    if (header?.type === 'whole') this.#offset = header.bytes;
    const from = this.#offset;
    this.#searchedBytes += to - from;
    const found = (head: BlockHead, offset: number): boolean => this.#found(segment.number, head, offset, before);
    const records = { next: this.#index.end, most: mostRecords(this.#survey, segment.number), found };
    this.#offset = await findBlocks({ file, from, to, ...records, seed: this.#seed, signal: this.#signal });
    return !this.#isFull;
  }

  /** @returns false when nothing more can be indexed */
  #found(segment: number, head: BlockHead, offset: number, before: number): boolean {
    if (head.type === BLOCK_END) {
      this.#isEnded = true;
      this.#knownEnd = Math.max(this.#knownEnd, head.first);
    }
    if (head.type !== BLOCK_RECORDS) return true;
    this.#isEnded = false;
    if (head.first < this.#index.end || head.first + head.count > before) return true;
    return this.#add(runOfBlock(segment, offset, head));
  }

  /** @returns false when there is no room for it */
  #add(run: BlockRun): boolean {
    // A run that joins the last one would need none, but whoever has so many has been told that some are missing.
    this.#isFull = this.#index.length >= this.#mostRuns;
    if (!this.#isFull) this.#index.add(run);
    return !this.#isFull;
  }

  async #isThere(run: BlockRun): Promise<boolean> {
    const segment = this.#survey.segments.find(({ number }) => number === run.segment);
    if (segment === undefined) return false;
    const bytes = new Uint8Array(BLOCK_HEADER_BYTES);
    if ((await readFully(await this.#fileOf(segment), bytes, run.offset)) < bytes.length) return false;
    const head = readBlockHead(new DataView(bytes.buffer), 0);
    return head?.type === BLOCK_RECORDS && head.first === run.first && head.firstTime === run.firstTime;
  }

  async #fileOf(segment: SurveyedSegment): Promise<DiskFile> {
    if (this.#open?.number === segment.number) return this.#open.file;
    await this.close();
    const file = await this.#files.open(segment.path, 'read');
    this.#open = { number: segment.number, file };
    return file;
  }
}
