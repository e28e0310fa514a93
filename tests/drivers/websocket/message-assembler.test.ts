import { describe, expect, it } from 'vitest';
import type { FrameHead } from '../../../src/drivers/websocket/frame.ts';
import { FrameReader } from '../../../src/drivers/websocket/frame-reader.ts';
import { MessageAssembler, type Inflate } from '../../../src/drivers/websocket/message-assembler.ts';
import { asClient, bytesOf, FrameEvents, hex } from '../../support/frame-events.ts';

/** Turns each byte over: enough to see what was "compressed". */
const invert: Inflate = (payload) => ({ ok: true, bytes: payload.map((byte) => byte ^ 0xff) });

function assembled(text: string, inflate: Inflate | null = invert): unknown[] {
  const told: unknown[] = [];
  const assembler = new MessageAssembler(inflate);
  const reader = new FrameReader(
    { ...asClient, allowRsv1: inflate !== null },
    Object.assign(new FrameEvents(), {
      frame: (head: FrameHead, payload: Uint8Array) => {
        const result = assembler.add(head, payload);
        if (result === null) return;
        if (!result.ok) told.push(result.problem.code);
        else told.push({ ...result.message, bytes: hex(result.message.bytes) });
      },
    }),
  );
  reader.read(bytesOf(text));
  return told;
}

describe('the message assembler', () => {
  it('puts fragments together, one message after the other', () => {
    expect(assembled('01 02 6869 00 00 80 01 21  02 01 ff 80 02 fe fd')).toEqual([
      { opcode: 1, bytes: '686921', frames: 3, compressed: null },
      { opcode: 2, bytes: 'fffefd', frames: 2, compressed: null },
    ]);
  });

  it('decompresses a message in one frame and in several, and says what it had on the wire', () => {
    expect(assembled('c1 02 9796 42 01 00 00 01 01 80 01 02')).toEqual([
      { opcode: 1, bytes: '6869', frames: 1, compressed: 2 },
      { opcode: 2, bytes: 'fffefd', frames: 3, compressed: 3 },
    ]);
  });

  it('does not decompress what was not compressed, between messages that were', () => {
    expect(assembled('c1 01 97 01 01 61 80 01 62 c2 00')).toEqual([
      { opcode: 1, bytes: '68', frames: 1, compressed: 1 },
      { opcode: 1, bytes: '6162', frames: 2, compressed: null },
      { opcode: 2, bytes: '', frames: 1, compressed: 0 },
    ]);
  });

  it('refuses a decompressed text that is no UTF-8, and takes the same bytes as binary', () => {
    expect(assembled('c1 01 00')).toEqual([1007]);
    expect(assembled('c2 01 00')).toEqual([{ opcode: 2, bytes: 'ff', frames: 1, compressed: 1 }]);
  });

  it('passes on what is wrong with the compression', () => {
    const problem = { code: 1009, rfc: '7.4.1', message: 'Too long.' } as const;
    expect(assembled('c2 01 00', () => ({ ok: false, problem }))).toEqual([1009]);
  });

  it('does not grow by frames that are empty', () => {
    const assembler = new MessageAssembler(null);
    const head = { fin: false, rsv: 0, opcode: 2, masked: false, key: 0, length: 0, headBytes: 2 };
    assembler.add(head, new Uint8Array(0));
    for (let count = 0; count < 100_000; count += 1) assembler.add({ ...head, opcode: 0 }, new Uint8Array(0));
    const last = assembler.add({ ...head, opcode: 0, fin: true }, Uint8Array.of(1));
    expect(last).toEqual({
      ok: true,
      message: { opcode: 2, bytes: Uint8Array.of(1), frames: 100_002, compressed: null },
    });
  });

  it('takes it for a bug when something compressed comes that nobody has agreed to', () => {
    const head = { fin: true, rsv: 4, opcode: 1, masked: false, key: 0, length: 0, headBytes: 2 };
    expect(() => new MessageAssembler(null).add(head, new Uint8Array(0))).toThrow('nothing to decompress');
  });
});
