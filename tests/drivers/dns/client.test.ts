/** Queries as they are sent, several of them, and what the form must not let through. */
import { decode } from 'dns-packet';
import { expect, test } from 'vitest';
import { DNS_QUESTIONS_AT_ONCE } from '../../../src/shared/dns-limits.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { ask, lookUp, newClient, type LookedUp } from '../../support/dns-bench.ts';
import { FaultyResolver } from '../../support/faulty-resolver.ts';
import { leavingNothing } from '../../support/leaks.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

/** Answers whatever is asked with an address. */
const polite: Parameters<typeof FaultyResolver.start>[0] = {
  udp(asked, reply) {
    const [question] = asked.packet.questions ?? [];
    reply(asked.answer([{ name: question?.name ?? '.', type: 'A', ttl: 1, data: '192.0.2.1' }]));
  },
};

/** The only query of a lookup, as dns-packet reads it. */
async function queryOf(options: Options, name?: string): Promise<ReturnType<typeof decode>> {
  const looked = await ask(polite, options, name);
  const [query] = looked.rows('query');
  return decode(Buffer.from(query?.payload ?? []));
}

test('a query asks what was typed, with recursion and EDNS', async () => {
  const query = await queryOf({ types: 'MX' });
  expect(query).toMatchObject({
    type: 'query',
    opcode: 'QUERY',
    flag_rd: true,
    flag_ad: false,
    flag_cd: false,
    questions: [{ name: 'example.org', type: 'MX', class: 'IN' }],
    answers: [],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, ednsVersion: 0, flag_do: false, options: [] }],
  });
});

test('each bit of it can be chosen', async () => {
  const chosen = {
    recursion: false,
    authenticData: true,
    checkingDisabled: true,
    dnssecOk: true,
    ednsSize: 4096,
    class: 'CH',
  };
  expect(await queryOf(chosen)).toMatchObject({
    ...{ flag_rd: false, flag_ad: true, flag_cd: true },
    questions: [{ class: 'CH' }],
    additionals: [{ udpPayloadSize: 4096, flag_do: true }],
  });
  expect(await queryOf({ ednsSize: 0, dnssecOk: true })).toMatchObject({ additionals: [] });
  expect(await queryOf({ ednsSize: 100 })).toMatchObject({ additionals: [{ udpPayloadSize: 512 }] });
});

test('bytes that are no text can be asked for', async () => {
  const looked = await ask(
    {
      udp(asked, reply) {
        const nobody = Buffer.from(asked.bytes);
        nobody.writeUInt16BE(0x8183, 2);
        reply(nobody);
      },
    },
    {},
    'caf\\233\\.x.example',
  );
  expect(looked.failures).toEqual(['dns-nxdomain']);
  const [query] = looked.rows('query');
  expect(query?.payload?.subarray(12, 12 + 8)).toEqual(Buffer.from([6, 0x63, 0x61, 0x66, 233, 0x2e, 0x78, 7]));
  expect(query?.meta.name).toBe('caf\\233\\.x.example.');
});

test('the row of an answer says how long it took and what it has', async () => {
  const looked = await ask({
    udp(asked, reply) {
      const [a, b] = ['192.0.2.1', '192.0.2.2'].map((data) => ({
        name: 'example.org',
        type: 'A' as const,
        ttl: 300,
        data,
      }));
      if (a === undefined || b === undefined) return;
      reply(asked.answer([a, b], { authorities: [{ name: 'org', type: 'NS', ttl: 1, data: 'ns.example' }] }));
    },
  });
  const [query] = looked.metas('query');
  const [answer] = looked.metas('answer');
  expect(answer).toMatchObject({
    ...{ server: looked.server, from: looked.server, transport: 'udp', id: query?.id, name: 'example.org.', type: 'A' },
    ...{ rcode: 'NOERROR', flags: 'rd ra', attempt: 1, late: false, final: true },
    ...{ answers: 2, authorities: 1, additionals: 0, edns: 0 },
  });
  expect(answer?.ms).toBeGreaterThan(0);
  expect(looked.metas('record')).toEqual([
    ...['192.0.2.1', '192.0.2.2'].map((data) => ({
      ...{
        server: looked.server,
        question: 'A',
        section: 'answer',
        name: 'example.org.',
        type: 'A',
        class: 'IN',
        ttl: 300,
      },
      data,
    })),
    expect.objectContaining({ section: 'authority', name: 'org.', data: 'ns.example.' }),
  ]);
  expect(looked.rows('record')[0]?.payload).toEqual(Buffer.from([192, 0, 2, 1]));
});

