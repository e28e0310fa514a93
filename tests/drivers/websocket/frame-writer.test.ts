import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closePayload,
  encodeBatch,
  encodeControl,
  encodeHead,
  encodeMessage,
  readClosePayload,
} from '../../../src/drivers/websocket/frame-writer.ts';
import { OPCODE } from '../../../src/drivers/websocket/frame.ts';
import { asClient, asServer, eventsOf, hex } from '../../support/frame-events.ts';
import { countedKeys, encodeStream, expectedEvents, sentStream } from '../../support/frame-streams.ts';
import { eventsOfWs, frameOfWs } from '../../support/ws-parts.ts';

const hello = new TextEncoder().encode('Hello');
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('the frame writer', () => {
  it('writes the examples of RFC 6455 §5.7', () => {
    expect(hex(encodeMessage(OPCODE.text, hello, { makeKey: null }))).toBe('810548656c6c6f');
    expect(hex(encodeMessage(OPCODE.text, hello, { makeKey: () => 0x37fa213d }))).toBe('818537fa213d7f9f4d5158');
    expect(hex(encodeMessage(OPCODE.text, hello, { makeKey: null, fragments: [3] }))).toBe('010348656c80026c6f');
    expect(hex(encodeControl(OPCODE.ping, hello, null))).toBe('890548656c6c6f');
  });

  it('uses a key of its own for each fragment, also a negative one', () => {
    const keys = [1, -1];
    const bytes = encodeMessage(OPCODE.binary, new Uint8Array(2), { makeKey: () => keys.shift() ?? 0, fragments: 1 });
    expect(hex(bytes)).toBe('02810000000100' + '8081ffffffffff');
  });

  it('marks only the first fragment as compressed', () => {
    const bytes = encodeMessage(OPCODE.text, hello, { makeKey: null, isCompressed: true, fragments: [0, 3] });
    expect(hex(bytes)).toBe('4100000348656c80026c6f');
  });

  it('makes what the frame reader reads as it was, however it is split', () => {
    fc.assert(
      fc.property(sentStream, fc.boolean(), cuts, (sent, isMasked, at) => {
        const bytes = encodeStream(sent, isMasked ? countedKeys() : null);
        expect(eventsOf(isMasked ? asServer : asClient, bytes, at)).toEqual(expectedEvents(sent));
      }),
      { numRuns: 1000 },
    );
  });

  it('makes the same of a whole batch, and of a head before a payload that is not copied', () => {
    const message = fc.record({ isText: fc.boolean(), payload: fc.uint8Array({ maxLength: 300, size: 'max' }) });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), fc.boolean(), (messages, isMasked) => {
        const bytes = Buffer.concat(messages.flatMap(({ payload }) => [Buffer.from('between'), payload]));
        const lengths = Uint32Array.from(messages, ({ payload }) => payload.length);
        const starts = lengths.map(
          (_, index) => 7 * (index + 1) + lengths.subarray(0, index).reduce((a, b) => a + b, 0),
        );
        const kinds = Uint8Array.from(messages, ({ isText }) => (isText ? 0 : 1));
        const makeKeys = (): (() => number) | null => (isMasked ? countedKeys() : null);
        const makeKey = makeKeys();
        const single = messages.map(({ isText, payload }) =>
          encodeMessage(isText ? OPCODE.text : OPCODE.binary, payload, { makeKey }),
        );
        const batch = encodeBatch({ bytes, count: messages.length, kinds, starts, lengths }, makeKeys());
        expect(hex(batch)).toBe(hex(Buffer.concat(single)));
      }),
    );
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      for (const isCompressed of [false, true]) {
        const payload = new Uint8Array(length).fill(7);
        const head = encodeHead(OPCODE.binary, length, isCompressed);
        const whole = encodeMessage(OPCODE.binary, payload, { makeKey: null, isCompressed });
        expect(Buffer.concat([head, payload]).equals(whole)).toBe(true);
      }
    }
  });

  it('makes the frames that ws makes', () => {
    fc.assert(
      fc.property(sentStream, fc.option(fc.nat(0xffff_ffff)), (sent, key) => {
        for (const { opcode, payload } of sent) {
          const makeKey = key === null ? null : (): number => key;
          const ours =
            opcode === OPCODE.text || opcode === OPCODE.binary
              ? encodeMessage(opcode, payload, { makeKey })
              : encodeControl(opcode, payload, makeKey);
          expect(hex(ours)).toBe(hex(frameOfWs(payload, opcode, true, key)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('makes messages that ws reads', async () => {
    await fc.assert(
      fc.asyncProperty(sentStream, fc.boolean(), async (sent, isMasked) => {
        const read = await eventsOfWs(encodeStream(sent, isMasked ? countedKeys() : null), isMasked);
        const names = { 1: 'text', 2: 'binary', 9: 'ping', 10: 'pong' } as const;
        expect(read).toEqual(sent.map(({ opcode, payload }) => `${names[opcode]} ${hex(payload)}`));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a control frame that is too long', () => {
    expect(() => encodeControl(OPCODE.ping, new Uint8Array(126), null)).toThrow(RangeError);
  });

  it('packs the code and the reason of a close', () => {
    expect(hex(closePayload(1000, 'é'))).toBe('03e8c3a9');
    expect(closePayload(null)).toHaveLength(0);
    expect(readClosePayload(closePayload(4999, '\ufeffbye'))).toEqual({ code: 4999, reason: '\ufeffbye' });
    expect(readClosePayload(closePayload(null))).toEqual({ code: null, reason: '' });
  });
});
