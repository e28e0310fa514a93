/** Frames into bytes (RFC 6455 §5). What the frame composer makes, right or wrong, is in raw-frame.ts. */
import { CONTROL_BYTES, OPCODE, RSV1 } from './frame.ts';
import { MaskedBytes } from './mask.ts';

/** Gives a new masking key each time: 32 bits that nobody can guess (RFC 6455 §5.3). */
export type MakeKey = () => number;

/** How a frame begins; what of it a reader learns from the bytes again. */
interface FrameStart {
  readonly fin: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number;
  /** 0 to 15. */
  readonly opcode: number;
  /** Null: not masked. */
  readonly key: number | null;
}

/** @param length of the payload in bytes. @returns bytes of the whole frame */
function frameBytes(length: number, isMasked: boolean): number {
  return 2 + (length < 126 ? 0 : length < 0x1_0000 ? 2 : 8) + (isMasked ? 4 : 0) + length;
}

/**
 * Writes the head of a frame, the length in its shortest form.
 * @param length of the payload, in bytes
 * @returns where it ends
 */
function writeHead(into: Uint8Array, at: number, start: FrameStart, length: number): number {
  const { key } = start;
  const maskBit = key === null ? 0 : 0x80;
  let next = at;
  into[next++] = (start.fin ? 0x80 : 0) | (start.rsv << 4) | start.opcode;
  if (length < 126) {
    into[next++] = maskBit | length;
  } else if (length < 0x1_0000) {
    into[next++] = maskBit | 126;
    next = writeNumber(into, next, length, 2);
  } else {
    into[next++] = maskBit | 127;
    next = writeNumber(into, next, length, 8);
  }
  return key === null ? next : writeNumber(into, next, key, 4);
}

/**
 * Writes one frame. The payload is copied, and masked in its new place.
 * @param into has `frameBytes` bytes of room behind `at`
 * @returns where it ends
 */
function writeFrame(into: Uint8Array, at: number, start: FrameStart, payload: Uint8Array): number {
  const next = writeHead(into, at, start, payload.length);
  into.set(payload, next);
  const end = next + payload.length;
  if (start.key !== null) new MaskedBytes(into).apply(next, end, start.key);
  return end;
}