test('data that is too long for a row is cut there and whole in its bytes', async () => {
  const looked = await ask(
    {
      udp(asked, reply) {
        reply(
          asked.answer([
            { name: 'example.org', type: 'TXT', ttl: 1, data: new Array<Buffer>(40).fill(Buffer.alloc(200, 'x')) },
          ]),
        );
      },
    },
    { types: 'TXT' },
  );
  const [record] = looked.rows('record');
  expect(record?.meta).toMatchObject({ cut: true });
  expect(String(record?.meta.data)).toMatch(/^"x{200}" .*…$/);
  expect(record?.payload?.length).toBe(40 * 201);
});

test('international names of answers are shown as people write them, too', async () => {
  const looked = await ask(
    {
      udp(asked, reply) {
        reply(asked.answer([{ name: 'xn--bcher-kva.example', type: 'CNAME', ttl: 1, data: 'xn--3e0b707e.kr' }]));
      },
    },
    { types: 'CNAME' },
    'bücher.example',
  );
  expect(looked.metas('record')).toMatchObject([
    {
      name: 'xn--bcher-kva.example.',
      unicodeName: 'bücher.example.',
      data: 'xn--3e0b707e.kr.',
      unicodeData: '한국.kr.',
    },
  ]);
});

test('many questions wait for their turn', async () => {
  const types = Array.from({ length: 40 }, (_, at) => `TYPE${1000 + at}`).join(',');
  let open = 0;
  let most = 0;
  const held: (() => void)[] = [];
  const looked = await ask(
    {
      udp(asked, reply) {
        open += 1;
        most = Math.max(most, open);
        held.push(() => {
          open -= 1;
          reply(asked.answer([], { flags: 0x0183 }));
        });
        // As soon as nobody more can be waiting, all are answered; each answer lets one more question in.
        if (open === DNS_QUESTIONS_AT_ONCE || asked.index >= 40 - 1) for (const answer of held.splice(0)) answer();
        else if (asked.index >= DNS_QUESTIONS_AT_ONCE) held.pop()?.();
      },
    },
    { types },
  );
  expect(looked.rows('answer')).toHaveLength(40);
  expect(most).toBe(DNS_QUESTIONS_AT_ONCE);
});

test('the session is open with the first answer, while others are waited for', async () => {
  await leavingNothing(async () => {
    const fast = await FaultyResolver.start(polite);
    const slow = await FaultyResolver.start({});
    const { context, client } = newClient('example.org', { servers: `${slow.address}\n${fast.address}`, types: 'A' });
    valueOf(await client.open(new AbortController().signal));
    expect(context.closes).toEqual([]);
    expect(context.peers.map(({ remote, states }) => [remote, states])).toEqual([
      [slow.address, ['open']],
      [fast.address, ['open', 'closed']],
    ]);
    expect(client.facts(null)).toMatchObject({ questions: 2, answered: 1, failed: 0 });
    expect(client.facts(2)).toEqual({ server: fast.address, questions: 1, answered: 1, failed: 0 });
    await client.close();
    expect(context.closes).toEqual([null]);
    await fast.stop();
    await slow.stop();
  });
});

test('when nobody answers the error says how many questions there were', async () => {
  await leavingNothing(async () => {
    const silent = await FaultyResolver.start({});
    const looked: LookedUp = await lookUp('example.org', {
      servers: silent.address,
      types: 'A, MX',
      timeout: 20,
      retries: 0,
    });
    await silent.stop();
    expect(looked.error?.message).toMatch(/^None of the 2 questions \(A, MX\) was answered\. No answer from /);
    expect(looked.metas('error')).toMatchObject([{ code: 'ETIMEDOUT' }]);
    expect(looked.context.closes).toEqual([]);
  });
});

test.each([
  [{ types: 'A, NOPE' }, 'types'],
  [{ types: '' }, 'types'],
  [{ servers: 'who knows' }, 'servers'],
  [{ servers: '' }, 'servers'],
])('%j is refused in its field, and nothing is asked', async (options, field) => {
  const { context, client } = newClient('example.org', options);
  expect(errorOf(await client.open(new AbortController().signal))).toMatchObject({ code: 'bad-option', field });
  await client.close();
  expect([context.records, context.peers]).toEqual([[], []]);
});

test.each(['x'.repeat(300), 'a..b', '', 'https://example.org', '10.0.0.0/8', 'example.org:53'])(
  '%j is refused as an address',
  async (name) => {
    const { context, client } = newClient(name, {});
    const error = errorOf(await client.open(new AbortController().signal));
    expect(error).toMatchObject({ code: 'bad-address', field: 'address' });
    await client.close();
    expect(context.records).toEqual([]);
  },
);
