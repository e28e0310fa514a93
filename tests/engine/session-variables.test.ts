import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { SessionValues } from '../../src/engine/environments/session-values.ts';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { Session } from '../../src/engine/session.ts';
import type { Lookup } from '../../src/shared/template-resolve.ts';
import { errorOf, until, valueOf } from '../support/outcome.ts';
import { script, scriptedSpec, type Script } from '../support/scripted-driver.ts';
import { LOCAL, VariablesBench } from '../support/variables-bench.ts';

const SECRET = 'tr0ub4dor-and-3';

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function bench(files: Readonly<Record<string, string>>, scripted?: Script): Promise<VariablesBench> {
  const made = await VariablesBench.make(files, scripted === undefined ? undefined : [scripted.module]);
  ends.push(() => made.dispose());
  return made;
}

const file = (variables: string): string => `wirebench: 1\nvariables: ${variables}\n`;

interface Remote {
  readonly server: Server;
  readonly port: number;
  readonly sockets: Socket[];
  /** What has come so far. */
  readonly text: () => string;
}

/** A plain server that keeps what it gets, and sends it back. */
async function echo(): Promise<Remote> {
  const chunks: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: address.port, sockets, text: () => Buffer.concat(chunks).toString() };
}

interface WebSocketRemote {
  readonly server: WebSocketServer;
  readonly port: number;
  readonly messages: string[];
  /** Path, X-Key and Authorization of each handshake. */
  readonly requests: string[];
}

async function webSocketServer(): Promise<WebSocketRemote> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  ends.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const messages: string[] = [];
  const requests: string[] = [];
  server.on('connection', (socket, { url, headers }) => {
    requests.push([url, headers['x-key'], headers.authorization].join(' '));
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port, messages, requests };
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address === null || typeof address === 'string' ? 0 : address.port;
}