/** Writes an unsigned number, its highest byte first. @returns where it ends */
export function writeNumber(into: Uint8Array, at: number, value: number, bytes: number): number {
  let rest = value < 0 ? value >>> 0 : value;
  for (let index = at + bytes - 1; index >= at; index -= 1) {
    into[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + bytes;
}

export interface MessageFraming {
  /** What makes masking keys; null where a server sends, which must not mask (RFC 6455 §5.1). */
  readonly makeKey: MakeKey | null;
  /** The payload is compressed by permessage-deflate: the first frame has RSV1. */
  readonly isCompressed?: boolean;
  /**
   * Bytes of each fragment: a number of 1 or more for all alike, or one number after another (0 makes an empty fragment),
   * with what is left over in one more. Without it, the message is one frame.
   */
  readonly fragments?: number | readonly number[];
}

/** @returns one whole message as it goes over the wire */
export function encodeMessage(
  opcode: typeof OPCODE.text | typeof OPCODE.binary,
  payload: Uint8Array,
  framing: MessageFraming,
): Uint8Array {
  const { makeKey, isCompressed = false, fragments = [] } = framing;
  const isMasked = makeKey !== null;
  const newKey = (): number | null => (makeKey === null ? null : makeKey());
  const ends = fragmentEnds(payload.length, fragments);
  if (ends.length === 1) {
    const bytes = new Uint8Array(frameBytes(payload.length, isMasked));
    writeFrame(bytes, 0, { fin: true, rsv: isCompressed ? RSV1 : 0, opcode, key: newKey() }, payload);
    return bytes;
  }
  let size = 0;
  let from = 0;
  for (const to of ends) {
    size += frameBytes(to - from, isMasked);
    from = to;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  from = 0;
  for (const [index, to] of ends.entries()) {
    const isFirst = index === 0;
    const start = {
      fin: index === ends.length - 1,
      rsv: isFirst && isCompressed ? RSV1 : 0,
      opcode: isFirst ? opcode : OPCODE.continuation,
      key: newKey(),
    };
    at = writeFrame(bytes, at, start, payload.subarray(from, to));
    from = to;
  }
  return bytes;
}

/**
 * What stands before the payload of a message that is one frame and not masked: the payload itself need not be copied.
 * @param length of the payload, in bytes
 */
export function encodeHead(
  opcode: typeof OPCODE.text | typeof OPCODE.binary,
  length: number,
  isCompressed: boolean,
): Uint8Array {
  const bytes = new Uint8Array(frameBytes(length, false) - length);
  writeHead(bytes, 0, { fin: true, rsv: isCompressed ? RSV1 : 0, opcode, key: null }, length);
  return bytes;
}

/** Messages that stand in `bytes`, as the seam's `Batch` has them: which the window, who uses this file too, does not know. */
interface Messages {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** 0 for text, 1 for binary. */
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}

/** @returns all messages one behind another, each one frame */
export function encodeBatch(batch: Messages, makeKey: MakeKey | null): Uint8Array {
  const { bytes, count, kinds, starts, lengths } = batch;
  let size = 0;
  for (let index = 0; index < count; index += 1) size += frameBytes(lengths[index] ?? 0, makeKey !== null);
  const encoded = new Uint8Array(size);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const start = starts[index] ?? 0;
    const opcode = kinds[index] === 0 ? OPCODE.text : OPCODE.binary;
    const head = { fin: true, rsv: 0, opcode, key: makeKey === null ? null : makeKey() };
    at = writeFrame(encoded, at, head, bytes.subarray(start, start + (lengths[index] ?? 0)));
  }
  return encoded;
}

/** Where each fragment of a payload ends; the last one at `length`. */
function fragmentEnds(length: number, fragments: number | readonly number[]): number[] {
  const ends: number[] = [];
  if (typeof fragments === 'number') {
    const size = Math.max(1, Math.floor(fragments));
    for (let end = size; end < length; end += size) ends.push(end);
  } else {
    let end = 0;
    for (const size of fragments) {
      end += size;
      if (end >= length) break;
      ends.push(end);
    }
  }
  ends.push(length);
  return ends;
}

/**
 * @param payload at most 125 bytes
 * @returns one control frame
 */
export function encodeControl(
  opcode: typeof OPCODE.close | typeof OPCODE.ping | typeof OPCODE.pong,
  payload: Uint8Array,
  makeKey: MakeKey | null,
): Uint8Array {
  if (payload.length > CONTROL_BYTES) throw new RangeError(`A control frame has at most ${CONTROL_BYTES} bytes.`);
  const bytes = new Uint8Array(frameBytes(payload.length, makeKey !== null));
  writeFrame(bytes, 0, { fin: true, rsv: 0, opcode, key: makeKey === null ? null : makeKey() }, payload);
  return bytes;
}

/** Longest reason of a close frame in bytes of UTF-8: the code takes two. */
export const CLOSE_REASON_BYTES = CONTROL_BYTES - 2;

/**
 * @param code null: a close frame without code and reason
 * @param reason at most CLOSE_REASON_BYTES as UTF-8
 */
export function closePayload(code: number | null, reason = ''): Uint8Array {
  if (code === null) return new Uint8Array(0);
  const text = new TextEncoder().encode(reason);
  const payload = new Uint8Array(2 + text.length);
  payload.set(text, writeNumber(payload, 0, code, 2));
  return payload;
}

/** @returns what a valid close frame says; the code is null when it has none */
export function readClosePayload(payload: Uint8Array): { readonly code: number | null; readonly reason: string } {
  if (payload.length < 2) return { code: null, reason: '' };
  return {
    code: ((payload[0] ?? 0) << 8) | (payload[1] ?? 0),
    reason: new TextDecoder('utf-8', { ignoreBOM: true }).decode(payload.subarray(2)),
  };
}
