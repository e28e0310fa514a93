import { describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/rpc/client.ts';
import { memoryPorts, type Port } from '../../src/rpc/port.ts';
import { serve } from '../../src/rpc/server.ts';
import { contract, type SessionStatus } from '../../src/shared/contract.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import type { Handlers, WindowLink } from '../../src/shared/handlers.ts';
import { engineBench } from '../support/engine-bench.ts';
import { errorOf, turn, valueOf } from '../support/outcome.ts';

/** Handlers that all say no, but for those given. */
function handlersWith(some: Partial<Handlers>): Handlers {
  const refusing: Record<string, unknown> = {};
  for (const name of Object.keys(contract.methods)) refusing[name] = () => failure('not-supported', 'No.');
  const all: unknown = { ...refusing, ...some };
  if (!isHandlers(all)) throw new Error('all methods are there');
  return all;
}

function isHandlers(value: unknown): value is Handlers {
  return typeof value === 'object' && value !== null;
}

interface Link {
  readonly client: ReturnType<typeof createClient>;
  readonly near: Port;
  readonly far: Port;
  readonly window: () => WindowLink;
  readonly bugs: unknown[];
}

function link(some: Partial<Handlers>): Link {
  const [near, far] = memoryPorts();
  const bugs: unknown[] = [];
  let made: WindowLink | null = null;
  serve(
    far,
    (window) => {
      made = window;
      return handlersWith(some);
    },
    (bug) => bugs.push(bug),
  );
  return {
    client: createClient(near),
    near,
    far,
    bugs,
    window() {
      if (made === null) throw new Error('not served yet');
      return made;
    },
  };
}

/** A port that posts as it is told to. */
function wrapped(port: Port, post: Port['post']): Port {
  return {
    backlog: 0,
    post,
    listen(receive, closed) {
      port.listen(receive, closed);
    },
    close() {
      port.close();
    },
  };
}

/** Sends what the compiler does not let through. */
async function rawCall(client: Client, method: string, params: unknown): Promise<Outcome<unknown>> {
  const call: (method: never, params: never) => Promise<Outcome<unknown>> = client.call.bind(client);
  const result: unknown = await Reflect.apply(call, client, [method, params]);
  return isOutcome(result) ? result : failure('internal', 'A call resolves to an outcome.');
}

function isOutcome(value: unknown): value is Outcome<unknown> {
  return typeof value === 'object' && value !== null && 'ok' in value;
}

function isInfo(value: unknown): value is typeof info {
  return typeof value === 'object' && value !== null;
}

const info = {
  version: '1',
  runtime: 'x',
  platform: 'y',
  capabilities: { fileDialogs: false, reveal: false, downloads: false },
};

describe('calls', () => {
  it('get their own answers, in whatever order those come', async () => {
    const waiting: ((size: number) => void)[] = [];
    const { client } = link({
      'file.stat': () => new Promise((resolve) => waiting.push((size) => resolve(success({ size })))),
    });
    const calls = ['a', 'b', 'c'].map((path) => client.call('file.stat', { path }));
    await turn();
    for (const index of [2, 0, 1]) waiting[index]?.(index);
    expect((await Promise.all(calls)).map((outcome) => valueOf(outcome).size)).toEqual([0, 1, 2]);
  });

  it('are answered with internal when a handler throws, and the connection goes on', async () => {
    const bug = new Error('secret detail');
    const { client, bugs } = link({
      'app.info': () => {
        throw bug;
      },
      'session.list': () => success({ sessions: [] }),
    });
    const error = errorOf(await client.call('app.info', {}));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('secret');
    expect(bugs).toEqual([bug]);
    valueOf(await client.call('session.list', {}));
  });

  it('resolve with disconnected when the other end goes', async () => {
    const { client, far } = link({ 'app.info': () => new Promise(() => undefined) });
    let closed = 0;
    client.onClosed(() => (closed += 1));
    const pending = [client.call('app.info', {}), client.call('app.info', {})];
    await turn();
    far.close();
    for (const outcome of await Promise.all(pending)) expect(errorOf(outcome).code).toBe('disconnected');
    expect(errorOf(await client.call('app.info', {})).code).toBe('disconnected');
    expect(closed).toBe(1);
    client.onClosed(() => (closed += 1));
    expect(closed).toBe(2);
  });

  it('resolve with disconnected when this end closes', async () => {
    const { client } = link({ 'app.info': () => new Promise(() => undefined) });
    const pending = client.call('app.info', {});
    client.close();
    expect(errorOf(await pending).code).toBe('disconnected');
  });

  it('resolve with what the port says when it does not take them', async () => {
    const [near] = memoryPorts();
    const refused = failure('message-too-long', 'This has 5 bytes.');
    const client = createClient(wrapped(near, () => refused));
    expect(await client.call('app.info', {})).toEqual(refused);
  });

  it('resolve with internal when they cannot be sent at all, and the connection goes on', async () => {
    const { client } = link({ 'file.stat': () => success({ size: 3 }) });
    const unsendable: unknown = { path: () => 'a function is no data' };
    expect(errorOf(await rawCall(client, 'file.stat', unsendable)).code).toBe('internal');
    expect(valueOf(await client.call('file.stat', { path: 'a' })).size).toBe(3);
  });

  it('are answered with what the port says when it does not take the answer', async () => {
    const [near, far] = memoryPorts();
    const tooLong = wrapped(far, (message) =>
      JSON.stringify(message).length > 1000 ? failure('message-too-long', 'Too long.') : far.post(message),
    );
    const long = { ...info, runtime: 'x'.repeat(1000) };
    serve(
      tooLong,
      () => handlersWith({ 'app.info': () => success(long), 'file.stat': () => success({ size: 3 }) }),
      () => undefined,
    );
    const client = createClient(near);
    expect(errorOf(await client.call('app.info', {})).code).toBe('message-too-long');
    expect(valueOf(await client.call('file.stat', { path: 'a' })).size).toBe(3);
  });

  it('do not end the engine when an answer cannot be sent', async () => {
    const unsendable: unknown = { ...info, runtime: () => 'a function is no data' };
    const { client, bugs } = link({ 'app.info': () => success(isInfo(unsendable) ? unsendable : info) });
    const pending = client.call('app.info', {});
    await turn();
    expect(bugs).toHaveLength(1);
    client.close();
    expect(errorOf(await pending).code).toBe('disconnected');
  });

  it('refuse an answer that is not what the contract says', async () => {
    const { client, near } = link({});
    const wrong: unknown = { ...info, capabilities: 'many' };
    const [left, right] = memoryPorts();
    right.listen(
      (message) => {
        const id: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, 'id') : 0;
        right.post({ type: 'answer', id, ok: true, value: wrong });
      },
      () => undefined,
    );
    expect(errorOf(await createClient(left).call('app.info', {})).code).toBe('internal');
    near.close();
    client.close();
  });

  it('survive nonsense on the port, in both directions', async () => {
    const { client, near, far } = link({ 'app.info': () => success(info) });
    for (const nonsense of [null, 7, 'x', [], {}, { type: 'call' }, { type: 'answer', id: 99, ok: true }]) {
      near.post(nonsense);
      far.post(nonsense);
    }
    expect(valueOf(await client.call('app.info', {}))).toEqual(info);
  });
});

