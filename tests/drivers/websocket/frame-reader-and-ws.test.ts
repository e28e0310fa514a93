/** The frame reader beside the one of `ws`, on right and wrong frames. */
import { describe, expect, it } from 'vitest';
import { isControl, opcodeName, type FrameHead } from '../../../src/drivers/websocket/frame.ts';
import { FrameReader } from '../../../src/drivers/websocket/frame-reader.ts';
import { readClosePayload } from '../../../src/drivers/websocket/frame-writer.ts';
import { MessageAssembler } from '../../../src/drivers/websocket/message-assembler.ts';
import { asClient, asServer, FrameEvents, hex } from '../../support/frame-events.ts';
import { hostileFrames } from '../../support/hostile-frames.ts';
import { seededRandom } from '../../support/random.ts';
import { eventsOfWs } from '../../support/ws-parts.ts';

/** What comes of bytes, in the words of `eventsOfWs`: messages put together, nothing behind a close. */
function readMessages(bytes: Uint8Array, isServer: boolean, maxPayload: number): string[] {
  const events = new FrameEvents();
  const { list } = events;
  const assembler = new MessageAssembler(null);
  const reader = new FrameReader(
    { ...(isServer ? asServer : asClient), maxPayload },
    {
      messages: events.messages.bind(events),
      frame: (head: FrameHead, payload: Uint8Array) => {
        if (head.opcode === 8) {
          const { code, reason } = readClosePayload(payload);
          list.push(`close ${code ?? 1005} ${Buffer.from(reason).toString('hex')}`);
          reader.stop();
        } else if (isControl(head.opcode)) {
          list.push(`${opcodeName(head.opcode)} ${hex(payload)}`);
        } else {
          const assembled = assembler.add(head, payload);
          if (assembled?.ok === true) {
            list.push(`${opcodeName(assembled.message.opcode)} ${hex(assembled.message.bytes)}`);
          }
        }
      },
      violation: ({ code }) => list.push(`violation ${code}`),
    },
  );
  reader.read(bytes.slice());
  return list;
}

describe('the frame reader and ws', () => {
  it.each([
    ['client', false, 0],
    ['server', true, 0],
    ['server with a limit', true, 40],
  ])('see the same in the role of a %s', async (_role, isServer, maxPayload) => {
    let violations = 0;
    for (let seed = 1; seed <= 1500; seed += 1) {
      const bytes = hostileFrames(seededRandom(seed), { isServer, isMinimal: true });
      const ours = readMessages(bytes, isServer, maxPayload);
      const theirs = await eventsOfWs(bytes, isServer, maxPayload);
      const last = ours.at(-1) ?? '';
      if (last.startsWith('violation')) violations += 1;
      if (last === 'violation 1007' && theirs.length >= ours.length) {
        // Broken text is told as soon as it is seen; ws waits for the end of the message, and may see other things before.
        expect(theirs.slice(0, ours.length - 1), `seed ${seed}`).toEqual(ours.slice(0, -1));
      } else if (last !== 'violation 1007') {
        expect(theirs, `seed ${seed}`).toEqual(ours);
      }
    }
    expect(violations).toBeGreaterThan(500);
  });
});
