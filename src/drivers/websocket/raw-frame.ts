/** What the frame composer sends: any frame, right or wrong, so that a peer's robustness can be tried. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { writeNumber, type MakeKey } from './frame-writer.ts';
import { MaskedBytes } from './mask.ts';

/** In the order in which somebody chooses; only the first two are right, each in one role. */
export const rawMasks = ['none', 'random', 'zero', 'not-applied', 'no-key', 'not-flagged'] as const;

/**
 * `none`: not masked. `random`: as RFC 6455 §5.3 wants it. `zero`: the key is 0, so that the payload stays readable.
 * Wrong ones: `not-applied`: flag and key, but the payload is not masked by it. `no-key`: the flag, but no key, so that
 * the reader takes the first bytes of the payload for it. `not-flagged`: key and masked payload without the flag.
 */
export type RawMask = (typeof rawMasks)[number];

/** Bits in which the length is written (RFC 6455 §5.2). */
export type LengthForm = 'shortest' | 7 | 16 | 64;

export interface RawFrame {
  readonly fin: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number;
  /** 0 to 15. */
  readonly opcode: number;
  readonly mask: RawMask;
  readonly lengthForm: LengthForm;
  /** What the head says that the payload has, in bytes, up to 2^64 - 1. Null: what it has. */
  readonly declaredLength: number | bigint | null;
  readonly payload: Uint8Array;
}

/** The largest length that each form can say; 126 and 127 in 7 bits stand for the longer forms. */
const largest = { 7: 125n, 16: 0xffffn, 64: 0xffff_ffff_ffff_ffffn } as const;

/**
 * @param makeKey is called when the mask has a key other than 0
 * @returns error `bad-message` with `field` when a number does not fit where it belongs
 */
export function encodeRawFrame(frame: RawFrame, makeKey: MakeKey): Outcome<Uint8Array> {
  const { payload, mask } = frame;
  if (!isWithin(frame.opcode, 15)) return wrong('opcode', 'An opcode is a number from 0 to 15.');
  if (!isWithin(frame.rsv, 7)) return wrong('rsv', 'The three reserved bits are a number from 0 to 7.');
  const given = frame.declaredLength ?? payload.length;
  if (typeof given === 'number' && !Number.isSafeInteger(given)) {
    return wrong('declaredLength', 'A length is a whole number.');
  }
  const length = BigInt(given);
  const form = frame.lengthForm === 'shortest' ? shortest(length) : frame.lengthForm;
  if (length < 0n || length > largest[form]) {
    return wrong('declaredLength', `A length in ${form} bits is a number from 0 to ${largest[form]}, not ${length}.`);
  }
  const lengthBytes = form === 7 ? 0 : form / 8;
  const hasKey = mask !== 'none' && mask !== 'no-key';
  const start = 2 + lengthBytes + (hasKey ? 4 : 0);
  const bytes = new Uint8Array(start + payload.length);
  const flag = mask === 'none' || mask === 'not-flagged' ? 0 : 0x80;
  bytes[0] = (frame.fin ? 0x80 : 0) | (frame.rsv << 4) | frame.opcode;
  bytes[1] = flag | (form === 7 ? Number(length) : form === 16 ? 126 : 127);
  for (let index = 0; index < lengthBytes; index += 1) {
    bytes[2 + index] = Number((length >> BigInt(8 * (lengthBytes - 1 - index))) & 0xffn);
  }
  bytes.set(payload, start);
  if (hasKey) {
    const key = mask === 'zero' ? 0 : makeKey();
    writeNumber(bytes, start - 4, key, 4);
    if (mask !== 'not-applied') new MaskedBytes(bytes).apply(start, bytes.length, key);
  }
  return success(bytes);
}

function shortest(length: bigint): 7 | 16 | 64 {
  return length <= largest[7] ? 7 : length <= largest[16] ? 16 : 64;
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

function wrong(field: string, message: string): Outcome<never> {
  return failure('bad-message', message, '', { field });
}
