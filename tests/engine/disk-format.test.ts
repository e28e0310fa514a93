import { crc32 as nativeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, makePortableCrc32 } from '../../src/engine/disk/crc32.ts';
import {
  BLOCK_HEADER_BYTES,
  blockSeed,
  decodeHeader,
  encodeHeader,
  encodeSegmentHeader,
  FORMAT_MAJOR,
  INDEX_MAGIC,
  isBlockIntact,
  kindBit,
  readBlockHead,
  SEGMENT_MAGIC,
  segmentName,
  segmentNumber,
} from '../../src/engine/disk/format.ts';
import { madeBlock, madeId, madeInfo, madeRecord } from '../support/made-recording.ts';

const before = { records: 0, payloadBytes: 0, time: 0 };

describe('crc32', () => {
  const portable = makePortableCrc32();

  it('is that of zlib, also where it is computed here', () => {
    expect(portable(Buffer.from('123456789'))).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(8), fc.nat(0xffffffff), (bytes, skip, seed) => {
        const part = bytes.subarray(Math.min(skip, bytes.length));
        expect(portable(part, seed)).toBe(nativeCrc32(part, seed));
        expect(crc32(part, seed)).toBe(nativeCrc32(part, seed));
      }),
      { numRuns: 500 },
    );
  });

  it('of two parts goes on from that of the first', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
        expect(portable(bytes.subarray(at), portable(bytes.subarray(0, at)))).toBe(portable(bytes));
      }),
    );
  });
});

describe('the header of a segment', () => {
  const info = madeInfo(3, { records: 12, payloadBytes: 345, time: 6.5e9 });

  it('comes out as it went in', () => {
    const bytes = encodeSegmentHeader(info);
    expect(decodeHeader(SEGMENT_MAGIC, bytes)).toEqual({ type: 'whole', info, bytes: bytes.length });
  });

  it('is not that of an index', () => {
    expect(decodeHeader(SEGMENT_MAGIC, encodeHeader(INDEX_MAGIC, info))).toEqual({ type: 'broken' });
  });

  it('is broken when any of its bits is another one', () => {
    const bytes = encodeSegmentHeader(info);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeHeader(SEGMENT_MAGIC, changed).type).toBe('broken');
    }
  });

  it('says how long it is when only its beginning was read', () => {
    const bytes = encodeSegmentHeader(info);
    expect(decodeHeader(SEGMENT_MAGIC, bytes.subarray(0, 30))).toEqual({ type: 'longer', bytes: bytes.length });
    expect(decodeHeader(SEGMENT_MAGIC, bytes.subarray(0, 20))).toEqual({ type: 'broken' });
  });

  it('of a later major version is told from a broken one, with what wrote it', () => {
    const bytes = encodeSegmentHeader({ ...info, writer: 'Wirebench 9.1' });
    const view = new DataView(bytes.buffer);
    view.setUint16(8, FORMAT_MAJOR + 1, true);
    view.setUint16(10, 4, true);
    view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
    const newer = { type: 'newer', major: FORMAT_MAJOR + 1, minor: 4, writer: 'Wirebench 9.1' };
    expect(decodeHeader(SEGMENT_MAGIC, bytes)).toEqual(newer);
    expect(decodeHeader(SEGMENT_MAGIC, bytes.subarray(0, 40))).toEqual({ ...newer, writer: '' });
  });

  it('is broken when its description is none, whatever its check sums say', () => {
    for (const text of ['', '{}', '[]', 'null', '{"recording":1}', '{', '\u0000']) {
      const json = Buffer.from(text);
      const bytes = new Uint8Array([...encodeSegmentHeader(info).subarray(0, 24), ...json]);
      const view = new DataView(bytes.buffer);
      view.setUint32(12, json.length, true);
      view.setUint32(16, crc32(json), true);
      view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
      expect(decodeHeader(SEGMENT_MAGIC, bytes)).toEqual({ type: 'broken' });
    }
  });
});

describe('a block', () => {
  const records = [madeRecord(5), madeRecord(6), madeRecord(7)];
  const bytes = madeBlock(records);
  const view = new DataView(bytes.buffer);

  it('says in its header what is in it', () => {
    expect(readBlockHead(view, 0)).toEqual({
      type: 0,
      length: bytes.length - BLOCK_HEADER_BYTES,
      count: 3,
      first: 5,
      firstTime: 5_000_000,
      lastTime: 7_000_000,
      payloadBytes: records.reduce((sum, { payload }) => sum + payload.length, 0),
      kinds: kindBit(4) | kindBit(5),
      directions: 0b110,
      padding: 186,
    });
    expect(readBlockHead(view, 1)).toBeNull();
    expect(readBlockHead(view, bytes.length - 10)).toBeNull();
  });

  it('is intact only with each of its bits, and only in its recording', () => {
    const head = readBlockHead(view, 0);
    if (head === null) throw new Error('There is no block');
    expect(isBlockIntact(bytes, view, 0, head, blockSeed(madeId))).toBe(true);
    expect(isBlockIntact(bytes, view, 0, head, blockSeed('another'))).toBe(false);
    expect(isBlockIntact(bytes.subarray(0, -1), view, 0, head, blockSeed(madeId))).toBe(false);
    for (let bit = 32; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const changedView = new DataView(changed.buffer);
      const changedHead = readBlockHead(changedView, 0);
      expect(changedHead !== null && isBlockIntact(changed, changedView, 0, changedHead, blockSeed(madeId))).toBe(
        false,
      );
    }
  });

  it('has one bit for all kinds from 31 on', () => {
    expect([0, 1, 30, 31, 32, 255].map((code) => kindBit(code) >>> 0)).toEqual([
      1,
      2,
      2 ** 30,
      2 ** 31,
      2 ** 31,
      2 ** 31,
    ]);
  });
});

describe('names of segments', () => {
  it('are numbers of six digits or more', () => {
    expect([1, 42, 999_999, 1_000_000].map(segmentName)).toEqual([
      '000001.wbr',
      '000042.wbr',
      '999999.wbr',
      '1000000.wbr',
    ]);
    expect(
      ['000001.wbr', '1000000.wbr', '1.wbr', '000001.wbr.new', 'x000001.wbr', 'index.wbx'].map(segmentNumber),
    ).toEqual([1, 1_000_000, null, null, null, null]);
    expect(decodeHeader(SEGMENT_MAGIC, encodeSegmentHeader(madeInfo(1, before))).type).toBe('whole');
  });
});
