/** What a resolver answers when it has no data, and by which name and remedy that is shown. */
import { expect, test } from 'vitest';
import { ask } from '../../support/dns-bench.ts';
import { byHand } from '../../support/faulty-resolver.ts';

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
