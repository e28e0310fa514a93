/** What a frame is (RFC 6455 §5.2): its opcodes, its head, and what is said when one breaks the protocol. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Bits of `FrameHead.rsv`. RSV1 marks a compressed message (RFC 7692 §6); the others have no meaning yet. */
export const RSV1 = 4;

/** Longest payload of a control frame in bytes (RFC 6455 §5.5). */
export const CONTROL_BYTES = 125;

/** Longest head of a frame in bytes: two, eight for the length, four for the masking key. */
export const HEAD_BYTES = 14;

/** Everything that stands before the payload of one frame. */
export interface FrameHead {
  readonly fin: boolean;
  /** The three reserved bits as a number: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number;
  /** 0 to 15. */
  readonly opcode: number;
  readonly masked: boolean;
  /** The masking key, its first byte being the highest of 32 bits, unsigned; 0 when not masked. */
  readonly key: number;
  /** Length of the payload in bytes as it is declared. Beyond 2^53 it is rounded down. */
  readonly length: number;
  /** Length of this head in bytes: 2 to 14. */
  readonly headBytes: number;
}

/** The peer broke the protocol. */
export interface Violation {
  /** What RFC 6455 §7.4.1 wants the connection to be closed with. */
  readonly code: 1002 | 1007 | 1009;
  /** Section that says so, of RFC 6455 unless it names another: `5.1`, `RFC 7692 §7.2.2`. */
  readonly rfc: string;
  /** A whole sentence for a person. */
  readonly message: string;
}

export function isControl(opcode: number): boolean {
  return opcode >= 8;
}

/** @returns the name as in RFC 6455 §11.8, `reserved` for an opcode that has none */
export function opcodeName(opcode: number): string {
  for (const [name, number] of Object.entries(OPCODE)) {
    if (number === opcode) return name;
  }
  return 'reserved';
}

/**
 * Reads the head that starts at `at`. Checks nothing.
 * @param end where the bytes end that have come
 * @returns null when it is not whole yet
 */
export function readHead(view: DataView, at: number, end: number): FrameHead | null {
  if (end - at < 2) return null;
  const first = view.getUint8(at);
  const second = view.getUint8(at + 1);
  const masked = second >= 0x80;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const headBytes = 2 + lengthBytes + (masked ? 4 : 0);
  if (end - at < headBytes) return null;
  const length = lengthBytes === 0 ? short : lengthBytes === 2 ? view.getUint16(at + 2) : readLong(view, at + 2);
  return {
    fin: first >= 0x80,
    rsv: (first >> 4) & 7,
    opcode: first & 15,
    masked,
    key: masked ? view.getUint32(at + headBytes - 4) : 0,
    length,
    headBytes,
  };
}

function readLong(view: DataView, at: number): number {
  const high = view.getUint32(at);
  const low = view.getUint32(at + 4);
  // Of 64 bits a number holds 53.
  return high * 0x1_0000_0000 + (high < 0x20_0000 ? low : low - (low % 0x800));
}
