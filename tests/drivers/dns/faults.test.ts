/** What a resolver can do wrong, and what is made of it. */
import type { Socket } from 'node:net';
import type { Answer } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { DNS_STRAYS_MOST } from '../../../src/shared/dns-limits.ts';
import { ask, lookUp } from '../../support/dns-bench.ts';
import { FaultyResolver, framed, type Asked } from '../../support/faulty-resolver.ts';
import { leavingNothing } from '../../support/leaks.ts';

/** No answer is waited for so long where one will not come. */
const SHORT_MS = 40;

const good: Answer = { name: 'example.org', type: 'A', ttl: 60, data: '192.0.2.1' };
const HEADER_BYTES = 12;
const TC = 0x0200;

function withId(bytes: Buffer, id: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16BE(id & 0xffff, 0);
  return changed;
}

/** The header and question of the right answer, with these counts of records and these bytes behind. */
function byHand(asked: Asked, counts: readonly [number, number, number], rest: readonly number[]): Buffer {
  const bytes = Buffer.concat([asked.answer([]), Buffer.from(rest)]);
  for (const [index, count] of counts.entries()) bytes.writeUInt16BE(count, 6 + 2 * index);
  return bytes;
}

/** A record of example.org by a pointer to the question. @param type number of its type */
function record(type: number, data: readonly number[], length = data.length): number[] {
  return [0xc0, HEADER_BYTES, 0, type, 0, 1, 0, 0, 0, 60, length >> 8, length & 0xff, ...data];
}