describe('a session with variables', () => {
  it('sends what the environment says that is chosen at that moment', async () => {
    const { port, text } = await echo();
    const window = await bench({
      'wirebench.yaml': file('{ name: nobody }'),
      [LOCAL]: file('{ name: Anna }'),
    });
    const session = await window.open('tcp-client', `127.0.0.1:${port}`);
    valueOf(await window.send(session, 'I am {{name}}. '));
    await window.choose(LOCAL);
    valueOf(await window.send(session, 'I am {{name}}. '));
    await window.edit(LOCAL, '{ name: Bob }');
    valueOf(await window.send(session, 'I am {{name}}. '));
    await window.choose(null);
    valueOf(await window.send(session, 'I am {{name}}.'));
    await until(() => text() === 'I am nobody. I am Anna. I am Bob. I am nobody.', 'all messages');
  });

  it('opens where its address says, and keeps the address as it was typed', async () => {
    const { port } = await echo();
    const window = await bench({ 'wirebench.yaml': file(`{ where: "127.0.0.1:{{port}}", port: ${port}, wait: "5" }`) });
    const session = await window.open('tcp-client', ' {{where}} ');
    expect(window.status(session).remote).toBe(`127.0.0.1:${port}`);
    const kept = await window.history(session);
    expect(kept).toContain('{{where}}');
    expect(kept).not.toContain(`"address":"127.0.0.1:${port}"`);
  });

  it('sends and opens nothing when a variable is not there, and can be used after that', async () => {
    const { port, text } = await echo();
    const window = await bench({ 'wirebench.yaml': file('{ known: x }') });
    const config = { protocol: 'tcp-client', address: '{{host}}:{{port}}', options: { localAddress: '{{local}}' } };
    const session = await window.create(config);
    const error = errorOf(await window.openWith(session, config));
    expect(error).toMatchObject({ code: 'unknown-variable', field: 'address' });
    for (const name of ['{{host}}', '{{port}}', '{{local}}']) expect(error.message).toContain(name);
    await window.until(
      session,
      ({ state, error: shown }) => state === 'failed' && shown?.code === error.code,
      'the failure',
    );
    await window.edit('wirebench.yaml', `{ host: 127.0.0.1, port: ${port}, local: "" }`);
    valueOf(await window.openWith(session, config));
    const refused = errorOf(await window.send(session, 'a {{gone}} and {{$nope}}'));
    expect(refused.code).toBe('unknown-variable');
    expect(refused.message).toContain('{{gone}}');
    expect(refused.message).toContain('{{$nope}}');
    valueOf(await window.send(session, 'ok'));
    await until(() => text() !== '', 'the message');
    expect(text()).toBe('ok');
    expect(window.status(session).state).toBe('open');
  });

  it('leaves to a driver the names that are its own', async () => {
    const window = await bench({ 'wirebench.yaml': file('{ who: Anna, n: wrong, every: 5 }') });
    const server = await window.open('websocket-server', '127.0.0.1:0', {
      behaviour: 'ticker',
      tickInterval: 5,
      tickMessage: '{{who}} {{n}} {{"{{"}}',
    });
    const client = await window.open('websocket-client', `ws://${window.status(server).local ?? ''}/`);
    await window.until(client, ({ counters }) => counters.messagesIn > 0, 'a tick');
    const ticks = (await window.rows(client)).map(({ payload }) => Buffer.from(payload).toString());
    expect(ticks.some((tick) => /^Anna \d+ \{\{$/.test(tick))).toBe(true);
    const gone = { protocol: 'websocket-server', address: '127.0.0.1:0', options: { tickMessage: '{{n}} {{gone}}' } };
    expect(errorOf(await window.openWith(await window.create(gone), gone))).toMatchObject({ field: 'tickMessage' });
  });

  it('opens nothing with an address or option that its values make too long', async () => {
    const window = await bench({ 'wirebench.yaml': file(`{ long: ${'x'.repeat(60_000)} }`) });
    for (const [config, code] of [
      [{ protocol: 'tcp-client', address: '{{long}}', options: {} }, 'bad-address'],
      [{ protocol: 'tcp-client', address: 'x:1', options: { localAddress: '{{long}}{{long}}' } }, 'bad-option'],
    ] as const) {
      const error = errorOf(await window.openWith(await window.create(config), config));
      expect(error).toMatchObject({ code, field: code === 'bad-address' ? 'address' : 'localAddress' });
      expect(error.message.length).toBeLessThan(200);
    }
  });

  it('can be closed while its variables are still being read, and no driver is made then', async () => {
    const driver = script();
    let read: (lookup: Lookup) => void = () => undefined;
    const values = new SessionValues({ lookup: () => new Promise((resolve) => (read = resolve)) });
    const config = { protocol: 'scripted', address: '{{where}}', options: {} };
    const report = (bug: unknown): never => {
      throw bug;
    };
    const session = new Session('s', driver.module, config, new MemoryRecording(), report, undefined, values);
    const opened = session.open(config);
    expect(session.status([]).state).toBe('opening');
    await session.close();
    read(() => ({ value: 'here', isSecret: false }));
    expect(errorOf(await opened).code).toBe('cancelled');
    expect(driver.drivers).toEqual([]);
    expect(session.status([]).state).toBe('closed');
    await session.dispose();
  });

  it('refuses a message that is empty with its values, where there are no messages', async () => {
    const { port } = await echo();
    const window = await bench({ 'wirebench.yaml': file('{ empty: "" }') });
    const session = await window.open('tcp-client', `127.0.0.1:${port}`);
    expect(errorOf(await window.send(session, '{{empty}}')).code).toBe('bad-message');
  });

  it('counts its own messages', async () => {
    const { port, text } = await echo();
    const window = await bench({});
    const [one, two] = [
      await window.open('tcp-client', `127.0.0.1:${port}`),
      await window.open('tcp-client', `127.0.0.1:${port}`),
    ];
    for (const session of [one, one, two]) valueOf(await window.send(session, '{{$counter}}{{$counter}} '));
    errorOf(await window.send(one, '{{$counter}} {{gone}}'));
    valueOf(await window.send(one, '{{$counter}}'));
    await until(() => text().length >= 10, 'all messages');
    expect(text().split(' ').sort()).toEqual(['11', '11', '22', '3']);
  });

  it('sends each format with its values', async () => {
    const { port, text } = await echo();
    const window = await bench({ 'wirebench.yaml': file('{ hex: "68 69", json: "[1]", back: "a\\\\nb" }') });
    const session = await window.open('tcp-client', `127.0.0.1:${port}`);
    valueOf(await window.send(session, '{{hex}} 21', { format: 'Hex' }));
    valueOf(await window.send(session, '{"a":{{json}}}', { format: 'JSON', lineEnding: '\\n' }));
    valueOf(await window.send(session, '{{back}}\\n'));
    await until(() => text().length >= 18, 'all messages');
    expect(text()).toBe('hi!{"a":[1]}\na\\nb\n');
  });

  it('resolves anew when it connects again, and what it sends then', async () => {
    const [first, second] = [await webSocketServer(), await webSocketServer()];
    const window = await bench({ 'wirebench.yaml': file(`{ port: ${first.port}, who: Anna }`) });
    const session = await window.open('websocket-client', 'ws://127.0.0.1:{{port}}/', {
      reconnect: 'lost',
      reconnectDelay: 1,
      reconnectMessages: '{{gone}}\nhello \\n {{who}} {{$counter}}\nplain',
    });
    await until(() => first.server.clients.size === 1, 'the connection');
    await window.edit('wirebench.yaml', `{ port: ${second.port}, who: Bob }`);
    for (const client of first.server.clients) client.terminate();
    await until(() => second.messages.length === 2, 'the messages to the second server');
    expect(second.messages).toEqual(['hello \\n Bob 1', 'plain']);
    await until(() => window.status(session).state === 'open', 'the word that it is open');
    const notes = JSON.stringify((await window.rows(session)).map(({ meta }) => meta));
    expect(notes).toContain('Not sent after connecting again: “{{gone}}”. There is no variable {{gone}}');
  });

  it('does not connect again when a variable has gone: another attempt changes nothing', async () => {
    const first = await webSocketServer();
    const window = await bench({ 'wirebench.yaml': file(`{ port: ${first.port} }`) });
    const options = { reconnect: 'always', reconnectDelay: 1 };
    const session = await window.open('websocket-client', 'ws://127.0.0.1:{{port}}/', options);
    await until(() => first.server.clients.size === 1, 'the connection');
    await window.edit('wirebench.yaml', '{}');
    for (const client of first.server.clients) client.terminate();
    await window.until(
      session,
      ({ state, error }) => state === 'failed' && error?.code === 'unknown-variable',
      'the end',
    );
    expect(window.status(session).reconnect).toBeNull();
  });
});

describe('a secret', () => {
  it('in a message is in the bytes of the rows, as on the wire, and nowhere else', async () => {
    const { port } = await echo();
    const window = await bench({ 'wirebench.yaml': file('{ token: { secret: true } }') });
    await window.secret('token', SECRET);
    const session = await window.open('tcp-client', `127.0.0.1:${port}`);
    valueOf(await window.send(session, 'login {{token}}'));
    await window.until(session, ({ counters }) => counters.bytesIn === 6 + SECRET.length, 'the echo');
    const rows = await window.rows(session);
    const payloads = rows.map(({ payload }) => Buffer.from(payload).toString());
    expect(payloads.filter((payload) => payload === `login ${SECRET}`)).toHaveLength(2);
    expect(JSON.stringify(rows.map(({ meta }) => meta))).not.toContain(SECRET);
    expect(window.said.join('\n')).not.toContain(SECRET);
    expect(await window.history(session)).not.toContain(SECRET);
    expect(window.secrets.text).not.toContain(SECRET);
  });

  it('in an address is in no error, status, row or summary when nobody answers there', async () => {
    const window = await bench({ 'wirebench.yaml': file('{ where: { secret: true } }') });
    const where = `127.0.0.1:${await closedPort()}`;
    await window.secret('where', where);
    const config = { protocol: 'tcp-client', address: '{{where}}', options: {} };
    const session = await window.create(config);
    const error = errorOf(await window.openWith(session, config));
    expect(error.code).toBe('connection-refused');
    expect(error.message).toContain('•••');
    await window.until(session, ({ state }) => state === 'failed', 'the failure');
    const rows = await window.rows(session);
    const kept = [JSON.stringify(rows.map(({ meta }) => meta)), ...window.said, await window.history(session)].join(
      '\n',
    );
    expect(kept).not.toContain(where);
    expect(kept).not.toContain('127.0.0.1');
  });

  it('in an address that is none is not quoted', async () => {
    const window = await bench({ 'wirebench.yaml': file('{ where: { secret: true } }') });
    for (const [value, shown] of [
      ['no port here', 'no port here'],
      [`${'x'.repeat(300)}:1`, 'xxxxxxxx'],
      ['hidden.example:99999999', '99999999'],
      [`Hidden-${SECRET}:notaport`, 'notaport'],
    ] as const) {
      await window.secret('where', value);
      for (const protocol of ['tcp-client', 'tcp-server', 'websocket-client']) {
        const config = { protocol, address: '{{where}}', options: {} };
        const error = errorOf(await window.openWith(await window.create(config), config));
        expect(JSON.stringify(error)).not.toContain(shown);
      }
    }
  });

  it('of a WebSocket client reaches the server in path, header and token, and is nowhere else', async () => {
    const { port, requests } = await webSocketServer();
    const window = await bench({ 'wirebench.yaml': file('{ token: { secret: true }, key: "k-{{token}}" }') });
    await window.secret('token', SECRET);
    const session = await window.open('websocket-client', `ws://127.0.0.1:${port}/{{token}}`, {
      headers: 'X-Key: {{key}}',
      auth: 'bearer',
      authToken: '{{token}}',
    });
    await until(() => requests.length === 1, 'the request');
    expect(requests).toEqual([`/${SECRET} k-${SECRET} Bearer ${SECRET}`]);
    const ping = await window.client.call('session.act', {
      session,
      action: 'ping',
      peer: null,
      values: { payload: 'p {{token}}' },
    });
    valueOf(ping);
    const refused = errorOf(
      await window.client.call('session.act', { session, action: 'ping', peer: null, values: { payload: '{{nope}}' } }),
    );
    expect(refused).toMatchObject({ code: 'unknown-variable', field: 'payload' });
    const rows = await window.rows(session);
    const sent = rows.map(({ payload }) => Buffer.from(payload).toString());
    expect(sent).toContain(`p ${SECRET}`);
    const kept = [JSON.stringify(rows.map(({ meta }) => meta)), ...window.said, await window.history(session)].join(
      '\n',
    );
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain('{{token}}');
  });

  it('in an option that is refused is not quoted', async () => {
    const window = await bench({ 'wirebench.yaml': file('{ token: { secret: true } }') });
    await window.secret('token', `${SECRET}\nX-Bad ${SECRET}`);
    const config = {
      protocol: 'websocket-client',
      address: 'ws://127.0.0.1:1/',
      options: { headers: 'X-Key: {{token}}' },
    };
    const error = errorOf(await window.openWith(await window.create(config), config));
    expect(error.code).toBe('bad-option');
    expect(JSON.stringify(error)).not.toContain(SECRET);
  });

  it('is in nothing that a driver says of itself, also when it fails', async () => {
    const driver = script((one) => {
      one.onOpen = () => {
        one.connect(`${one.context.address}:1`);
        one.context.endpoints({ local: null, remote: one.context.address });
        one.context.record('connect', 'none', 0, null, { address: one.context.address, port: 1 });
        return Promise.resolve({ ok: true, value: undefined });
      };
      one.onFacts = () => ({ remoteAddress: one.context.address });
      one.onSend = () => {
        throw new Error(`cannot send to ${one.context.address}`);
      };
    }, scriptedSpec);
    const window = await bench({ 'wirebench.yaml': file('{ where: { secret: true } }') }, driver);
    await window.secret('where', SECRET);
    const session = await window.open('scripted', '{{where}}');
    expect(driver.last.context.address).toBe(SECRET);
    await window.until(session, ({ facts, remote }) => facts.remoteAddress === '•••' && remote === '•••', 'the facts');
    const error = errorOf(await window.send(session, 'x'));
    expect(error.code).toBe('internal');
    await window.until(session, ({ state }) => state === 'failed', 'the end');
    const bugs = window.bench.bugs
      .splice(0)
      .map((bug) => (bug instanceof Error ? `${bug.message}${bug.stack ?? ''}` : bug));
    expect(bugs).toHaveLength(1);
    const peers = valueOf(await window.client.call('peers', { session, from: 0, count: 10 }));
    const rows = await window.rows(session);
    const kept = [bugs, peers, rows.map(({ meta }) => meta), error].map((one) => JSON.stringify(one));
    expect([...kept, ...window.said, await window.history(session)].join('\n')).not.toContain(SECRET);
  });
});
