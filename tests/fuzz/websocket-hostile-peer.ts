/** A peer that sends right frames, and now and then whatever can be wrong with one. The same for the same random numbers. */
import { constants, deflateRawSync } from 'node:zlib';
import type { DeflateSide } from '../../src/drivers/websocket/deflate.ts';
import { OPCODE, RSV1 } from '../../src/drivers/websocket/frame.ts';
import { encodeRawFrame, rawMasks, type LengthForm, type RawFrame } from '../../src/drivers/websocket/raw-frame.ts';
import { noise, payloadFor, pick } from '../support/hostile-frames.ts';
import { valueOf } from '../support/outcome.ts';
import type { Random } from '../support/random.ts';

export interface PeerSetup {
  readonly masks: boolean;
  /** How it compresses; null: nothing was agreed. */
  readonly deflate: DeflateSide | null;
  /** Longest message that the other side takes, in bytes. */
  readonly maxPayload: number;
  /** One of so many frames is wrong; 0: none. */
  readonly oddity: number;
}

export interface PeerMessage {
  readonly kind: 'text' | 'binary';
  readonly bytes: Uint8Array;
}

const alphabet = [...'abcdefghij 0123456789 äöü € κόσμε 안녕 🙂𐍈', '\0', '\ufeff', 'again and again and '];
const MOST = 5000;
const BOMBS = [70_000, 1024 * 1024, 16 * 1024 * 1024].map((size) => deflate(Buffer.alloc(size), 15, null));

/** As RFC 7692 §7.2.1 has it. */
function deflate(bytes: Uint8Array, windowBits: number, dictionary: Buffer | null): Buffer {
  const made = deflateRawSync(bytes, {
    windowBits: Math.max(9, windowBits),
    memLevel: 2,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary === null || dictionary.length === 0 ? {} : { dictionary }),
  });
  return made.subarray(0, -4);
}

/** Characters of one to four bytes in no order, of which texts are cut. */
const characters = Buffer.from(
  Array.from({ length: 2 * MOST }, (_, index) => alphabet[(index * index * 7919) % alphabet.length]).join(''),
);

function isWithinCharacter(at: number): boolean {
  return ((characters[at] ?? 0) & 0xc0) === 0x80;
}

/** Text of so many bytes. */
function textOf(length: number, random: Random): Buffer {
  let from = random(MOST);
  while (isWithinCharacter(from)) from += 1;
  let to = Math.min(from + length, characters.length);
  while (to > from && isWithinCharacter(to)) to -= 1;
  const text = Buffer.alloc(length, 'x');
  characters.copy(text, 0, from, to);
  return text;
}

export class HostilePeer {
  /** Whole messages that it has sent as they should be, up to its first fault. */
  readonly messages: PeerMessage[] = [];
  /** Nothing that it has sent was wrong, or longer than is taken. */
  isRight = true;
  readonly #setup: PeerSetup;
  /** What is left of the message that has begun. */
  #rest: RawFrame[] = [];
  #current: PeerMessage | null = null;
  #window = Buffer.alloc(0);

  constructor(setup: PeerSetup) {
    this.#setup = setup;
  }

  /** @returns some frames one behind another; seldom cut off */
  bytes(random: Random): Uint8Array {
    const parts: Uint8Array[] = [];
    const before = this.messages.length;
    for (let count = 1 + random(6); count > 0; count -= 1) parts.push(this.#next(random));
    const bytes = Buffer.concat(parts);
    if (this.#setup.oddity === 0 || random(this.#setup.oddity * 4) > 0) return bytes;
    this.isRight = false;
    this.messages.length = before;
    if (random(3) === 0) return noise(random(300), random);
    if (random(2) === 0) return bytes.subarray(0, random(bytes.length + 1));
    if (bytes.length > 0) bytes[random(bytes.length)] = random(256);
    return bytes;
  }

  #next(random: Random): Uint8Array {
    const { oddity } = this.#setup;
    const frame = this.#rightFrame(random);
    const encoded = oddity > 0 && random(oddity) === 0 ? this.#spoilt(frame, random) : this.#encode(frame, random);
    if (this.#rest.length === 0 && this.#current !== null) {
      if (this.isRight) this.messages.push(this.#current);
      this.#current = null;
    }
    return encoded;
  }

  #encode(frame: RawFrame, random: Random): Uint8Array {
    return valueOf(encodeRawFrame(frame, () => random(2 ** 32)));
  }

  #frame(opcode: number, payload: Uint8Array, fin = true, rsv = 0): RawFrame {
    const mask = this.#setup.masks ? 'random' : 'none';
    return { fin, rsv, opcode, mask, lengthForm: 'shortest', declaredLength: null, payload };
  }

