/**
 * The bytes of a recording on disk, format 1.0 (docs/recording-format.md).
 * All numbers are little-endian.
 *
 * A recording is a folder: `000001.wbr`, `000002.wbr` … are its segments,
 * `index.wbx` says where blocks are and can be made anew, `recording.json` is
 * what History lists.
 *
 * Segment: header, then blocks without anything between them.
 *
 *   header   0  8 bytes magic               block   0 u32 magic "WBBK"
 *            8 u16 major, 10 u16 minor              4 u32 XXH64 of the block from byte 8 on, low half (blockSeed)
 *           12 u32 length of the JSON               8 u32 length of the records, bytes
 *           16 u32 CRC-32 of the JSON              12 u32 number of records
 *           20 u32 CRC-32 of bytes 0–19            16 f64 seq of the first record
 *           24 JSON (SegmentInfo), UTF-8           24 f64 time of the first record, ns
 *                                                  32 f64 time of the last record, ns
 *                                                  40 f64 payload bytes of its records
 *                                                  48 u32 kinds that occur (bit per code; 31: any from 31 on)
 *                                                  52 u8  type, 53 u8 directions that occur, 54 u16 bytes of padding
 *                                                  56 records, packed as in shared/record.ts
 */
import { z } from 'zod';
import { DISK_HEADER_BYTES } from '../../shared/limits.ts';
import { crc32 } from './crc32.ts';
import { checkSum } from './xxhash.ts';

/** As PNG's: a byte that is no ASCII, and line ends, so that a transfer as text is noticed. */
export const SEGMENT_MAGIC = Uint8Array.of(0x89, 0x57, 0x42, 0x52, 0x0d, 0x0a, 0x1a, 0x0a);
/** `index.wbx` begins like a segment, but for this. */
export const INDEX_MAGIC = Uint8Array.of(0x89, 0x57, 0x42, 0x58, 0x0d, 0x0a, 0x1a, 0x0a);
/** A reader refuses a higher major number. A higher minor one only adds what may be left out. */
export const FORMAT_MAJOR = 1;
export const FORMAT_MINOR = 0;
export const SEGMENT_HEADER_BYTES = 24;
/** "WBBK" read as a little-endian number. */
export const BLOCK_MAGIC = 0x4b424257;
export const BLOCK_HEADER_BYTES = 56;

export const INDEX_NAME = 'index.wbx';
export const SUMMARY_NAME = 'recording.json';
/** There while a process writes the recording. */
export const LOCK_NAME = 'lock';

export const BLOCK_RECORDS = 0;
/** Written when a recording is closed: without records. What comes after it, if anything, are further blocks. */
export const BLOCK_END = 1;

/** `000001.wbr`: segments are numbered from 1. */
export function segmentName(segment: number): string {
  return `${String(segment).padStart(6, '0')}.wbr`;
}

/** Number of the segment with this file name, or null. */
export function segmentNumber(name: string): number | null {
  const digits = /^(\d{6,9})\.wbr$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const segmentInfoSchema = z.object({
  /** Id of the recording that the segment belongs to. */
  recording: z.string().min(1).max(80),
  segment: count,
  /** Wall clock at time 0 of the records, ms since 1970. */
  startedAt: z.number(),
  protocol: z.string().max(40),
  address: z.string(),
  /** Names of the kinds, by the codes in the records. */
  kinds: z.array(z.string().max(64)).max(256),
  /** What comes before this segment, so that it can be counted when it is no longer kept. */
  before: z.object({
    records: count,
    payloadBytes: count,
    time: z.number(),
    /** Why it is not kept, as a gap row says it, where that is not the quota: `removed`, by somebody else. */
    reason: z.string().max(40).optional(),
  }),
  /** What wrote it, such as "Wirebench 0.1.0". */
  writer: z.string().max(80),
});
export type SegmentInfo = z.infer<typeof segmentInfoSchema>;

/** @param align the header's length is a multiple of this: JSON may end in spaces (RFC 8259, 2) */
export function encodeSegmentHeader(info: SegmentInfo, align = 1): Uint8Array {
  return encodeHeader(SEGMENT_MAGIC, info, align);
}

/** The header of a file of a recording. */
export function encodeHeader(magic: Uint8Array, info: SegmentInfo, align = 1): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(info));
  const size = Math.ceil((SEGMENT_HEADER_BYTES + text.length) / align) * align;
  const json = new Uint8Array(size - SEGMENT_HEADER_BYTES).fill(0x20);
  json.set(text);
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES + json.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint16(8, FORMAT_MAJOR, true);
  view.setUint16(10, FORMAT_MINOR, true);
  view.setUint32(12, json.length, true);
  view.setUint32(16, crc32(json), true);
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  bytes.set(json, SEGMENT_HEADER_BYTES);
  return bytes;
}

