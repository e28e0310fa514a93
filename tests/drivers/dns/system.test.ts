/** The system's own lookup, with a resolver of the test's in its place. */
import { ADDRCONFIG, ALL, V4MAPPED, type LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { nodeResolver, type SystemResolver } from '../../../src/drivers/dns/system.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { lookUp, newClient, type LookedUp } from '../../support/dns-bench.ts';
import { FaultyResolver } from '../../support/faulty-resolver.ts';
import { leavingNothing } from '../../support/leaks.ts';
import { errorOf } from '../../support/outcome.ts';

const addresses: readonly LookupAddress[] = [
  { address: '192.0.2.1', family: 4 },
  { address: '2001:db8::1', family: 6 },
  { address: '192.0.2.2', family: 4 },
];

interface Call {
  readonly host: string;
  readonly family: number;
  readonly hints: number;
}

function systemError(code: string, syscall = 'getaddrinfo'): Error {
  return Object.assign(new Error(`${syscall} ${code} example.org`), { code, syscall });
}

class FakeSystem implements SystemResolver {
  readonly calls: Call[] = [];
  readonly #failure: Error | null;
  readonly #servers: readonly string[];

  constructor(failure: Error | null = null, servers: readonly string[] = []) {
    this.#failure = failure;
    this.#servers = servers;
  }

  addresses(...[host, family, hints, done]: Parameters<SystemResolver['addresses']>): void {
    this.calls.push({ host, family, hints });
    setImmediate(() => {
      if (this.#failure !== null) done(this.#failure, []);
      else done(null, addresses);
    });
  }

  nameOf(...[address, done]: Parameters<SystemResolver['nameOf']>): void {
    this.calls.push({ host: address, family: 0, hints: 0 });
    setImmediate(() => {
      if (this.#failure !== null) done(this.#failure, '');
      else done(null, 'host.example.org');
    });
  }

  servers(): readonly string[] {
    return this.#servers;
  }
}

async function ask(
  name: string,
  options: Options,
  system = new FakeSystem(),
): Promise<{ looked: LookedUp; calls: readonly Call[] }> {
  const looked = await leavingNothing(() => lookUp(name, options, system));
  return { looked, calls: system.calls };
}

test('each address is a row, with how long it took', async () => {
  const { looked, calls } = await ask('example.org', {});
  expect(looked.metas('lookup')).toEqual(
    addresses.map((one) => ({
      server: 'system',
      question: 'A, AAAA',
      host: 'example.org',
      ...one,
      ms: expect.any(Number),
    })),
  );
  expect(calls).toEqual([{ host: 'example.org', family: 0, hints: 0 }]);
  expect([looked.error, looked.context.closes]).toEqual([null, [null]]);
});

test.each([
  ['A', 'auto', 4],
  ['AAAA', 'auto', 6],
  ['A, AAAA', 'auto', 0],
  ['A', '6', 6],
  ['A, AAAA', '4', 4],
])('types %s with family %s ask for family %i', async (types, family, asked) => {
  const { calls } = await ask('example.org', { types, family });
  expect(calls.map((call) => call.family)).toEqual([asked]);
});

test('hints are those of Node, together', async () => {
  const { calls } = await ask('example.org', { ADDRCONFIG: true, V4MAPPED: true, ALL: true });
  expect(calls.map(({ hints }) => hints)).toEqual([ADDRCONFIG | V4MAPPED | ALL]);
});

test.each([
  ['verbatim', ['192.0.2.1', '2001:db8::1', '192.0.2.2']],
  ['ipv4first', ['192.0.2.1', '192.0.2.2', '2001:db8::1']],
  ['ipv6first', ['2001:db8::1', '192.0.2.1', '192.0.2.2']],
])('order %s', async (order, expected) => {
  const { looked } = await ask('example.org', { order });
  expect(looked.metas('lookup').map(({ address }) => address)).toEqual(expected);
});

test('a final dot is kept, so that no search list is tried, and an international name goes in ASCII', async () => {
  const hosts = ['example.org', 'example.org.', 'bücher.example', '_x.example'];
  const asked = [];
  for (const host of hosts) asked.push(...(await ask(host, {})).calls);
  expect(asked.map(({ host }) => host)).toEqual(['example.org', 'example.org.', 'xn--bcher-kva.example', '_x.example']);
});

test('an address is asked for its name', async () => {
  const { looked, calls } = await ask('[2001:db8::1]', { types: 'MX' });
  expect(calls).toMatchObject([{ host: '2001:db8::1' }]);
  expect(looked.metas('lookup')).toMatchObject([
    { question: 'PTR', host: '2001:db8::1', hostname: 'host.example.org' },
  ]);
});

test('that there is no such name is an answer, and that the system could not ask is none', async () => {
  const missing = await ask('example.org', {}, new FakeSystem(systemError('ENOTFOUND')));
  expect(missing.looked.error).toBeNull();
  expect(missing.looked.metas('failed')).toMatchObject([
    { server: 'system', code: 'host-not-found', errno: 'ENOTFOUND' },
  ]);
  expect(missing.looked.metas('lookup')).toMatchObject([{ host: 'example.org', code: 'ENOTFOUND' }]);
  const silent = await ask('example.org', {}, new FakeSystem(systemError('EAI_AGAIN')));
  expect(silent.looked.error).toMatchObject({ code: 'lookup-failed', errno: 'EAI_AGAIN' });
  expect(silent.looked.metas('error')).toMatchObject([{ code: 'EAI_AGAIN' }]);
});

test('other types go to the first server that the machine is set to use, and say so', async () => {
  await leavingNothing(async () => {
    const resolver = await FaultyResolver.start({
      udp(asked, reply) {
        reply(asked.answer([{ name: 'example.org', type: 'TXT', ttl: 1, data: 'hello' }]));
      },
    });
    const system = new FakeSystem(null, [resolver.address, '192.0.2.53']);
    const looked = await lookUp('example.org', { types: 'A, TXT' }, system);
    await resolver.stop();
    expect(looked.metas('ask')).toMatchObject([
      { getServers: `${resolver.address}, 192.0.2.53:53`, servers: 'system' },
    ]);
    expect(looked.metas('query')).toMatchObject([{ server: 'system', to: resolver.address, type: 'TXT' }]);
    expect(looked.metas('record')).toMatchObject([{ server: 'system', data: '"hello"' }]);
    expect(looked.rows('lookup')).toHaveLength(addresses.length);
  });
});

test('with no server that the machine is set to use, it says what to write', async () => {
  const { looked } = await ask('example.org', { types: 'A, MX' });
  expect(looked.metas('failed')).toMatchObject([{ type: 'MX', code: 'not-supported' }]);
  expect(looked.metas('failed')[0]?.hint).not.toBe('');
  const { client } = newClient('example.org', { servers: 'configured' }, new FakeSystem());
  expect(errorOf(await client.open(new AbortController().signal))).toMatchObject({
    code: 'bad-option',
    field: 'servers',
  });
  await client.close();
});

test('configured is each server that the machine is set to use', async () => {
  await leavingNothing(async () => {
    const [one, other] = [await FaultyResolver.start(nobody), await FaultyResolver.start(nobody)];
    const system = new FakeSystem(null, [one.address, other.address, 'no address']);
    const looked = await lookUp('example.org', { servers: 'configured', types: 'A' }, system);
    await one.stop();
    await other.stop();
    expect(looked.metas('ask')).toMatchObject([{ servers: `${one.address}, ${other.address}` }]);
    expect(looked.metas('answer').map(({ server }) => server)).toEqual(
      expect.arrayContaining([one.address, other.address]),
    );
  });
});

const nobody: Parameters<typeof FaultyResolver.start>[0] = {
  udp(asked, reply) {
    reply(asked.answer([], { flags: 0x0183 }));
  },
};

test('a server by its name is looked up first, and one that has no address is named', async () => {
  await leavingNothing(async () => {
    const system = new FakeSystem(systemError('ENOTFOUND'));
    const looked = await lookUp('example.org', { servers: 'dns.example', types: 'A, MX' }, system);
    expect(looked.error).toMatchObject({ code: 'host-not-found' });
    expect(looked.metas('failed').map(({ server, type, code }) => [server, type, code])).toEqual([
      ['dns.example:53', 'A', 'host-not-found'],
      ['dns.example:53', 'MX', 'host-not-found'],
    ]);
    expect(looked.metas('lookup')).toEqual([{ host: 'dns.example', code: 'ENOTFOUND' }]);
    expect(system.calls).toHaveLength(1);
  });
});

test('a lookup of the system that takes long is not waited for when it is cancelled', async () => {
  let answer = (): void => undefined;
  const never: SystemResolver = {
    ...nodeResolver,
    servers: () => [],
    addresses(_host, _family, _hints, done) {
      answer = () => {
        done(null, addresses);
      };
    },
  };
  const { context, client } = newClient('example.org', {}, never);
  const opening = client.open(new AbortController().signal);
  await context.untilRow('ask');
  await client.close();
  expect(errorOf(await opening).code).toBe('cancelled');
  const rows = context.records.length;
  answer();
  await new Promise((resolve) => setImmediate(resolve));
  expect(context.records).toHaveLength(rows);
});

test('the system of this machine knows localhost', async () => {
  const looked = await leavingNothing(() => lookUp('localhost', { family: '4' }));
  expect(looked.metas('lookup')).toMatchObject([{ host: 'localhost', address: '127.0.0.1', family: 4 }]);
  const reverse = await leavingNothing(() => lookUp('127.0.0.1', {}));
  expect(reverse.metas('lookup')).toMatchObject([{ host: '127.0.0.1', hostname: 'localhost' }]);
});