describe('over UDP', () => {
  const badMessages: readonly (readonly [string, (asked: Asked) => Buffer, string, RegExp])[] = [
    ['garbage', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'malformed', /no DNS message/],
    ['an empty datagram', () => Buffer.alloc(0), 'malformed', /empty/],
    ['half a header', ({ bytes }) => bytes.subarray(0, 6), 'malformed', /less than a header/],
    ['a wrong id', (asked) => withId(asked.answer([good]), Number(asked.packet.id) + 1), 'mismatch', /the id/],
    ['the query itself', ({ bytes }) => bytes, 'mismatch', /it is a query/],
    [
      'another question',
      (asked) => asked.answer([good], { questions: [{ name: 'example.net', type: 'A' }] }),
      'mismatch',
      /it answers example\.net\. A, asked was example\.org\. A/,
    ],
    [
      'another type',
      (asked) => asked.answer([good], { questions: [{ name: 'example.org', type: 'MX' }] }),
      'mismatch',
      /it answers example\.org\. MX/,
    ],
    [
      'two questions',
      (asked) => asked.answer([], { questions: [...(asked.packet.questions ?? []), { name: 'example.org', type: 'A' }] }),
      'mismatch',
      /2 questions/,
    ],
    ['no question', (asked) => asked.answer([good], { questions: [] }), 'mismatch', /no question/],
    ['another opcode', (asked) => asked.answer([], { flags: 0x1180 }), 'malformed', /opcode is STATUS/],
    ['a name that points to itself', (asked) => byHand(asked, [1, 0, 0], [0xc0, 29, 0, 1]), 'malformed', /not before it/],
    ['a name that points forward', (asked) => byHand(asked, [1, 0, 0], [0xc0, 40, 0, 1]), 'malformed', /not before it/],
    [
      'names that point in a circle',
      (asked) => byHand(asked, [1, 0, 0], record(5, [1, 97, 0xc0, 41])),
      'malformed',
      /not before it/,
    ],
    ['a label of a reserved kind', (asked) => byHand(asked, [1, 0, 0], [0x80, 1]), 'malformed', /not in use/],
    ['more records than there are', (asked) => byHand(asked, [0xffff, 0, 0], record(1, [1, 2, 3, 4])), 'malformed', /ends at/],
    ['data beyond its end', (asked) => byHand(asked, [1, 0, 0], record(1, [1, 2], 400)), 'malformed', /ends at/],
    ['an address of three bytes', (asked) => byHand(asked, [1, 0, 0], record(1, [1, 2, 3])), 'malformed', /data of A/],
    ['an address of five bytes', (asked) => byHand(asked, [1, 0, 0], record(1, [1, 2, 3, 4, 5])), 'malformed', /left over/],
    ['a text longer than its record', (asked) => byHand(asked, [1, 0, 0], record(16, [9, 65])), 'malformed', /data of TXT/],
  ];

  test.each(badMessages)('%s is recorded and not taken for the answer', async (_name, bad, kind, words) => {
    let sent = Buffer.alloc(0);
    const looked = await ask(
      {
        udp(asked, reply) {
          sent = bad(asked);
          reply(sent);
        },
      },
      { timeout: SHORT_MS },
    );
    expect(looked.error).toMatchObject({ code: `dns-${kind}`, errno: kind.toUpperCase() });
    expect(looked.error?.hint).not.toBe('');
    expect(looked.rows(kind)).toHaveLength(1);
    expect(looked.rows(kind)[0]?.payload).toEqual(sent);
    expect(looked.metas(kind)[0]?.message).toMatch(words);
    expect(looked.failures).toEqual([`dns-${kind}`]);
    expect(looked.rows('answer')).toEqual([]);
  });

  test.each(badMessages.filter(([, , kind]) => kind === 'mismatch'))(
    '%s does not keep the right answer from being heard',
    async (_name, bad) => {
      const looked = await ask({
        udp(asked, reply) {
          reply(bad(asked));
          reply(asked.answer([good]));
        },
      });
      expect([looked.error, looked.failures]).toEqual([null, []]);
      expect(looked.rows('mismatch')).toHaveLength(1);
      expect(looked.metas('record')).toMatchObject([{ data: '192.0.2.1' }]);
    },
  );

  test.each([
    ['another port', '127.0.0.1'],
    ['another address', '127.0.0.2'],
  ])('an answer from %s is recorded with where it came from, and not believed', async (_name, host) => {
    await leavingNothing(async () => {
      const resolver: FaultyResolver = await FaultyResolver.start({
        udp(asked, reply, from) {
          void resolver.sendFrom(host, asked.answer([{ ...good, data: '203.0.113.66' }]), from).then(() => {
            reply(asked.answer([good]));
          });
        },
      });
      const looked = await lookUp('example.org', { servers: resolver.address, types: 'A', retries: 0 });
      await resolver.stop();
      const [stray] = looked.metas('mismatch');
      expect(stray).toMatchObject({ why: 'address', server: resolver.address });
      expect(stray?.from).toMatch(new RegExp(`^${host.replaceAll('.', '\\.')}:\\d+$`));
      expect(stray?.from).not.toBe(resolver.address);
      expect(looked.metas('record')).toMatchObject([{ data: '192.0.2.1' }]);
    });
  });

  test('silence is a time-out after each attempt, named with the server', async () => {
    const ids = new Set<unknown>();
    const ports = new Set<number>();
    const looked = await ask(
      {
        udp({ packet }, _reply, from) {
          ids.add(packet.id);
          ports.add(from.port);
        },
      },
      { timeout: SHORT_MS, retries: 2 },
    );
    expect(looked.error).toMatchObject({ code: 'dns-timed-out', errno: 'ETIMEDOUT' });
    expect(looked.error?.message).toContain(`${looked.server} for example.org. A within ${SHORT_MS} ms, 3 times`);
    expect(looked.metas('timeout').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(looked.metas('retry').map(({ attempt, of }) => [attempt, of])).toEqual([
      [2, 3],
      [3, 3],
    ]);
    expect([ids.size, ports.size]).toEqual([3, 3]);
  });

  test('an answer to an earlier attempt is as good as any, and says that it is late', async () => {
    const held: (() => void)[] = [];
    const looked = await ask(
      {
        udp(asked, reply) {
          if (asked.index === 0) {
            held.push(() => {
              reply(asked.answer([good]));
            });
          } else for (const answer of held) answer();
        },
      },
      { timeout: SHORT_MS, retries: 5 },
    );
    expect(looked.metas('answer')).toMatchObject([{ attempt: 1, late: true, rcode: 'NOERROR' }]);
    expect(looked.metas('timeout')).toHaveLength(1);
    expect(looked.failures).toEqual([]);
  });

  test('a second answer changes nothing', async () => {
    const looked = await ask({
      udp(asked, reply) {
        for (let count = 0; count < 3; count += 1) reply(asked.answer([good]));
      },
    });
    expect(looked.rows('answer')).toHaveLength(1);
    expect(looked.metas('record')).toHaveLength(1);
  });

  test('somebody who guesses ids is heard for so long and no longer', async () => {
    const looked = await ask({
      udp(asked, reply) {
        const answer = asked.answer([good]);
        for (let guess = 1; guess <= 2 * DNS_STRAYS_MOST; guess += 1) reply(withId(answer, Number(asked.packet.id) + guess));
      },
    });
    expect(looked.error?.code).toBe('dns-mismatch');
    expect(looked.rows('mismatch')).toHaveLength(DNS_STRAYS_MOST);
  });

  test('an answer about another name is shown and not taken for the name that was asked for', async () => {
    const looked = await ask({
      udp(asked, reply) {
        reply(asked.answer([{ ...good, name: 'bank.example' }]));
      },
    });
    expect(looked.failures).toEqual(['dns-mismatch']);
    expect(looked.metas('record')).toMatchObject([{ name: 'bank.example.', other: true }]);
  });

  test('aliases are followed, and a circle of them has no data', async () => {
    const alias = (name: string, data: string): Answer => ({ name, type: 'CNAME', ttl: 1, data });
    const led = await ask({
      udp(asked, reply) {
        const chain = [alias('example.org', 'b.example'), alias('B.example', 'c.example')];
        reply(asked.answer([...chain, { ...good, name: 'c.example' }]));
      },
    });
    expect(led.failures).toEqual([]);
    expect(led.metas('record').some(({ other }) => other === true)).toBe(false);
    const circle = await ask({
      udp(asked, reply) {
        reply(asked.answer([alias('example.org', 'b.example'), alias('b.example', 'example.org')]));
      },
    });
    expect(circle.failures).toEqual(['dns-no-data']);
  });

  test('the question may come back in other letters, and bytes behind the message are counted', async () => {
    const looked = await ask({
      udp(asked, reply) {
        const answer = asked.answer([good], { questions: [{ name: 'eXaMpLe.oRg', type: 'A' }] });
        reply(Buffer.concat([answer, Buffer.alloc(7)]));
      },
    });
    expect(looked.metas('answer')).toMatchObject([{ extra: 7, rcode: 'NOERROR' }]);
    expect(looked.failures).toEqual([]);
  });
});

describe('response codes', () => {
  const codes = [
    ...['dns-formerr', 'dns-servfail', 'dns-nxdomain', 'dns-notimp', 'dns-refused'],
    ...new Array<string>(10).fill('dns-failed'),
  ];
  test.each(codes.map((code, index) => [index + 1, code] as const))('%i is %s', async (rcode, code) => {
    const looked = await ask({
      udp(asked, reply) {
        reply(asked.answer([], { flags: 0x0180 | rcode }));
      },
    });
    // It was answered: the session is not a failed one.
    expect(looked.error).toBeNull();
    expect(looked.context.closes).toEqual([null]);
    const [answer] = looked.metas('answer');
    expect(looked.metas('failed')).toMatchObject([{ code, errno: answer?.rcode, server: looked.server }]);
    expect(looked.metas('failed')[0]?.message).toContain(`(${String(answer?.rcode)})`);
  });

  test('a code with its high bits in the OPT record is read whole', async () => {
    const looked = await ask({
      udp(asked, reply) {
        const opt = { name: '.', type: 'OPT', udpPayloadSize: 512, extendedRcode: 1, ednsVersion: 0 } as const;
        reply(asked.answer([], { additionals: [{ ...opt, flags: 0, flag_do: false, options: [] }] }));
      },
    });
    expect(looked.metas('answer')).toMatchObject([{ rcode: 'BADVERS', edns: 512, additionals: 0 }]);
    expect(looked.failures).toEqual(['dns-failed']);
  });

  test('what the server adds in words stands in the remedy', async () => {
    const looked = await ask({
      udp(asked, reply) {
        // OPT with option 15, DNSSEC Bogus (RFC 8914).
        const option = [0, 15, 0, 5, 0, 6, 111, 110, 101];
        const opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, option.length, ...option];
        const bytes = byHand(asked, [0, 0, 1], opt);
        bytes.writeUInt16BE(0x8182, 2);
        reply(bytes);
      },
    });
    expect(looked.metas('answer')).toMatchObject([{ ede: '6 DNSSEC Bogus: one' }]);
    expect(looked.metas('failed')[0]?.hint).toContain('6 DNSSEC Bogus: one');
  });

  test('a refusal may come without the question', async () => {
    const looked = await ask({
      udp(asked, reply) {
        reply(asked.answer([], { flags: 0x0185, questions: [] }));
      },
    });
    expect(looked.failures).toEqual(['dns-refused']);
  });

  test('who only names other servers has no data, and says whom to ask', async () => {
    const looked = await ask({
      udp(asked, reply) {
        reply(asked.answer([], { flags: 0, authorities: [{ name: 'org', type: 'NS', ttl: 1, data: 'a.ns.example' }] }));
      },
    });
    expect(looked.failures).toEqual(['dns-no-data']);
    expect(looked.metas('failed')[0]?.message).toContain('a.ns.example.');
  });
});

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
          socket.write(Buffer.concat([framed(withId(answer, Number(asked.packet.id) + 1)), framed(Buffer.alloc(0)), framed(answer)]));
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
    ['closes in the middle of it', (asked, socket) => socket.end(framed(asked.answer([good])).subarray(0, 20)), 'dns-truncated', 'EOF'],
    ['closes after one byte', (_asked, socket) => socket.end(Buffer.of(0)), 'dns-truncated', 'EOF'],
    ['resets the connection', (_asked, socket) => socket.resetAndDestroy(), 'connection-reset', 'ECONNRESET'],
    ['sends text', (_asked, socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'dns-truncated', 'EOF'],
    ['sends a message that is none', (_asked, socket) => socket.end(framed(Buffer.from('no message at all'))), 'dns-malformed', 'MALFORMED'],
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
          socket.end(asked.index === 0 ? undefined : framed(asked.answer([good])));
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
          const answers = Array.from({ length: 231 }, (): Answer => ({ name: 'example.org', type: 'TXT', ttl: 1, data: [text] }));
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
    const looked = await ask({ udp: cutOff, ...(tcp === undefined ? {} : { tcp }) }, { timeout: 300 });
    expect(looked.failures).toEqual(['dns-truncated']);
    expect(looked.metas('failed')).toMatchObject([{ errno }]);
    expect(looked.metas('record')).toMatchObject([{ data: '192.0.2.1' }]);
    // Somebody has answered, if not in full.
    expect(looked.error).toBeNull();
  });
});