/** What a file of a recording begins with, as far as it can be made out. */
export type FileHeader =
  /** `bytes`: the length of the header, with its JSON. */
  | { readonly type: 'whole'; readonly info: SegmentInfo; readonly bytes: number }
  /** `writer`: what wrote it, empty when that cannot be made out. */
  | { readonly type: 'newer'; readonly major: number; readonly minor: number; readonly writer: string }
  /** It goes on beyond the given bytes: this many are needed. */
  | { readonly type: 'longer'; readonly bytes: number }
  | { readonly type: 'broken' };

/** Reads the header at the beginning of a file. Its first 24 bytes have the same form in every version. */
export function decodeHeader(magic: Uint8Array, bytes: Uint8Array): FileHeader {
  if (bytes.length < SEGMENT_HEADER_BYTES || magic.some((byte, index) => byte !== bytes[index])) return broken;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(20, true) !== crc32(bytes.subarray(0, 20))) return broken;
  const length = view.getUint32(12, true);
  const end = SEGMENT_HEADER_BYTES + length;
  const json = bytes.subarray(SEGMENT_HEADER_BYTES, end);
  const isWhole = length <= DISK_HEADER_BYTES && json.length === length && view.getUint32(16, true) === crc32(json);
  const major = view.getUint16(8, true);
  if (major > FORMAT_MAJOR) {
    const writer = isWhole ? (writerSchema.safeParse(parseJson(json)).data?.writer ?? '') : '';
    return { type: 'newer', major, minor: view.getUint16(10, true), writer };
  }
  if (length <= DISK_HEADER_BYTES && json.length < length) return { type: 'longer', bytes: end };
  const info = isWhole ? segmentInfoSchema.safeParse(parseJson(json)).data : undefined;
  return info === undefined ? broken : { type: 'whole', info, bytes: end };
}

const broken: FileHeader = { type: 'broken' };

const writerSchema = z.object({ writer: z.string().max(80) });

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    return null;
  }
}

/** What a block's header says of its records. */
export interface BlockHead {
  readonly type: number;
  /** Bytes of the records and the padding; the block takes BLOCK_HEADER_BYTES more. */
  readonly length: number;
  readonly count: number;
  readonly first: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly payloadBytes: number;
  readonly kinds: number;
  readonly directions: number;
  /** Bytes of zeros behind the records, which count in `length`: they let the next block begin where the device wants it. */
  readonly padding: number;
}

/** Bit of a kind's code in `BlockHead.kinds`. */
export function kindBit(code: number): number {
  return 1 << Math.min(code, 31);
}

/**
 * What the check sums of a recording's blocks begin with: the CRC of its id. So a
 * block of another recording, which may well be in a payload, is never taken for
 * one of its own when a reader looks for the next whole block behind a damaged one.
 */
export function blockSeed(recording: string): number {
  return crc32(new TextEncoder().encode(recording));
}

/**
 * Writes the header in front of the records that stand behind it in `bytes`
 * and seals the block with its check sum. Allocates one small view.
 * @param bytes holds the block at `offset`, with room for its header in front of the records
 * @param seed `blockSeed` of the recording's id
 */
export function sealBlock(bytes: Uint8Array, view: DataView, offset: number, head: BlockHead, seed: number): void {
  view.setUint32(offset, BLOCK_MAGIC, true);
  view.setUint32(offset + 8, head.length, true);
  view.setUint32(offset + 12, head.count, true);
  view.setFloat64(offset + 16, head.first, true);
  view.setFloat64(offset + 24, head.firstTime, true);
  view.setFloat64(offset + 32, head.lastTime, true);
  view.setFloat64(offset + 40, head.payloadBytes, true);
  view.setUint32(offset + 48, head.kinds >>> 0, true);
  view.setUint8(offset + 52, head.type);
  view.setUint8(offset + 53, head.directions);
  view.setUint16(offset + 54, head.padding, true);
  const end = offset + BLOCK_HEADER_BYTES + head.length;
  view.setUint32(offset + 4, checkSum(bytes.subarray(offset + 8, end), seed), true);
}

/** The header at `offset`, or null when there is none. Does not look at the check sum. */
export function readBlockHead(view: DataView, offset: number): BlockHead | null {
  if (offset < 0 || offset + BLOCK_HEADER_BYTES > view.byteLength) return null;
  if (view.getUint32(offset, true) !== BLOCK_MAGIC) return null;
  return {
    length: view.getUint32(offset + 8, true),
    count: view.getUint32(offset + 12, true),
    first: view.getFloat64(offset + 16, true),
    firstTime: view.getFloat64(offset + 24, true),
    lastTime: view.getFloat64(offset + 32, true),
    payloadBytes: view.getFloat64(offset + 40, true),
    kinds: view.getUint32(offset + 48, true),
    type: view.getUint8(offset + 52),
    directions: view.getUint8(offset + 53),
    padding: view.getUint16(offset + 54, true),
  };
}

/** Whether the block at `offset`, whose header was read, is whole and unchanged. */
export function isBlockIntact(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  head: BlockHead,
  seed: number,
): boolean {
  const end = offset + BLOCK_HEADER_BYTES + head.length;
  return end <= bytes.length && view.getUint32(offset + 4, true) === checkSum(bytes.subarray(offset + 8, end), seed);
}
