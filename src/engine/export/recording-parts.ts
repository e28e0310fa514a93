/** A recording in parts for an export: everything from its oldest record to where it ended when the export began, holes included. */
import { decodeRecord, encodeRecord, type RecordView } from '../../shared/record.ts';
import type { RecordingReader } from '../recording.ts';
import type { ExportPart } from './export-messages.ts';
import { GAP_KIND } from './packed.ts';

export class RecordingParts {
  /** `seq` of the first record, and behind the last. */
  readonly from: number;
  readonly end: number;
  readonly #recording: RecordingReader;
  #next: number;
  /** Row of the gap at the head of the recording; -1: there is none, or it has been given. */
  #gapRow: number;
  /** Payload bytes that were deleted before the export began; null when that is not known. */
  #deletedBefore: number | null = 0;

  constructor(recording: RecordingReader) {
    const { rows, firstKept } = recording;
    this.#recording = recording;
    this.from = firstKept;
    this.end = rows.end;
    this.#next = firstKept;
    this.#gapRow = rows.first < firstKept ? rows.first : -1;
  }

  /** @returns null when there are no more. Rejects when the recording has been closed meanwhile */
  async next(): Promise<ExportPart | null> {
    if (this.#gapRow >= 0) {
      const row = await this.#rowAt(this.#gapRow);
      this.#gapRow = -1;
      if (row !== null && row.kind === GAP_KIND) {
        this.#deletedBefore = bytesOf(row);
        return { type: 'gap', row: packed(row) };
      }
    }
    if (this.#next >= this.end) return null;
    const input = this.#recording.scan(this.#next);
    if (input !== null && input.first <= this.#next && input.first + input.count > this.#next) {
      this.#next = input.first + input.count;
      return input;
    }
    return this.#hole(Math.min(this.end, input?.first ?? this.end));
  }

  /** What is at `#next`, where there is nothing to scan until `until`. */
  async #hole(until: number): Promise<ExportPart> {
    const first = this.#next;
    const row = await this.#rowAt(first);
    const { firstKept } = this.#recording;
    if (first < firstKept) {
      const end = Math.min(firstKept, this.end);
      this.#next = end;
      const now = await this.#rowAt(firstKept - 1);
      const bytes = now === null ? null : bytesOf(now);
      const deletedBytes = bytes === null || this.#deletedBefore === null ? null : bytes - this.#deletedBefore;
      const reason = now?.meta.reason;
      return {
        type: 'lost',
        first,
        count: end - first,
        time: now?.time ?? 0,
        reason: typeof reason === 'string' ? reason : 'quota',
        deletedBytes,
      };
    }
    if (row?.meta.reason === 'interrupted') {
      this.#next = first + 1;
      return { type: 'row', row: packed(row) };
    }
    const hole = row === null ? 0 : numberOf(row.meta.first) + numberOf(row.meta.count);
    const end = Math.max(first + 1, Math.min(until, hole > first ? hole : until));
    this.#next = end;
    return { type: 'lost', first, count: end - first, time: row?.time ?? 0, reason: 'damaged', deletedBytes: null };
  }

  /** The row with exactly this number. */
  async #rowAt(row: number): Promise<RecordView | null> {
    const { from, rows } = await this.#recording.read(row, 1, 0);
    return from === row ? (decodeRecord(rows, 0)?.record ?? null) : null;
  }
}

function packed(row: RecordView): Uint8Array {
  return encodeRecord(row, row.meta, row.payload);
}

function bytesOf(row: RecordView): number | null {
  const { bytes } = row.meta;
  return typeof bytes === 'number' ? bytes : null;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}
