import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecords, directions, encodeRecord, type Meta } from '../../src/shared/record.ts';

const head = fc.record({
  kind: fc.nat(255),
  direction: fc.constantFrom(...directions),
  flags: fc.nat(0xffff),
  time: fc.double({ min: 0, max: 1e18, noNaN: true }),
  seq: fc.maxSafeNat(),
  peer: fc.nat(0xffffffff),
});
const meta: fc.Arbitrary<Meta | null> = fc.option(
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), {
    noNullPrototype: true,
  }),
);

describe('packed records, with anything in them', () => {
  it('come out as they went in, one after another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(head, meta, fc.uint8Array({ maxLength: 300 }), fc.nat(300)), { maxLength: 5 }),
        (records) => {
          const packed = records.map(([one, facts, payload, include]) => encodeRecord(one, facts, payload, include));
          const found = decodeRecords(Uint8Array.from(packed.flatMap((bytes) => [...bytes])));
          expect(found).toHaveLength(records.length);
          for (const [index, record] of found.entries()) {
            const [one, facts, payload, include] = records[index] ?? [];
            expect(record).toMatchObject({ ...one, payloadLength: payload?.length });
            expect(record.meta).toEqual(facts ?? {});
            expect([...record.payload]).toEqual([...(payload ?? []).slice(0, include)]);
          }
        },
      ),
    );
  });

  it('never throw when they are damaged or cut', () => {
    fc.assert(
      fc.property(
        head,
        meta,
        fc.uint8Array(),
        fc.nat(),
        fc.nat(255),
        fc.nat(60),
        (one, facts, payload, at, byte, cut) => {
          const bytes = encodeRecord(one, facts, payload);
          bytes[at % bytes.length] = byte;
          const found = decodeRecords(bytes.subarray(0, Math.max(0, bytes.length - cut)));
          for (const record of found) expect(record.payload.length).toBeLessThanOrEqual(record.payloadLength);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never throw when they are noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => decodeRecords(noise)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
