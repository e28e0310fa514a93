/** What a resolver can do wrong over TCP, and where UDP is not enough. */
import type { Socket } from 'node:net';
import type { Answer } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { ask } from '../../support/dns-bench.ts';
import { framed, withId, type Asked } from '../../support/faulty-resolver.ts';

/** No answer is waited for so long where one will not come. */
const SHORT_MS = 40;

const good: Answer = { name: 'example.org', type: 'A', ttl: 60, data: '192.0.2.1' };
const TC = 0x0200;

describe('over TCP', () => {
  const tcp = { transport: 'tcp' };

  test('bytes that come one by one are put together', async () => {
    const looked = await ask(
      {
        tcp(asked, socket) {
          socket.setNoDelay();
          const bytes = framed(asked.answer([good]));
          const next = (at: number): void => {
            if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
          };
          next(0);
        },
      },
      tcp,
    );
    expect(looked.metas('record')).toMatchObject([{ data: '192.0.2.1' }]);
    expect(looked.failures).toEqual([]);
  });

  test('messages that come together are told apart', async () => {
    const looked = await ask(
      {
        tcp(asked, socket) {
          const answer = asked.answer([good]);
          socket.write(
            Buffer.concat([
              framed(withId(answer, Number(asked.packet.id) + 1)),
              framed(Buffer.alloc(0)),
              framed(answer),
            ]),
          );
        },
      },
      tcp,
    );
    expect(looked.rows('mismatch')).toHaveLength(1);
    expect(looked.rows('malformed')).toHaveLength(1);
    expect(looked.metas('record')).toMatchObject([{ data: '192.0.2.1' }]);
  });

  const endings: readonly (readonly [string, (asked: Asked, socket: Socket) => void, string, string])[] = [
    ['closes without an answer', (_asked, socket) => socket.end(), 'dns-truncated', 'EOF'],
    [
      'closes in the middle of it',
      (asked, socket) => socket.end(framed(asked.answer([good])).subarray(0, 20)),
      'dns-truncated',
      'EOF',
    ],
    ['closes after one byte', (_asked, socket) => socket.end(Buffer.of(0)), 'dns-truncated', 'EOF'],
    ['resets the connection', (_asked, socket) => socket.resetAndDestroy(), 'connection-reset', 'ECONNRESET'],
    ['sends text', (_asked, socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'dns-truncated', 'EOF'],
    [
      'sends a message that is none',
      (_asked, socket) => socket.end(framed(Buffer.from('no message at all'))),
      'dns-malformed',
      'MALFORMED',
    ],
  ];
  test.each(endings)('a server that %s is named with how it ended', async (_name, end, code, errno) => {
    const looked = await ask({ tcp: end }, tcp);
    expect(looked.error).toMatchObject({ code, errno });
    expect(looked.error?.hint).not.toBe('');
    expect(looked.failures).toEqual([code]);
  });

  test('it is tried again where it ended early', async () => {
    const looked = await ask(
      {
        tcp(asked, socket) {
          if (asked.index === 0) socket.end();
          else socket.end(framed(asked.answer([good])));
        },
      },
      { ...tcp, retries: 1 },
    );
    expect(looked.metas('retry')).toMatchObject([{ attempt: 2, transport: 'tcp' }]);
    expect(looked.failures).toEqual([]);
  });

  test('silence is a time-out', async () => {
    const looked = await ask({ tcp: () => undefined }, { ...tcp, timeout: SHORT_MS });
    expect(looked.error).toMatchObject({ code: 'dns-timed-out', errno: 'ETIMEDOUT' });
  });

  test('an answer of 64 KiB is read whole, with a row for each record', async () => {
    let length = 0;
    const looked = await ask(
      {
        tcp(asked, socket) {
          const text = Buffer.alloc(255, 'x');
          const answers = Array.from({ length: 231 }, (): Answer => ({
            name: 'example.org',
            type: 'TXT',
            ttl: 1,
            data: [text],
          }));
          const bytes = asked.answer(answers);
          const full = Buffer.concat([bytes, Buffer.alloc(65_535 - bytes.length)]);
          length = full.length;
          socket.write(framed(full));
        },
      },
      { ...tcp, types: 'TXT' },
    );
    expect(looked.rows('answer')[0]?.payload?.length).toBe(length);
    expect(length).toBe(65_535);
    expect(looked.rows('record')).toHaveLength(231);
    expect(looked.failures).toEqual([]);
  });
});

describe('an answer that is cut off', () => {
  const cutOff = (asked: Asked, reply: (bytes: Buffer) => void): void => {
    reply(asked.answer([good], { flags: 0x0180 | TC }));
  };

  test('comes whole over TCP', async () => {
    const looked = await ask({
      udp(asked, reply) {
        // In the middle of a record.
        const bytes = asked.answer([good], { flags: 0x0180 | TC });
        reply(bytes.subarray(0, bytes.length - 3));
      },
      tcp(asked, socket) {
        socket.write(framed(asked.answer([good, { ...good, data: '192.0.2.2' }])));
      },
    });
    expect(looked.metas('answer').map(({ transport, final }) => [transport, final])).toEqual([
      ['udp', false],
      ['tcp', true],
    ]);
    expect(looked.metas('record').map(({ data }) => data)).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(looked.failures).toEqual([]);
  });

  test.each([
    ['nobody listens for TCP', undefined, 'ECONNREFUSED'],
    ['TCP closes early', (_asked: Asked, socket: Socket) => socket.end(), 'EOF'],
    ['TCP never answers', () => undefined, 'ETIMEDOUT'],
  ])('is shown as far as it came when %s', async (_name, tcp, errno) => {
    const looked = await ask({ udp: cutOff, ...(tcp === undefined ? {} : { tcp }) }, { timeout: 1000 });
    expect(looked.failures).toEqual(['dns-truncated']);
    expect(looked.metas('failed')).toMatchObject([{ errno }]);
    expect(looked.metas('record')).toMatchObject([{ data: '192.0.2.1' }]);
    // Somebody has answered, if not in full.
    expect(looked.error).toBeNull();
  });
});
