import { describe, expect, it } from 'vitest';
import { encodeRawFrame, rawMasks, type RawFrame } from '../../../src/drivers/websocket/raw-frame.ts';
import { asClient, asServer, bytesOf, eventsOf, hex } from '../../support/frame-events.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

const plain: RawFrame = {
  fin: true,
  rsv: 0,
  opcode: 1,
  mask: 'none',
  lengthForm: 'shortest',
  declaredLength: null,
  payload: bytesOf('4849'),
};

function encoded(changes: Partial<RawFrame>): string {
  return hex(valueOf(encodeRawFrame({ ...plain, ...changes }, () => 0x01020304)));
}

describe('a raw frame', () => {
  it.each<[string, Partial<RawFrame>, string]>([
    ['that is right', {}, '81 02 4849'],
    ['with all reserved bits and a reserved opcode', { fin: false, rsv: 7, opcode: 15 }, '7f 02 4849'],
    ['that is masked', { mask: 'random' }, '81 82 01020304 494b'],
    ['with a key of zero', { mask: 'zero' }, '81 82 00000000 4849'],
    ['whose key is not applied', { mask: 'not-applied' }, '81 82 01020304 4849'],
    ['with the flag and no key', { mask: 'no-key' }, '81 82 4849'],
    ['that is masked and does not say so', { mask: 'not-flagged' }, '81 02 01020304 494b'],
    ['with a length in two bytes', { lengthForm: 16 }, '81 7e 0002 4849'],
    ['with a length in eight bytes', { lengthForm: 64, mask: 'zero' }, '81 ff 0000000000000002 00000000 4849'],
    ['that declares less', { declaredLength: 1 }, '81 01 4849'],
    ['that declares more', { declaredLength: 126 }, '81 7e 007e 4849'],
    ['that declares as much as there can be', { declaredLength: 2n ** 64n - 1n }, '81 7f ffffffffffffffff 4849'],
    ['with a long payload', { payload: new Uint8Array(65_536) }, `81 7f 0000000000010000 ${'00'.repeat(65_536)}`],
  ])('%s is written as it was composed', (_name, changes, expected) => {
    expect(encoded(changes)).toBe(expected.replaceAll(' ', ''));
  });

  it('is read when its mask is right for the role, and refused when it is not', () => {
    const told = rawMasks.map((mask) => {
      const bytes = valueOf(encodeRawFrame({ ...plain, mask }, () => 0x11223344));
      return [mask, eventsOf(asClient, bytes).at(0), eventsOf(asServer, bytes).at(0)];
    });
    expect(told).toEqual([
      ['none', 'text 4849', 'violation 1002 5.1'],
      ['random', 'violation 1002 5.1', 'text 4849'],
      ['zero', 'violation 1002 5.1', 'text 4849'],
      ['not-applied', 'violation 1002 5.1', 'text 596b'],
      // The reader waits for the rest of the key.
      ['no-key', undefined, undefined],
      ['not-flagged', 'text 1122', 'violation 1002 5.1'],
    ]);
  });

  it.each<[string, Partial<RawFrame>, string]>([
    ['an opcode above 15', { opcode: 16 }, 'opcode'],
    ['an opcode that is no whole number', { opcode: 1.5 }, 'opcode'],
    ['reserved bits above 7', { rsv: 8 }, 'rsv'],
    ['a negative length', { declaredLength: -1 }, 'declaredLength'],
    ['a length that is no whole number', { declaredLength: 0.5 }, 'declaredLength'],
    ['a length of 126 in 7 bits', { declaredLength: 126, lengthForm: 7 }, 'declaredLength'],
    ['a length of 65536 in 16 bits', { declaredLength: 65_536, lengthForm: 16 }, 'declaredLength'],
    ['a length above 64 bits', { declaredLength: 2n ** 64n, lengthForm: 64 }, 'declaredLength'],
  ])('cannot have %s', (_name, changes, field) => {
    const error = errorOf(encodeRawFrame({ ...plain, ...changes }, () => 0));
    expect([error.code, error.field]).toEqual(['bad-message', field]);
  });
});
