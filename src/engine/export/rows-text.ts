/** Rows as text for the clipboard: read in batches, so that neither memory nor the event loop is held by a large selection. */
import { setImmediate as nextRound } from 'node:timers/promises';
import type { Params, Result } from '../../shared/contract.ts';
import { success, type Outcome } from '../../shared/errors.ts';
import { COPY_BATCH_ROWS, COPY_BYTES, EXPORT_BUFFER_BYTES, PAYLOAD_PER_CALL } from '../../shared/limits.ts';
import { decodeRecords, encodeRecord, type RecordView } from '../../shared/record.ts';
import type { RecordingReader } from '../recording.ts';
import { ByteSink } from './byte-sink.ts';
import { HexFormatter, PayloadFormatter } from './format-copy.ts';
import { JsonlFormatter } from './format-jsonl.ts';
import { TextFormatter } from './format-text.ts';
import type { ExportInfo, RecordFormatter } from './packed.ts';

/** Where rows are: all of a recording, or a view. */
export interface RowSource {
  readonly info: ExportInfo;
  readonly recording: Pick<RecordingReader, 'payload'>;
  /** As the contract's `rows`: payloads may be cut to a preview. */
  read(from: number, count: number): Promise<Outcome<{ readonly from: number; readonly rows: Uint8Array }>>;
}

type Wanted = Pick<Params<'rows.text'>, 'from' | 'count' | 'as'>;

/** Errors: those of reading the rows and their payloads. */
export async function rowsText(source: RowSource, { from, count, as }: Wanted): Promise<Outcome<Result<'rows.text'>>> {
  const copied = new CopiedText(source.info, as);
  const end = from + count;
  for (let at = from; at < end && !copied.isFull;) {
    // Others have their turn between two batches.
    await nextRound();
    const batch = await source.read(at, Math.min(COPY_BATCH_ROWS, end - at));
    if (!batch.ok) return batch;
    const records = decodeRecords(batch.value.rows);
    // Rows that are no longer kept make the batch begin later.
    const rows = records.slice(0, Math.max(0, end - batch.value.from));
    if (rows.length === 0) break;
    for (const row of rows) {
      const payload = await wholePayload(source, row);
      if (!payload.ok) return payload;
      if (!copied.add(row, payload.value)) break;
    }
    at = batch.value.from + rows.length;
  }
  return success(copied.finish());
}

/** The payload, or as much of one as can be copied at all. */
async function wholePayload({ recording }: RowSource, row: RecordView): Promise<Outcome<Uint8Array>> {
  if (row.payload.length === row.payloadLength) return success(row.payload);
  const whole = Buffer.alloc(Math.min(row.payloadLength, COPY_BYTES));
  for (let at = 0; at < whole.length;) {
    const part = await recording.payload(row.seq, at, Math.min(PAYLOAD_PER_CALL, whole.length - at));
    if (!part.ok) return part;
    whole.set(part.value.bytes, at);
    at += Math.max(1, part.value.bytes.length);
  }
  return success(whole);
}

class CopiedText {
  readonly #parts: Buffer[] = [];
  readonly #sink: ByteSink;
  readonly #formatter: RecordFormatter;
  #rows = 0;
  /** Bytes of the rows that fit. */
  #length = 0;
  isFull = false;

  constructor(info: ExportInfo, as: Wanted['as']) {
    this.#sink = new ByteSink(EXPORT_BUFFER_BYTES, (bytes) => this.#parts.push(Buffer.from(bytes)));
    this.#formatter = formatterOf(as, this.#sink, info);
  }

  /** @returns whether more may fit */
  add(row: RecordView, payload: Uint8Array): boolean {
    const packed = encodeRecord(row, row.meta, payload);
    const bytes = Buffer.from(packed.buffer);
    this.#formatter.record(bytes, new DataView(packed.buffer), 0);
    const fits = this.#sink.total <= COPY_BYTES;
    this.isFull = !fits || payload.length < row.payloadLength;
    // A row that is too long by itself is cut; nothing else ever is.
    if (!fits && this.#rows > 0) return false;
    this.#rows += 1;
    this.#length = Math.min(this.#sink.total, COPY_BYTES);
    return !this.isFull;
  }

  finish(): Result<'rows.text'> {
    this.#sink.flush();
    const bytes = Buffer.concat(this.#parts).subarray(0, this.#length);
    return { text: bytes.toString('utf8', 0, characterEnd(bytes)), rows: this.#rows, isCut: this.isFull };
  }
}

function formatterOf(as: Wanted['as'], sink: ByteSink, info: ExportInfo): RecordFormatter {
  switch (as) {
    case 'text':
      return new TextFormatter(sink, info);
    case 'jsonl':
      return new JsonlFormatter(sink, info);
    case 'payload':
      return new PayloadFormatter(sink);
    case 'hex':
      return new HexFormatter(sink);
  }
}

/** Where UTF-8 that may be cut off ends with a whole character. */
function characterEnd(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const first = bytes[start] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? Math.max(0, start) : bytes.length;
}