  #rightFrame(random: Random): RawFrame {
    if (this.#rest.length > 0 && random(4) > 0) {
      const next = this.#rest.shift();
      if (next !== undefined) return next;
    }
    if (this.#rest.length === 0 && random(4) > 0) return this.#message(random);
    if (random(20) === 0) {
      const reason = textOf(random(20), random);
      const code = pick([1000, 1001, 1011, 3000, 4999], random);
      return this.#frame(
        OPCODE.close,
        random(4) === 0 ? reason.subarray(0, 0) : Buffer.of(code >> 8, code & 0xff, ...reason),
      );
    }
    const payload = random(3) === 0 ? noise(random(126), random) : textOf(random(10), random);
    return this.#frame(random(2) === 0 ? OPCODE.ping : OPCODE.pong, payload.subarray(0, 125));
  }

  /** Begins a message. @returns its first frame */
  #message(random: Random): RawFrame {
    const { deflate: side, maxPayload } = this.#setup;
    const isText = random(2) === 0;
    const near =
      random(20) === 0 && maxPayload <= MOST * 20
        ? maxPayload - 2 + random(4)
        : random(pick([8, 150, 300, MOST], random));
    const length = Math.max(0, Math.min(near, random(40) === 0 ? maxPayload + 1 : maxPayload));
    const bytes = isText ? textOf(length, random) : Buffer.alloc(length, noise(16, random));
    if (bytes.length > maxPayload) this.isRight = false;
    this.#current = { kind: isText ? 'text' : 'binary', bytes };
    const isCompressed = side !== null && random(2) === 0;
    const payload = isCompressed ? this.#compressed(bytes, side) : bytes;
    const frames: RawFrame[] = [];
    let from = 0;
    for (let left = random(3) === 0 ? random(5) : 0; left > 0; left -= 1) {
      const to = from + random(payload.length - from + 1);
      frames.push(this.#frame(OPCODE.continuation, payload.subarray(from, to), false));
      from = to;
    }
    frames.push(this.#frame(OPCODE.continuation, payload.subarray(from), true));
    const [first, ...rest] = frames;
    if (first === undefined) throw new Error('a message without a frame');
    this.#rest = rest;
    return { ...first, opcode: isText ? OPCODE.text : OPCODE.binary, rsv: isCompressed ? RSV1 : 0 };
  }

  #compressed(bytes: Buffer, { windowBits, contextTakeover }: DeflateSide): Buffer {
    const compressed = deflate(bytes, windowBits, contextTakeover ? this.#window : null);
    this.#window = Buffer.concat([this.#window, bytes]).subarray(-(2 ** windowBits));
    return compressed;
  }

  /** Something is wrong with this one, or comes in its place. */
  #spoilt(frame: RawFrame, random: Random): Uint8Array {
    this.isRight = false;
    const encode = (change: Partial<RawFrame>): Uint8Array => this.#encode({ ...frame, ...change }, random);
    switch (random(14)) {
      case 0:
        return encode({ opcode: random(16) });
      case 1:
        return encode({ rsv: random(8) });
      case 2:
        return encode({ mask: pick(rawMasks, random) });
      case 3:
        return encode({ fin: !frame.fin });
      case 4:
        return encode({ lengthForm: pick<LengthForm>([16, 64], random), payload: frame.payload.subarray(0, 0xffff) });
      case 5:
        return encode({ lengthForm: 64, declaredLength: BigInt(random(70_000)) << BigInt(random(48)) });
      case 6:
        return encode({ payload: noise(random(300), random) });
      case 7: {
        const payload = frame.payload.slice();
        if (payload.length > 0) payload[random(payload.length)] = random(256);
        return encode({ payload });
      }
      case 8:
        return new Uint8Array(0);
      case 9:
        return Buffer.concat([encode({}), encode({})]);
      case 10:
        return encode({ opcode: 8 + random(3), payload: noise(random(140), random) });
      case 11:
        return encode({ opcode: OPCODE.close, payload: payloadFor(OPCODE.close, random) });
      case 12:
        return encode({ opcode: 1 + random(2), rsv: RSV1, fin: random(4) > 0, payload: pick(BOMBS, random) });
      default:
        return encode({ opcode: 1 + random(2), rsv: RSV1, payload: noise(random(60), random) });
    }
  }
}
