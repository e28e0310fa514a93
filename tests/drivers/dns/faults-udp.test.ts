/** What a resolver can do wrong over UDP, and what is made of it. */
import type { Answer } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { DNS_STRAYS_MOST } from '../../../src/shared/dns-limits.ts';
import { ask, newClient } from '../../support/dns-bench.ts';
import { byHand, FaultyResolver, withId, type Asked } from '../../support/faulty-resolver.ts';
import { leavingNothing } from '../../support/leaks.ts';
import { valueOf } from '../../support/outcome.ts';

/** No answer is waited for so long where one will not come. */
const SHORT_MS = 40;

const good: Answer = { name: 'example.org', type: 'A', ttl: 60, data: '192.0.2.1' };
const HEADER_BYTES = 12;

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
      (asked) =>
        asked.answer([], { questions: [...(asked.packet.questions ?? []), { name: 'example.org', type: 'A' }] }),
      'mismatch',
      /2 questions/,
    ],
    ['no question', (asked) => asked.answer([good], { questions: [] }), 'mismatch', /no question/],
    ['another opcode', (asked) => asked.answer([], { flags: 0x1180 }), 'malformed', /opcode is STATUS/],
    [
      'a name that points to itself',
      (asked) => byHand(asked, [1, 0, 0], [0xc0, 29, 0, 1]),
      'malformed',
      /not before it/,
    ],
    ['a name that points forward', (asked) => byHand(asked, [1, 0, 0], [0xc0, 40, 0, 1]), 'malformed', /not before it/],
    [
      'names that point in a circle',
      (asked) => byHand(asked, [1, 0, 0], record(5, [1, 97, 0xc0, 41])),
      'malformed',
      /not before it/,
    ],
    ['a label of a reserved kind', (asked) => byHand(asked, [1, 0, 0], [0x80, 1]), 'malformed', /not in use/],
    [
      'more records than there are',
      (asked) => byHand(asked, [0xffff, 0, 0], record(1, [1, 2, 3, 4])),
      'malformed',
      /cut off/,
    ],
    ['data beyond its end', (asked) => byHand(asked, [1, 0, 0], record(1, [1, 2], 400)), 'malformed', /ends at/],
    ['an address of three bytes', (asked) => byHand(asked, [1, 0, 0], record(1, [1, 2, 3])), 'malformed', /data of A/],
    [
      'an address of five bytes',
      (asked) => byHand(asked, [1, 0, 0], record(1, [1, 2, 3, 4, 5])),
      'malformed',
      /left over/,
    ],
    [
      'a text longer than its record',
      (asked) => byHand(asked, [1, 0, 0], record(16, [9, 65])),
      'malformed',
      /data of TXT/,
    ],
  ];

  test.each(badMessages)('%s is recorded and not taken for the answer', async (_name, bad, kind, words) => {
    let sent: Uint8Array = Buffer.alloc(0);
    const looked = await ask({
      udp(asked, reply) {
        const bytes = bad(asked);
        sent = bytes;
        // So many that no time-out has to be waited for.
        for (let count = 0; count < DNS_STRAYS_MOST; count += 1) reply(bytes);
      },
    });
    expect(looked.error).toMatchObject({ code: `dns-${kind}`, errno: kind.toUpperCase() });
    expect(looked.error?.hint).not.toBe('');
    const rows = looked.rows(kind);
    expect([1, DNS_STRAYS_MOST]).toContain(rows.length);
    for (const { payload, meta } of rows) {
      expect(payload).toEqual(sent);
      expect(meta.message).toMatch(words);
    }
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
      let answer = (): void => undefined;
      const resolver: FaultyResolver = await FaultyResolver.start({
        udp(asked, reply, from) {
          answer = () => {
            reply(asked.answer([good]));
          };
          void resolver.sendFrom(host, asked.answer([{ ...good, data: '203.0.113.66' }]), from);
        },
      });
      const { context, client } = newClient('example.org', { servers: resolver.address, types: 'A', retries: 0 });
      const opening = client.open(new AbortController().signal);
      await context.untilRow('mismatch', 'in');
      answer();
      valueOf(await opening);
      await client.close();
      await resolver.stop();
      const stray = context.of('mismatch')[0]?.meta;
      expect(stray).toMatchObject({ why: 'address', server: resolver.address });
      expect(stray?.from).toMatch(new RegExp(`^${host.replaceAll('.', '\\.')}:\\d+$`));
      expect(stray?.from).not.toBe(resolver.address);
      expect(context.of('record').map(({ meta }) => meta.data)).toEqual(['192.0.2.1']);
    });
  });

  test('silence is a time-out after each attempt, named with the server', async () => {
    const looked = await ask({ udp: () => undefined }, { timeout: SHORT_MS, retries: 2 });
    expect(looked.error).toMatchObject({ code: 'dns-timed-out', errno: 'ETIMEDOUT' });
    expect(looked.error?.message).toContain(`${looked.server} for example.org. A within ${SHORT_MS} ms, 3 times`);
    expect(looked.metas('timeout').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(looked.metas('retry').map(({ attempt, of }) => [attempt, of])).toEqual([
      [2, 3],
      [3, 3],
    ]);
    // Each from a port and with an id of its own: ids may be the same by chance, but not all.
    expect(new Set(looked.metas('query').map(({ local }) => local)).size).toBe(3);
    expect(new Set(looked.metas('query').map(({ id }) => id)).size).toBeGreaterThan(1);
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
      { timeout: SHORT_MS, retries: 10 },
    );
    expect(looked.metas('answer')).toMatchObject([{ attempt: 1, late: true, rcode: 'NOERROR' }]);
    expect(looked.metas('timeout')).not.toEqual([]);
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
        for (let guess = 1; guess <= 2 * DNS_STRAYS_MOST; guess += 1)
          reply(withId(answer, Number(asked.packet.id) + guess));
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
