import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../src/drivers/websocket/frame-reader.ts';
import type { FrameHead, Violation } from '../../../src/drivers/websocket/frame.ts';
import { asClient, asServer, bytesOf, FrameEvents, hex, readInParts } from '../../support/frame-events.ts';

/** A stream of frames that are of every kind. */
const mixed = bytesOf('81 02 6869 82 01 00 89 01 70 01 01 61 80 01 62 81 03 e282ac 8a 00 81 01 7a 89 00 82 00');
const mixedEvents = [
  'text 6869',
  'binary 00',
  'frame ping fin 70',
  'frame text 61',
  'frame continuation fin 62',
  'text e282ac',
  'frame pong fin ',
  'text 7a',
  'frame ping fin ',
  'binary ',
];

describe('the frame reader', () => {
  it('gives all messages of a read in one batch, and more than a batch holds in several', () => {
    const counts: number[] = [];
    const events = new FrameEvents();
    const reader = new FrameReader(asClient, {
      messages: (batch) => counts.push(batch.count),
      frame: events.frame.bind(events),
      violation: events.violation.bind(events),
    });
    reader.read(bytesOf('81 01 61'.repeat(100)));
    reader.read(bytesOf('82 00'.repeat(2050)));
    expect(counts).toEqual([100, 1024, 1024, 2]);
  });

  it('reads views that do not begin where their memory does', () => {
    const all = bytesOf('ffffff 81 85 37fa213d 7f9f4d5158 82 82 01020304 0102 ff');
    const events = new FrameEvents();
    new FrameReader(asServer, events).read(all.subarray(3, all.length - 1));
    expect(events.list).toEqual(['text 48656c6c6f', 'binary 0000']);
  });

  it('tells the head as it was on the wire', () => {
    const heads: FrameHead[] = [];
    const reader = new FrameReader(asServer, {
      messages: () => expect.fail('no message'),
      frame: (head) => heads.push(head),
      violation: (problem: Violation) => expect.fail(problem.message),
    });
    reader.read(bytesOf(`02 fe 007e f7fa213d ${'00'.repeat(126)}`));
    expect(heads).toEqual([
      { fin: false, rsv: 0, opcode: 2, masked: true, key: 0xf7fa213d, length: 126, headBytes: 8 },
    ]);
  });

  it('shows what has come of a frame that breaks the protocol, unmasked', () => {
    const shown: unknown[] = [];
    const sink = {
      messages: () => expect.fail('no message'),
      frame: () => expect.fail('no frame'),
      violation: ({ message }: Violation, { opcode, length }: FrameHead, payload: Uint8Array) => {
        shown.push([message, opcode, length, hex(payload)]);
      },
    };
    new FrameReader(asServer, sink).read(bytesOf('83 85 37fa213d 7f9f4d'));
    new FrameReader(asClient, sink).read(bytesOf('81 05 61ff626364 00'));
    const inParts = new FrameReader(asServer, sink);
    inParts.read(bytesOf('81 85 37fa213d 7f'));
    inParts.read(bytesOf('9f4d'));
    inParts.read(bytesOf('ae'));
    expect(shown).toEqual([
      ['The opcode 3 is reserved.', 3, 5, '48656c'],
      ['A text message is not UTF-8.', 1, 5, '61ff626364'],
      ['A text message is not UTF-8.', 1, 5, '48656c93'],
    ]);
  });

  it('knows whether it stands between two frames, and what it holds', () => {
    const reader = new FrameReader(asClient, new FrameEvents());
    expect([reader.isBetweenFrames, reader.heldBytes]).toEqual([true, 0]);
    reader.read(bytesOf('01 02 61'));
    expect([reader.isBetweenFrames, reader.heldBytes]).toEqual([false, 3]);
    reader.read(bytesOf('62'));
    expect([reader.isBetweenFrames, reader.heldBytes]).toEqual([true, 0]);
    reader.read(bytesOf('80'));
    expect(reader.isBetweenFrames).toBe(false);
  });

  it('holds no more of an announced frame than has come', () => {
    const reader = new FrameReader(asClient, new FrameEvents());
    reader.read(bytesOf('82 7f 0000000002000000 00'));
    expect(reader.heldBytes).toBe(11);
  });

  it('stops when it is told to, also from within, and gives nothing more', () => {
    const events = new FrameEvents();
    const reader = new FrameReader(asClient, events);
    const stopping = Object.assign(events, {
      frame: () => {
        reader.stop();
      },
    });
    reader.read(mixed);
    reader.read(bytesOf('81 00'));
    expect(stopping.list).toEqual(['text 6869', 'binary 00']);
    expect(reader.heldBytes).toBe(0);

    const other = new FrameReader(asClient, events);
    other.read(bytesOf('81 05 61'));
    other.stop();
    expect(other.isBetweenFrames).toBe(true);
  });

  it('cannot be called from its own sink', () => {
    const events = new FrameEvents();
    const reader = new FrameReader(
      asClient,
      Object.assign(events, {
        frame: () => {
          reader.read(mixed);
        },
      }),
    );
    expect(() => {
      reader.read(mixed);
    }).toThrow('its own sink');
  });
});

