/** Answers with damage in them, over real sockets: every lookup ends, by a name that is known, and leaves nothing. */
import { expect, it } from 'vitest';
import type { Answer } from 'dns-packet';
import { lookUp } from '../support/dns-bench.ts';
import { FaultyResolver, framed } from '../support/faulty-resolver.ts';
import { fuzzed, fuzzLimits } from '../support/fuzz-limits.ts';
import { leavingNothing } from '../support/leaks.ts';
import { seededRandom, type Random } from '../support/random.ts';

const limits = fuzzLimits(30);
/** Each is a question of a lookup, and each has another damage. */
const types = [
  'A',
  'AAAA',
  'CNAME',
  'MX',
  'NS',
  'TXT',
  'SRV',
  'SOA',
  'CAA',
  'PTR',
  'NAPTR',
  'HTTPS',
  'NSEC',
  'TYPE65280',
];
const records: readonly Answer[] = [
  { name: 'example.org', type: 'CNAME', ttl: 60, data: 'www.example.org' },
  { name: 'www.example.org', type: 'A', ttl: 60, data: '192.0.2.1' },
  { name: 'example.org', type: 'MX', ttl: 60, data: { preference: 10, exchange: 'mail.example.org' } },
  { name: 'example.org', type: 'TXT', ttl: 60, data: ['some text', 'and more'] },
  { name: 'example.org', type: 'SRV', ttl: 60, data: { port: 1, target: 'srv.example.org' } },
];
const known = /^(dns-[a-z-]+|connection-reset|connection-refused)$/;

/** One to eight bytes changed, now and then cut off or with bytes behind, never in the id. */
function damaged(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const at = (): number => 2 + random(bytes.length - 2);
  for (let count = 1 + random(8); count > 0; count -= 1) changed[at()] = random(256);
  if (random(5) === 0) return changed.subarray(0, at());
  return random(10) === 0 ? Buffer.concat([changed, Buffer.alloc(20, 0xc0)]) : changed;
}

it('whatever a resolver answers, the lookup ends and says what was wrong', { timeout: limits.timeout }, async () => {
  const runs = await fuzzed(limits, (seed) =>
    leavingNothing(async () => {
      const random = seededRandom(seed);
      const resolver = await FaultyResolver.start({
        udp(asked, reply) {
          reply(damaged(asked.answer(records), random));
        },
        tcp(asked, socket) {
          const bytes = framed(damaged(asked.answer(records), random));
          socket.end(random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
        },
      });
      const servers = `${resolver.address}\n${resolver.address} tcp`;
      const looked = await lookUp('example.org', { servers, types: types.join(), timeout: 30, retries: 1 });
      await resolver.stop();
      for (const { code, message, hint } of looked.metas('failed')) {
        expect([code, message]).toEqual([expect.stringMatching(known), expect.stringMatching(/\.$/)]);
        expect(hint).not.toBe('');
      }
      // Each question of each server is settled once.
      const settled = [...looked.metas('failed'), ...looked.metas('answer').filter(({ final }) => final === true)];
      const keys = new Set(settled.map(({ server, type }) => `${String(server)} ${String(type)}`));
      expect(keys.size, `seed ${seed}`).toBe(2 * types.length);
    }),
  );
  expect(runs).toBeGreaterThan(0);
});