describe('events', () => {
  it('reach their listeners until these end, and malformed ones reach nobody', async () => {
    const { connect, dispose } = engineBench();
    const sample = connect();
    const config = { protocol: 'scripted', address: 'x', options: {} };
    const { session } = valueOf(await sample.call('session.create', { config }));
    const status = valueOf(await sample.call('session.list', {})).sessions[0];
    if (status === undefined) throw new Error('there is one session');
    await dispose();

    const { client, window, far } = link({});
    const seen: SessionStatus[] = [];
    const off = client.on('session.status', (one) => seen.push(one));
    window().emit('session.status', status);
    far.post({ type: 'event', name: 'session.status', payload: { session } });
    far.post({ type: 'event', name: '__proto__', payload: 1 });
    await turn();
    expect(seen).toEqual([status]);
    off();
    window().emit('session.status', status);
    await turn();
    expect(seen).toHaveLength(1);
  });

  it('end with the connection, and its owner is told', async () => {
    const { client, window } = link({});
    let ended = 0;
    window().onClosed(() => (ended += 1));
    client.close();
    await turn();
    expect(ended).toBe(1);
  });
});

describe('ports in memory', () => {
  it('keep messages until somebody listens, and do not share them', async () => {
    const [left, right] = memoryPorts();
    const message = { bytes: Uint8Array.of(1, 2) };
    left.post(message);
    message.bytes[0] = 99;
    await turn();
    const seen: unknown[] = [];
    right.listen(
      (one) => seen.push(one),
      () => seen.push('closed'),
    );
    left.close();
    left.post('too late');
    await turn();
    expect(seen).toEqual([{ bytes: Uint8Array.of(1, 2) }, 'closed']);
  });

  it('tell somebody who listens late that they are closed', () => {
    const [left, right] = memoryPorts();
    left.close();
    let closed = 0;
    right.listen(
      () => undefined,
      () => (closed += 1),
    );
    expect(closed).toBe(1);
  });
});
