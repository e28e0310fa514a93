/**
 * A record is one thing that a session saw or did. It is stored as it was
 * read, never parsed. The same packed form is kept in recordings and sent to
 * the window, so that a row costs no object until it is shown.
 *
 * Layout, little-endian, 40 bytes and then meta and payload:
 *
 *   0 u32 size of the whole record      16 f64 seq
 *   4 u8  kind (index in a kind table)  24 u32 peer (0 = the session itself)
 *   5 u8  direction                     28 u32 length of meta (UTF-8 JSON)
 *   6 u16 flags                         32 u32 length of the payload
 *   8 f64 time, ns since the session    36 u32 payload bytes that follow here
 *         began                             (less than 32 in a row's preview)
 */

export const RECORD_HEADER_BYTES = 40;

export const directions = ['none', 'in', 'out'] as const;
export type Direction = (typeof directions)[number];

/** Flag bits of a record. */
export const FLAG_SYNTHETIC = 1; // made for the reader, not stored: a gap row

/** Kinds that every session has, at the head of each kind table. `state` is a transition of the session. */
export const commonKinds = ['gap', 'state', 'error', 'note'] as const;

/** Names of the kinds of a recording, by the number that stands in its records. */
export function kindTable(kinds: readonly string[]): readonly string[] {
  return [...commonKinds, ...kinds.filter((kind) => !commonKinds.some((common) => common === kind))];
}

export type MetaValue = string | number | boolean | null;
/** Small facts of an event: addresses, counts, names. Never payload. */
export type Meta = Readonly<Record<string, MetaValue>>;

export interface RecordHead {
  readonly kind: number;
  readonly direction: Direction;
  readonly flags: number;
  readonly time: number;
  readonly seq: number;
  readonly peer: number;
}

/** One record as the window uses it. `payload` may be cut: `payloadLength` is the true length in bytes. */
export interface RecordView extends RecordHead {
  readonly meta: Meta;
  readonly payload: Uint8Array;
  readonly payloadLength: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const noBytes = new Uint8Array(0);

export function directionCode(direction: Direction): number {
  return direction === 'in' ? 1 : direction === 'out' ? 2 : 0;
}

export function directionName(code: number): Direction {
  return code === 1 ? 'in' : code === 2 ? 'out' : 'none';
}

export function encodeMeta(meta: Meta | null): Uint8Array {
  return meta === null ? noBytes : encoder.encode(JSON.stringify(meta));
}

/** Writes the 40 header bytes at `offset`; meta and payload are copied by the caller. Allocates nothing. */
export function writeRecordHeader(
  view: DataView,
  offset: number,
  kind: number,
  direction: number,
  flags: number,
  time: number,
  seq: number,
  peer: number,
  metaLength: number,
  payloadLength: number,
  includedLength: number,
): void {
  view.setUint32(offset, RECORD_HEADER_BYTES + metaLength + includedLength, true);
  view.setUint8(offset + 4, kind);
  view.setUint8(offset + 5, direction);
  view.setUint16(offset + 6, flags, true);
  view.setFloat64(offset + 8, time, true);
  view.setFloat64(offset + 16, seq, true);
  view.setUint32(offset + 24, peer, true);
  view.setUint32(offset + 28, metaLength, true);
  view.setUint32(offset + 32, payloadLength, true);
  view.setUint32(offset + 36, includedLength, true);
}

/** Packs one record whole, or with only the first `include` bytes of its payload. */
export function encodeRecord(
  head: RecordHead,
  meta: Meta | null,
  payload: Uint8Array,
  include = payload.length,
): Uint8Array {
  const metaBytes = encodeMeta(meta);
  const included = Math.min(include, payload.length);
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + metaBytes.length + included);
  writeRecordHeader(
    new DataView(bytes.buffer),
    0,
    head.kind,
    directionCode(head.direction),
    head.flags,
    head.time,
    head.seq,
    head.peer,
    metaBytes.length,
    payload.length,
    included,
  );
  bytes.set(metaBytes, RECORD_HEADER_BYTES);
  bytes.set(payload.subarray(0, included), RECORD_HEADER_BYTES + metaBytes.length);
  return bytes;
}

function isMeta(value: unknown): value is Meta {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      (item) => item === null || typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean',
    )
  );
}

/** The meta of a record; empty when the bytes are none. */
export function parseMeta(bytes: Uint8Array): Meta {
  if (bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return isMeta(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * The record at `offset`, or null when the bytes there are no whole record.
 * The payload is a view into `bytes`, not a copy.
 */
export function decodeRecord(bytes: Uint8Array, offset: number): { record: RecordView; next: number } | null {
  if (offset < 0 || offset + RECORD_HEADER_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, RECORD_HEADER_BYTES);
  const size = view.getUint32(0, true);
  const metaLength = view.getUint32(28, true);
  const included = view.getUint32(36, true);
  const payloadLength = view.getUint32(32, true);
  if (size !== RECORD_HEADER_BYTES + metaLength + included || offset + size > bytes.length) return null;
  if (included > payloadLength) return null;
  const metaStart = offset + RECORD_HEADER_BYTES;
  const payloadStart = metaStart + metaLength;
  return {
    next: offset + size,
    record: {
      kind: view.getUint8(4),
      direction: directionName(view.getUint8(5)),
      flags: view.getUint16(6, true),
      time: view.getFloat64(8, true),
      seq: view.getFloat64(16, true),
      peer: view.getUint32(24, true),
      meta: parseMeta(bytes.subarray(metaStart, payloadStart)),
      payload: bytes.subarray(payloadStart, payloadStart + included),
      payloadLength,
    },
  };
}

/** All whole records of `bytes`, in order; stops at the first byte that is no record. */
export function decodeRecords(bytes: Uint8Array): RecordView[] {
  const records: RecordView[] = [];
  for (let found = decodeRecord(bytes, 0); found !== null; found = decodeRecord(bytes, found.next)) {
    records.push(found.record);
  }
  return records;
}
