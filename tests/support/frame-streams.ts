/** Streams of frames for properties: what is sent, its bytes, and what a reader has to tell. */
import fc from 'fast-check';
import { encodeControl, encodeMessage, type MakeKey } from '../../src/drivers/websocket/frame-writer.ts';
import { OPCODE, opcodeName } from '../../src/drivers/websocket/frame.ts';
import { hex } from './frame-events.ts';

/** One message or control frame that is sent. */
export interface Sent {
  readonly opcode: (typeof OPCODE)['text' | 'binary' | 'ping' | 'pong'];
  readonly payload: Uint8Array;
  readonly fragments: number | readonly number[];
}

const text = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 200 }))
  .map((value) => new TextEncoder().encode(value));
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  // Around the borders of the three forms of length.
  fc.constantFrom(125, 126, 127, 65_535, 65_536).map((length) => new Uint8Array(length).fill(length)),
);
const fragments = fc.oneof(
  fc.constant<readonly number[]>([]),
  fc.integer({ min: 7, max: 100 }).map((size) => size * 100),
  fc.array(fc.nat(20), { maxLength: 4 }),
);

export const sentStream: fc.Arbitrary<readonly Sent[]> = fc.array(
  fc.oneof(
    fc.record({ opcode: fc.constant(OPCODE.text), payload: text, fragments }),
    fc.record({ opcode: fc.constant(OPCODE.binary), payload: anyBytes, fragments }),
    fc.record({
      opcode: fc.constantFrom(OPCODE.ping, OPCODE.pong),
      payload: fc.uint8Array({ maxLength: 125 }),
      fragments: fc.constant([]),
    }),
  ),
  { maxLength: 12 },
);

/** Keys that differ from frame to frame. */
export function countedKeys(): MakeKey {
  let key = 0x1234_5678;
  return () => (key = (Math.imul(key, 0x9e37_79b1) + 1) >>> 0);
}

export function encodeStream(sent: readonly Sent[], makeKey: MakeKey | null): Uint8Array {
  const parts = sent.map(({ opcode, payload, fragments }) =>
    opcode === OPCODE.text || opcode === OPCODE.binary
      ? encodeMessage(opcode, payload, { makeKey, fragments })
      : encodeControl(opcode, payload, makeKey),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** What a reader tells, in the words of tests/support/frame-events.ts. */
export function expectedEvents(sent: readonly Sent[]): string[] {
  return sent.flatMap(({ opcode, payload, fragments }) => {
    const name = opcodeName(opcode);
    if (opcode === OPCODE.ping || opcode === OPCODE.pong) return [`frame ${name} fin ${hex(payload)}`];
    const parts: Uint8Array[] = [];
    let rest = payload;
    const sizes = typeof fragments === 'number' ? Array.from({ length: 200 }, () => fragments) : fragments;
    for (const size of sizes) {
      if (size >= rest.length) break;
      parts.push(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
    parts.push(rest);
    if (parts.length === 1) return [`${name} ${hex(payload)}`];
    return parts.map((part, index) => {
      const opcodeOfPart = index === 0 ? name : 'continuation';
      return `frame ${opcodeOfPart}${index === parts.length - 1 ? ' fin' : ''} ${hex(part)}`;
    });
  });
}