describe('a paused frame reader', () => {
  /** Pauses at each frame, and is resumed when its read has returned. */
  function pausing(resumesWithin: boolean): { reader: FrameReader; events: FrameEvents } {
    const events = new FrameEvents();
    const told = events.frame.bind(events);
    const reader = new FrameReader(
      asClient,
      Object.assign(events, {
        frame: (head: FrameHead, payload: Uint8Array) => {
          told(head, payload);
          reader.pause();
          if (resumesWithin) reader.resume();
        },
      }),
    );
    return { reader, events };
  }

  it('gives nothing until it is resumed, and then all in order', () => {
    for (let cut = 0; cut <= mixed.length; cut += 1) {
      const { reader, events } = pausing(false);
      readInParts(reader, mixed, [cut]);
      expect(events.list).toEqual(mixedEvents.slice(0, 3));
      expect(reader.isPaused).toBe(true);
      for (let round = 0; reader.isPaused; round += 1) {
        expect(round).toBeLessThan(6);
        reader.resume();
      }
      expect(events.list).toEqual(mixedEvents);
      expect(reader.isBetweenFrames).toBe(true);
    }
  });

  it('goes on as if nothing had been when it is resumed at once', () => {
    for (let cut = 0; cut <= mixed.length; cut += 1) {
      const { reader, events } = pausing(true);
      readInParts(reader, mixed, [cut]);
      expect(events.list).toEqual(mixedEvents);
    }
  });

  it('can be paused between two reads, anywhere', () => {
    for (let cut = 0; cut <= mixed.length; cut += 1) {
      for (const more of [0, 1, 4, mixed.length]) {
        const events = new FrameEvents();
        const reader = new FrameReader(asClient, events);
        reader.read(mixed.slice(0, cut));
        const before = events.list.length;
        reader.pause();
        reader.read(mixed.slice(cut, cut + more));
        expect(events.list).toHaveLength(before);
        reader.resume();
        reader.resume();
        reader.read(mixed.slice(cut + more));
        expect(events.list).toEqual(mixedEvents);
      }
    }
  });

  it('can be stopped', () => {
    const { reader, events } = pausing(false);
    reader.read(mixed);
    reader.stop();
    reader.resume();
    expect(events.list).toHaveLength(3);
    expect(reader.heldBytes).toBe(0);
  });

  it('pauses behind the messages of a batch, too', () => {
    const events = new FrameEvents();
    const told = events.messages.bind(events);
    const reader = new FrameReader(
      asClient,
      Object.assign(events, {
        messages: (batch: Parameters<typeof told>[0]) => {
          told(batch);
          reader.pause();
        },
      }),
    );
    reader.read(bytesOf(`${'82 00'.repeat(1500)} 83 00`));
    expect(events.list).toHaveLength(1024);
    reader.resume();
    expect(events.list).toHaveLength(1500);
    reader.resume();
    expect(events.list.at(-1)).toBe('violation 1002 5.2');
  });
});
