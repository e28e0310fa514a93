import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../src/rpc/frames.ts';
import { valueOf } from '../support/outcome.ts';

/** What a message of the contract can be: JSON with byte arrays in it, and awkward keys. */
const message = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.uint8Array({ maxLength: 50 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'bytes', 'path')), tie('any')),
        {
          maxLength: 4,
        },
      )
      .map((entries): unknown => Object.fromEntries(entries)),
  ),
})).any;

describe('frames, with anything in them', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(valueOf(decodeFrame(encodeFrame(sent)))).toEqual(sent);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throw when they are damaged, and never reach beyond their own bytes', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(255), fc.nat(20), (sent, where, byte, cut) => {
        const frame = encodeFrame(sent);
        frame[where % frame.length] = byte;
        const outcome = decodeFrame(frame.subarray(0, Math.max(0, frame.length - cut)));
        if (!outcome.ok) expect(outcome.error.code).toBe('bad-request');
      }),
      { numRuns: 2000 },
    );
  });

  it('never throw when they are noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => decodeFrame(noise)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
