/** Recordings that are made without a writer, byte by byte as docs/recording-format.md says, so that readers can be tried on them. */
import { join } from 'node:path';
import { BlockIndex } from '../../src/engine/disk/block-index.ts';
import { runOfBlock } from '../../src/engine/disk/block-check.ts';
import {
  BLOCK_END,
  BLOCK_HEADER_BYTES,
  BLOCK_RECORDS,
  blockSeed,
  encodeSegmentHeader,
  INDEX_NAME,
  kindBit,
  sealBlock,
  segmentName,
  type BlockHead,
  type SegmentInfo,
} from '../../src/engine/disk/format.ts';
import { encodeEntries, encodeIndexHeader } from '../../src/engine/disk/index-file.ts';
import { directionCode, encodeRecord, kindTable, type RecordView } from '../../src/shared/record.ts';
import type { MemoryFiles } from './memory-files.ts';

export const madeKinds = kindTable(['text', 'binary']);

/** Record `seq`: in and out by turns, 1 ms apart. Its payload tells its number and has the given length at least. */
export function madeRecord(seq: number, length = 0): RecordView {
  const payload = new TextEncoder().encode(`record ${seq} `.padEnd(length, '.'));
  return {
    kind: 4 + (seq % 2),
    direction: seq % 2 === 0 ? 'in' : 'out',
    flags: 0,
    time: seq * 1_000_000,
    seq,
    peer: 1 + (seq % 3),
    meta: seq % 5 === 0 ? { number: seq } : {},
    payload,
    payloadLength: payload.length,
  };
}

/** Records of one block; a list of blocks is a segment. */
export type MadeBlock = readonly RecordView[];

export interface MadeOptions {
  readonly id?: string;
  /** Segments, each a list of blocks, and each block a list of records. */
  readonly segments: readonly (readonly MadeBlock[])[];
  readonly isClosed?: boolean;
  readonly hasIndex?: boolean;
  /** Number of the first segment; 1 by default. */
  readonly firstSegment?: number;
  readonly before?: SegmentInfo['before'];
  /** Largest run of the index. */
  readonly runBytes?: number;
}

export interface MadeFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const madeId = '20250102-030405-a1b2c3d4';

export function madeInfo(segment: number, before: SegmentInfo['before'], id = madeId): SegmentInfo {
  return {
    recording: id,
    segment,
    startedAt: Date.UTC(2025, 0, 2, 3, 4, 5),
    protocol: 'tcp-client',
    address: '127.0.0.1:9',
    kinds: [...madeKinds],
    before,
    writer: 'Wirebench test',
  };
}

export function packRecord(record: RecordView): Uint8Array {
  return encodeRecord(record, Object.keys(record.meta).length === 0 ? null : record.meta, record.payload);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Some blocks have padding, so that every reader meets it: by the number of their first record. */
function paddingOf(records: MadeBlock): number {
  const first = records[0]?.seq ?? 0;
  return first % 3 === 2 ? 1 + ((first * 37) % 200) : 0;
}

function headOf(records: MadeBlock, length: number): BlockHead {
  const payloadBytes = records.reduce((sum, { payload }) => sum + payload.length, 0);
  return {
    type: BLOCK_RECORDS,
    length,
    count: records.length,
    first: records[0]?.seq ?? 0,
    firstTime: records[0]?.time ?? 0,
    lastTime: records.at(-1)?.time ?? 0,
    payloadBytes,
    kinds: records.reduce((bits, { kind }) => bits | kindBit(kind), 0),
    directions: records.reduce((bits, { direction }) => bits | (1 << directionCode(direction)), 0),
    padding: paddingOf(records),
  };
}

/** A sealed block. `change` alters its header before. */
export function madeBlock(records: MadeBlock, id = madeId, change: Partial<BlockHead> = {}): Uint8Array<ArrayBuffer> {
  const packed = joinBytes([
    new Uint8Array(BLOCK_HEADER_BYTES),
    ...records.map(packRecord),
    new Uint8Array(paddingOf(records)),
  ]);
  const head = { ...headOf(records, packed.length - BLOCK_HEADER_BYTES), ...change };
  sealBlock(packed, new DataView(packed.buffer), 0, head, blockSeed(id));
  return packed;
}

export function madeEnd(seq: number, time: number, id = madeId): Uint8Array<ArrayBuffer> {
  return madeBlock([], id, { type: BLOCK_END, first: seq, firstTime: time, lastTime: time });
}

/** The files of a recording. */
export function makeRecording(options: MadeOptions): MadeFile[] {
  const { id = madeId, segments, isClosed = true, hasIndex = true, firstSegment = 1 } = options;
  const files: MadeFile[] = [];
  let before = options.before ?? { records: 0, payloadBytes: 0, time: 0 };
  const index = new BlockIndex(options.runBytes);
  index.reset(before.records);
  for (const [place, blocks] of segments.entries()) {
    const segment = firstSegment + place;
    const parts = [encodeSegmentHeader(madeInfo(segment, before, id))];
    let offset = parts[0]?.length ?? 0;
    for (const records of blocks) {
      const bytes = madeBlock(records, id);
      index.add(runOfBlock(segment, offset, headOf(records, bytes.length - BLOCK_HEADER_BYTES)));
      offset += bytes.length;
      parts.push(bytes);
      const payloadBytes = records.reduce((sum, { payload }) => sum + payload.length, before.payloadBytes);
      before = { records: before.records + records.length, payloadBytes, time: records.at(-1)?.time ?? before.time };
    }
    if (isClosed && place === segments.length - 1) parts.push(madeEnd(before.records, before.time, id));
    files.push({ name: segmentName(segment), bytes: joinBytes(parts) });
  }
  if (hasIndex) {
    const header = encodeIndexHeader(madeInfo(firstSegment, before, id));
    files.push({ name: INDEX_NAME, bytes: joinBytes([header, encodeEntries(index)]) });
  }
  return files;
}

/** Puts the files of a recording into a folder. */
export function putRecording(disk: MemoryFiles, folder: string, files: readonly MadeFile[]): void {
  for (const { name, bytes } of files) disk.put(join(folder, name), bytes);
}

/** `perBlock` records to a block, `perSegment` blocks to a segment. */
export function spread(records: readonly RecordView[], perBlock: number, perSegment: number): RecordView[][][] {
  const segments: RecordView[][][] = [];
  for (let at = 0; at < records.length; at += perBlock) {
    let segment = segments.at(-1);
    if (segment === undefined || segment.length === perSegment) segments.push((segment = []));
    segment.push(records.slice(at, at + perBlock));
  }
  return segments;
}
