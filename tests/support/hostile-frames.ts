/** Frames as nobody should send them, mixed with right ones, the same for the same seed. */
import {
  encodeRawFrame,
  rawMasks,
  type LengthForm,
  type RawFrame,
  type RawMask,
} from '../../src/drivers/websocket/raw-frame.ts';
import { valueOf } from './outcome.ts';
import type { Random } from './random.ts';

export interface HostileOptions {
  /** The bytes are for a server: masked where they are right. */
  readonly isServer: boolean;
  /** Only whole frames with true lengths in their shortest form. */
  readonly isMinimal: boolean;
}

interface MadeFrame {
  readonly bytes: Uint8Array;
  readonly isInMessage: boolean;
}

const texts = ['', 'a', 'plain text, longer than a word or four', 'κόσμε', '€', '𐍈 and 🙂', '\ufeff\u0000'].map(
  (text) => new TextEncoder().encode(text),
);
const codes = [0, 999, 1000, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 2999, 3000, 4999, 5000, 65_535];
/** Around the borders of the forms of length, and of words. */
const lengths = [0, 1, 2, 3, 4, 5, 15, 16, 17, 124, 125, 126, 127, 128, 300];

export function pick<T>(list: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const value = list[random(list.length)];
  if (value === undefined) throw new Error('an empty list');
  return value;
}

export function noise(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

/** Of a control or data frame: right, near to right, or noise. */
export function payloadFor(opcode: number, random: Random): Uint8Array {
  if (opcode === 8 && random(8) > 0) {
    const code = random(4) === 0 ? pick(codes, random) : 1000;
    return Uint8Array.of(code >> 8, code & 0xff, ...(random(2) === 0 ? pick(texts, random) : noise(random(4), random)));
  }
  const kind = random(8);
  if (kind === 0) return noise(pick(lengths, random), random);
  if (kind === 1) return new Uint8Array(pick(lengths, random)).fill(0x41);
  const text = pick(texts, random);
  // Cut anywhere, so that fragments end inside characters.
  return kind < 3 ? text.subarray(0, random(text.length + 1)) : text;
}

/**
 * @param isInMessage whether the frame before has begun a message; mostly the frame then goes on with it
 * @param isMinimal lengths are right and in their shortest form
 */
function hostileFrame({ isServer, isMinimal }: HostileOptions, isInMessage: boolean, random: Random): MadeFrame {
  const isOdd = random(30) === 0;
  const opcode = isOdd ? random(16) : pick(isInMessage ? [0, 0, 0, 0, 9, 10] : [1, 1, 1, 2, 2, 9, 10, 8], random);
  const payload = payloadFor(opcode, random);
  const rightMask: RawMask = isServer ? 'random' : 'none';
  // Without a key that is announced, what follows is read as something else, with any length.
  const masks = isMinimal ? rawMasks.slice(0, 4) : rawMasks;
  const mask = random(40) === 0 ? pick(masks, random) : rightMask;
  const isWrong = !isMinimal && random(40) === 0;
  const lengthForm = isWrong ? pick<LengthForm>([16, 64], random) : 'shortest';
  const most = lengthForm === 16 ? 0xffffn : 2n ** 64n - 1n;
  const wanted = isWrong && random(2) === 0 ? BigInt(random(70_000)) << BigInt(random(48)) : BigInt(payload.length);
  const frame: RawFrame = {
    fin: opcode >= 8 ? random(30) > 0 : random(3) > 0,
    rsv: random(30) === 0 ? random(8) : 0,
    opcode,
    mask,
    lengthForm,
    declaredLength: wanted > most ? most : wanted,
    payload,
  };
  const bytes = valueOf(encodeRawFrame(frame, () => random(2 ** 32)));
  return { bytes, isInMessage: opcode >= 8 ? isInMessage : !frame.fin };
}

/** @returns up to ten frames; unless minimal, sometimes cut off or with single bytes changed */
export function hostileFrames(random: Random, options: HostileOptions): Uint8Array {
  const { isMinimal } = options;
  if (!isMinimal && random(50) === 0) return noise(random(300), random);
  const frames: Uint8Array[] = [];
  let isInMessage = false;
  for (let count = 1 + random(10); count > 0; count -= 1) {
    const frame = hostileFrame(options, isInMessage, random);
    frames.push(frame.bytes);
    isInMessage = frame.isInMessage;
  }
  const bytes = new Uint8Array(Buffer.concat(frames));
  if (isMinimal) return bytes;
  for (let changes = random(8) === 0 ? 1 + random(3) : 0; changes > 0 && bytes.length > 0; changes -= 1) {
    bytes[random(bytes.length)] = random(256);
  }
  return random(8) === 0 ? bytes.slice(0, random(bytes.length + 1)) : bytes;
}
