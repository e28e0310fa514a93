/** The frame that a row was on the wire (RFC 6455 §5.2), as far as the record and its kind tell. */
import { OPCODE, opcodeName, RSV1 } from '../../drivers/websocket/frame.ts';
import type { Meta, RecordView } from '../../shared/record.ts';

/** What only a frame has that was put together by hand. */
export interface HandFacts {
  /** Bytes before the payload, the masking key among them, in hex; null in recordings from before it was kept. */
  readonly head: string | null;
  /** The length that the head says, in bytes. */
  readonly declared: number;
  /** Of `RawMask`, when it is not a usual one. */
  readonly mask: string | null;
  /** Bytes of the first of two writes. */
  readonly splitAt: number | null;
}

export interface FrameFacts {
  /** 0 to 15. */
  readonly opcode: number;
  readonly name: string;
  readonly fin: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number;
  readonly masked: boolean;
  /** Bytes of its payload on the wire. */
  readonly length: number;
  /** Sent by the frame composer: what it says may be wrong. */
  readonly hand: HandFacts | null;
  /** Bytes of the message when it was compressed, else null. */
  readonly plain: number | null;
}

const opcodeOf: Readonly<Record<string, number>> = OPCODE;

/** Kinds that were one frame with this name, unless their meta says that there were more. */
const wholeKinds = ['text', 'binary', 'ping', 'pong', 'close'];

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function handOf(meta: Meta, length: number): HandFacts | null {
  if (meta.byHand !== true) return null;
  return {
    head: typeof meta.head === 'string' && meta.head.length >= 4 ? meta.head : null,
    declared: numberOf(meta.declared, length),
    mask: typeof meta.mask === 'string' ? meta.mask : null,
    splitAt: typeof meta.splitAt === 'number' ? meta.splitAt : null,
  };
}

/**
 * @param role of this side: a client masks what it sends, a server does not (RFC 6455 §5.1)
 * @returns null for an event, and for a message that came in several frames, each of which has a row of its own
 */
export function frameOf(record: RecordView, kind: string, role: 'client' | 'server'): FrameFacts | null {
  const { meta, payloadLength, direction } = record;
  if (kind === 'frame') {
    const opcode = numberOf(meta.opcode, 0);
    const length = numberOf(meta.length, payloadLength);
    const flags = { fin: meta.fin === true, rsv: numberOf(meta.rsv, 0), masked: meta.masked === true };
    return { opcode, name: opcodeName(opcode), ...flags, length, hand: handOf(meta, length), plain: null };
  }
  if (!wholeKinds.includes(kind) || direction === 'none' || numberOf(meta.frames, 1) > 1) return null;
  const compressed = typeof meta.compressed === 'number' ? meta.compressed : null;
  return {
    opcode: opcodeOf[kind] ?? 0,
    name: kind,
    fin: true,
    rsv: compressed === null ? 0 : RSV1,
    masked: (direction === 'out') === (role === 'client'),
    length: compressed ?? payloadLength,
    hand: null,
    plain: compressed === null ? null : payloadLength,
  };
}

/** `FIN · RSV1 · masked` */
export function frameFlags({ fin, rsv, masked }: Pick<FrameFacts, 'fin' | 'rsv' | 'masked'>): string {
  return [fin ? 'FIN' : 'more follow', ...rsvNames(rsv), ...(masked ? ['masked'] : [])].join(' · ');
}

export function rsvNames(rsv: number): readonly string[] {
  return ['RSV1', 'RSV2', 'RSV3'].filter((_, index) => (rsv & (4 >> index)) !== 0);
}

/** Bits in which a length is written, in its shortest form. */
export function lengthBits(length: number): 7 | 16 | 64 {
  return length < 126 ? 7 : length < 0x1_0000 ? 16 : 64;
}

/** Bits in which the length of this frame stands in its head. */
export function frameLengthBits({ length, hand }: FrameFacts): 7 | 16 | 64 {
  if (hand === null) return lengthBits(length);
  if (hand.head === null) return lengthBits(hand.declared);
  const short = Number.parseInt(hand.head.slice(2, 4), 16) & 0x7f;
  return short === 127 ? 64 : short === 126 ? 16 : 7;
}

const maskNotes: Readonly<Record<string, string>> = {
  zero: 'with a key of zeros',
  'not-applied': 'wrong: the key is in the head, but not applied to the payload',
  'no-key': 'wrong: the flag without a key',
  'not-flagged': 'wrong: the payload is masked, its key is in the head, but the flag is not set',
};

export function maskNote({ masked, hand }: FrameFacts): string {
  const wrong = maskNotes[hand?.mask ?? ''];
  if (wrong !== undefined) return wrong;
  if (!masked) return 'as a server sends, §5.1';
  return typeof hand?.head === 'string' ? 'by a client; its key ends the head' : 'by a client; its key is not recorded';
}

/** The head as hex. By hand: as it was. Else in the shortest form of the length; of the masking key, which is not recorded, only its place. */
export function frameHead(frame: FrameFacts): string {
  const { fin, rsv, opcode, masked, length, hand } = frame;
  const recorded = hand?.head ?? null;
  if (recorded !== null) return recorded.replace(/..(?=.)/g, '$& ');
  const bits = lengthBits(length);
  const short = bits === 7 ? length : bits === 16 ? 126 : 127;
  const bytes = [(fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | short];
  const lengthBytes = bits === 7 ? 0 : bits / 8;
  for (let at = lengthBytes - 1; at >= 0; at -= 1) bytes.push(Math.floor(length / 256 ** at) % 256);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  return [...hex, ...(masked ? ['··', '··', '··', '··'] : [])].join(' ');
}
