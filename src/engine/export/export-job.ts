/** One export, as its worker thread does it: parts of a recording in, bytes of a file out. Synchronous. */
import { existsSync } from 'node:fs';
import type { WireError } from '../../shared/errors.ts';
import { EXPORT_BUFFER_BYTES } from '../../shared/limits.ts';
import { encodeRecord, FLAG_SYNTHETIC, parseMeta, RECORD_HEADER_BYTES, type Meta } from '../../shared/record.ts';
import type { DamagedBlock, RecordBlock } from '../disk/block-source.ts';
import type { ScanInput } from '../recording.ts';
import { ByteSink } from './byte-sink.ts';
import { missingError } from './export-errors.ts';
import type { ExportCounts, ExportPart, ExportTask } from './export-messages.ts';
import { JsonlFormatter } from './format-jsonl.ts';
import { RawFormatter } from './format-raw.ts';
import { TextFormatter } from './format-text.ts';
import { GAP_KIND, kindOf, metaLengthOf, payloadLengthOf, sizeOf, timeOf, type RecordFormatter } from './packed.ts';
import { RecordMatch } from './record-match.ts';

/** Reads the records of parts: block-source.ts. */
export interface Blocks {
  next(input: ScanInput): Iterable<RecordBlock | DamagedBlock>;
}

const noBytes = new Uint8Array(0);

export class ExportJob {
  readonly #task: ExportTask;
  readonly #blocks: Blocks;
  readonly #sink: ByteSink;
  readonly #formatter: RecordFormatter;
  readonly #match: RecordMatch;
  readonly #moved: (counts: () => ExportCounts) => void;
  readonly #counts = (): ExportCounts => this.counts;
  /** `seq` of the next record. */
  #next: number;
  /** Time of the last record, ns. */
  #time = 0;
  #parts = 0;
  #looked = 0;
  #records = 0;
  /** Payload bytes of all records that were looked at. */
  #payloadBytes = 0;
  readonly #missing = { records: 0, bytes: 0, damaged: 0, unread: 0 };

  /**
   * @param write takes bytes of the file, which are valid until it returns
   * @param moved called after each block of a part
   */
  constructor(
    task: ExportTask,
    blocks: Blocks,
    write: (bytes: Buffer) => void,
    moved: (counts: () => ExportCounts) => void = () => undefined,
  ) {
    this.#task = task;
    this.#blocks = blocks;
    this.#moved = moved;
    this.#next = task.from;
    this.#sink = new ByteSink(EXPORT_BUFFER_BYTES, write);
    this.#match = new RecordMatch(task.info.filter, task.info.peer, task.info.kinds);
    this.#formatter = formatterOf(task, this.#sink);
    this.#formatter.begin();
  }

  get counts(): ExportCounts {
    return { parts: this.#parts, looked: this.#looked, records: this.#records, bytes: this.#sink.total };
  }

  /** @throws what `write` throws, FilterFailure */
  take(part: ExportPart): void {
    switch (part.type) {
      case 'gap':
        this.#gap(part.row);
        break;
      case 'row':
        this.#gap(part.row);
        this.#pass(1);
        break;
      case 'lost': {
        const deleted = part.deletedBytes;
        const bytes = deleted === null ? {} : { bytes: Math.max(0, deleted - this.#payloadBytes) };
        this.#time = Math.max(this.#time, part.time);
        this.#hole(part.first + part.count, part.reason, bytes);
        break;
      }
      case 'bytes':
      case 'blocks':
        this.#read(part);
    }
    this.#parts += 1;
  }

  /** Writes what is left. @returns what is missing in the file that the file itself does not say */
  finish(): WireError | null {
    // The engine accounts for every record; if one were left, the file must not look complete.
    this.#hole(this.#task.end, 'damaged');
    this.#sink.flush();
    return this.#task.format === 'raw' ? missingError(this.#task.path, this.#missing) : null;
  }

  #read(input: ScanInput): void {
    for (const found of this.#blocks.next(input)) {
      if ('damaged' in found) this.#unreadable(input, found.first + found.count);
      else this.#block(found);
      this.#moved(this.#counts);
    }
  }

  #block({ first, count, bytes }: RecordBlock): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const passes = this.#match.select(bytes, view, first, count);
    let offset = 0;
    for (let index = 0; index < count && this.#next < this.#task.end; index += 1) {
      // A part may begin before the first record that is wanted.
      if (first + index === this.#next) {
        this.#time = timeOf(view, offset);
        this.#payloadBytes += payloadLengthOf(view, offset);
        if (passes === null || passes[index] === 1) this.#write(bytes, view, offset);
        this.#pass(1);
      }
      offset += sizeOf(view, offset);
    }
  }

  #write(bytes: Buffer, view: DataView, offset: number): void {
    if (kindOf(view, offset) === GAP_KIND) this.#count(bytes, view, offset);
    if (this.#formatter.record(bytes, view, offset)) this.#records += 1;
  }

  #pass(count: number): void {
    this.#next += count;
    this.#looked += count;
  }

  /** A row that stands for records which cannot be had. */
  #gap(row: Uint8Array): void {
    const bytes = Buffer.from(row.buffer, row.byteOffset, row.length);
    const view = new DataView(row.buffer, row.byteOffset, row.length);
    this.#write(bytes, view, 0);
  }

  /** Records up to `end` that are in this part and could not be read. A file that is not there any more was deleted to keep the quota. */
  #unreadable(input: ScanInput, end: number): void {
    if (this.#next >= Math.min(end, this.#task.end)) return;
    this.#hole(end, input.type === 'blocks' && !existsSync(input.path) ? 'quota' : 'damaged');
  }

  #hole(until: number, reason: string, more: Meta = {}): void {
    const first = this.#next;
    const count = Math.min(until, this.#task.end) - first;
    if (count <= 0) return;
    const meta = { first, count, ...more, reason };
    const head = {
      kind: GAP_KIND,
      direction: 'none',
      flags: FLAG_SYNTHETIC,
      time: this.#time,
      seq: first,
      peer: 0,
    } as const;
    this.#gap(encodeRecord(head, meta, noBytes));
    this.#pass(count);
  }

  #count(bytes: Buffer, view: DataView, offset: number): void {
    const start = offset + RECORD_HEADER_BYTES;
    const meta = parseMeta(bytes.subarray(start, start + metaLengthOf(view, offset)));
    const count = numberOf(meta.count);
    const lost = numberOf(meta.bytes);
    if (meta.reason === 'damaged') this.#missing.damaged += count;
    else if (meta.reason === 'interrupted') this.#missing.unread += lost;
    else {
      this.#missing.records += count;
      this.#missing.bytes += lost;
    }
  }
}

function formatterOf({ format, direction, info }: ExportTask, sink: ByteSink): RecordFormatter {
  switch (format) {
    case 'jsonl':
      return new JsonlFormatter(sink, info);
    case 'text':
      return new TextFormatter(sink, info);
    case 'raw':
      return new RawFormatter(sink, info, direction ?? 'none');
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
