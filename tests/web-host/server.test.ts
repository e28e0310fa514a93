import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Downloads } from '../../src/engine/export/downloads.ts';
import { createClient } from '../../src/rpc/client.ts';
import { MALFORMED_FRAME, webSocketPort } from '../../src/rpc/websocket-port.ts';
import { WIRE_FRAME_BYTES } from '../../src/shared/limits.ts';
import { emptyWorkspace } from '../../src/shared/workspace.ts';
import { startWebHost, type WebHost, TAKEN_OVER } from '../../src/web-host/server.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder = '';
const running: { readonly host: WebHost; readonly bench: EngineBench }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-host-'));
  await mkdir(join(folder, 'window', 'assets'), { recursive: true });
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html>the window');
  await writeFile(join(folder, 'window', 'assets', 'index.js'), 'export {};');
  await writeFile(join(folder, 'secret.json'), 'secret');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const { host, bench } of running.splice(0)) {
    await host.close();
    await bench.dispose();
  }
});

/** One running host and what a browser would know of it. */
class Visitor {
  readonly host: WebHost;
  readonly bench: EngineBench;
  readonly url: URL;
  cookie: string | null = null;

  constructor(host: WebHost, bench: EngineBench) {
    this.host = host;
    this.bench = bench;
    this.url = new URL(host.url);
  }

  get authority(): string {
    return this.url.host;
  }

  ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    const all = { ...(this.cookie === null ? {} : { Cookie: this.cookie }), ...headers };
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: this.url.hostname, port: this.url.port, path, headers: all, method, agent: false },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (text: string) => (body += text));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
        },
      );
      request.on('error', reject);
      request.end();
    });
  }

  /** Opens the link and takes the cookie. */
  async enter(): Promise<Answer> {
    const answer = await this.ask(`/${this.url.search}`);
    this.cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? null;
    return answer;
  }

  socket(path = '/rpc', headers: Record<string, string> = {}): WebSocket {
    const all = { Origin: this.url.origin, ...(this.cookie === null ? {} : { Cookie: this.cookie }), ...headers };
    return new WebSocket(`ws://${this.authority}${path}`, { headers: all });
  }

  /** Status with which an upgrade is refused. */
  refusal(path?: string, headers?: Record<string, string>): Promise<number> {
    return statusOf(this.socket(path, headers));
  }
}

/** With which an upgrade was refused. */
function statusOf(socket: WebSocket): Promise<number> {
  socket.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      reject(new Error('the upgrade was not refused'));
    });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
}

async function start(host = '127.0.0.1'): Promise<Visitor> {
  const bench = engineBench();
  const report = (bug: unknown): void => void bench.bugs.push(bug);
  const { engine } = bench;
  const downloads = new Downloads(folder);
  const window = join(folder, 'window');
  const webHost = await startWebHost({ engine, folder: window, downloads, host, port: 0, report });
  running.push({ host: webHost, bench });
  return new Visitor(webHost, bench);
}

describe('the link', () => {
  it('works once: it gives a cookie and the window', async () => {
    const visitor = await start();
    const welcome = await visitor.enter();
    expect(welcome.status).toBe(200);
    expect(welcome.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^wirebench-${visitor.url.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    expect(welcome.body).toContain('url=/"');
    expect(await visitor.ask('/')).toMatchObject({ status: 200, body: '<!doctype html>the window' });
    visitor.cookie = null;
    const again = await visitor.ask(`/${visitor.url.search}`);
    expect(again.status).toBe(403);
    expect(again.body).toContain('used already');
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('may be opened again by the browser that used it', async () => {
    const visitor = await start();
    await visitor.enter();
    expect((await visitor.ask(`/${visitor.url.search}`)).status).toBe(200);
  });

  it.each(['', 'x', 'a'.repeat(43), '%00', '__proto__'])('is not valid with the token "%s"', async (token) => {
    const visitor = await start();
    const answer = await visitor.ask(`/?token=${token}`);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await visitor.enter()).status).toBe(200);
  });

  it('is not used up by HEAD, which programs send to look at links', async () => {
    const visitor = await start();
    expect((await visitor.ask(`/${visitor.url.search}`, {}, 'HEAD')).status).toBe(401);
    expect((await visitor.enter()).status).toBe(200);
  });
});

describe('without the cookie', () => {
  it.each(['/', '/index.html', '/assets/index.js', '/nothing.js', '/favicon.ico'])('%s is not served', async (path) => {
    const visitor = await start();
    const answer = await visitor.ask(path);
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('Open the link');
  });

  it('a wrong cookie is none', async () => {
    const visitor = await start();
    await visitor.enter();
    for (const cookie of ['', 'wirebench=x', `wirebench-${visitor.url.port}=x`, `x=${visitor.cookie ?? ''}`]) {
      expect((await visitor.ask('/', { Cookie: cookie })).status).toBe(401);
    }
    expect((await visitor.ask('/', { Cookie: `a=b; ${visitor.cookie ?? ''}; c` })).status).toBe(200);
  });
});

describe('a stranger', () => {
  it.each(['localhost', 'evil.example', '127.0.0.1', '127.0.0.1.evil.example'])(
    'that calls the host "%s" is sent away',
    async (name) => {
      const visitor = await start();
      await visitor.enter();
      const host = name === '127.0.0.1' ? name : `${name}:${visitor.url.port}`;
      const answer = await visitor.ask('/', { Host: host });
      expect(answer.status).toBe(421);
      expect(answer.body).toContain(visitor.authority);
      expect((await visitor.ask(`/${visitor.url.search}`, { Host: host })).status).toBe(421);
    },
  );

  it('without a Host at all is sent away', async () => {
    const visitor = await start();
    const socket = connect(Number(visitor.url.port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.write('GET / HTTP/1.0\r\n\r\n');
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 421 /);
  });

  it.each(['https://evil.example', 'null', 'http://localhost:1'])('from the origin %s is sent away', async (origin) => {
    const visitor = await start();
    await visitor.enter();
    expect((await visitor.ask('/', { Origin: origin })).status).toBe(403);
    expect((await visitor.ask('/', { Origin: visitor.url.origin })).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('may not %s', async (method) => {
    const visitor = await start();
    await visitor.enter();
    const answer = await visitor.ask('/', {}, method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('files', () => {
  it('come with their type and with headers that keep everything else out', async () => {
    const visitor = await start();
    await visitor.enter();
    const { headers } = await visitor.ask('/assets/index.js');
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://${visitor.authority};`);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    const head = await visitor.ask('/assets/index.js', {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe('10');
  });

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%5c..%5csecret.json',
    '//secret.json',
    '/nothing.html',
    '/assets',
    '/assets/',
    '/%',
  ])('are not found at %s', async (path) => {
    const visitor = await start();
    await visitor.enter();
    const answer = await visitor.ask(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  it('do not break on an address that is none', async () => {
    const visitor = await start();
    await visitor.enter();
    const answer = await visitor.ask('http://[');
    expect(answer.status).toBe(400);
    expect((await visitor.ask('/')).status).toBe(200);
    expect(visitor.bench.bugs).toEqual([]);
  });
});

describe('the WebSocket', () => {
  it('carries calls, bytes and the end of the connection', async () => {
    const visitor = await start();
    await visitor.enter();
    const client = createClient(webSocketPort(visitor.socket()));
    expect(valueOf(await client.call('app.info', {})).version).toBe('1.2.3');
    const config = { protocol: 'scripted', address: 'x', options: {} };
    const { session } = valueOf(await client.call('session.create', { config }));
    valueOf(await client.call('session.open', { session, config }));
    const peer = visitor.bench.driver.last.connect();
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    valueOf(await client.call('session.send', { session, peer, source: { type: 'bytes', bytes }, then: null }));
    const back = valueOf(await client.call('payload', { session, seq: 2, offset: 0, length: 300_000 }));
    expect(Buffer.from(back.bytes).equals(bytes)).toBe(true);
    const closed = new Promise<void>((resolve) => client.onClosed(resolve));
    await visitor.host.close();
    await closed;
    expect(errorOf(await client.call('app.info', {})).code).toBe('disconnected');
  });

  it('is refused without cookie, from elsewhere, under another name and at another path', async () => {
    const visitor = await start();
    expect(await visitor.refusal()).toBe(401);
    await visitor.enter();
    expect(await visitor.refusal('/rpc', { Origin: 'https://evil.example' })).toBe(403);
    expect(await visitor.refusal('/rpc', { Origin: '' })).toBe(403);
    expect(await visitor.refusal('/rpc', { Host: `localhost:${visitor.url.port}` })).toBe(421);
    expect(await visitor.refusal('/other')).toBe(404);
    expect(await visitor.refusal(`/rpc${visitor.url.search}`)).toBe(404);
  });

  it('is refused without an Origin', async () => {
    const visitor = await start();
    await visitor.enter();
    const socket = new WebSocket(`ws://${visitor.authority}/rpc`, { headers: { Cookie: visitor.cookie ?? '' } });
    expect(await statusOf(socket)).toBe(403);
  });

  it('takes over from the window before', async () => {
    const visitor = await start();
    await visitor.enter();
    const first = visitor.socket();
    await once(first, 'open');
    const second = visitor.socket();
    const [code] = await once(first, 'close');
    expect(code).toBe(TAKEN_OVER);
    if (second.readyState !== second.OPEN) await once(second, 'open');
    second.close();
    await once(second, 'close');
  });

  it('is closed when a frame is malformed or a text', async () => {
    const visitor = await start();
    await visitor.enter();
    for (const frame of ['text', Buffer.from([1, 2, 3])]) {
      const socket = visitor.socket();
      await once(socket, 'open');
      socket.send(frame);
      const [code] = await once(socket, 'close');
      expect(code).toBe(MALFORMED_FRAME);
    }
  });

  it('goes on when a call is too long, which is refused', async () => {
    const visitor = await start();
    await visitor.enter();
    const client = createClient(webSocketPort(visitor.socket()));
    const workspace = { ...emptyWorkspace(), active: 'x'.repeat(WIRE_FRAME_BYTES) };
    expect(errorOf(await client.call('workspace.save', { workspace })).code).toBe('message-too-long');
    expect(valueOf(await client.call('app.info', {})).version).toBe('1.2.3');
  });

  it('is closed when a frame is larger than any call', async () => {
    const visitor = await start();
    await visitor.enter();
    const socket = visitor.socket();
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(new Uint8Array(WIRE_FRAME_BYTES + 1), () => undefined);
    const [code] = await once(socket, 'close');
    expect([1006, 1009]).toContain(code);
    expect(valueOf(await createClient(webSocketPort(visitor.socket())).call('app.info', {})).version).toBe('1.2.3');
  });
});

describe('the browser host', () => {
  it('leaves nothing behind when it is closed', async () => {
    await leavingNothing(async () => {
      const visitor = await start();
      await visitor.enter();
      const client = createClient(webSocketPort(visitor.socket()));
      valueOf(await client.call('app.info', {}));
      const closed = new Promise<void>((resolve) => client.onClosed(resolve));
      running.length = 0;
      await visitor.host.close();
      await closed;
      await visitor.bench.dispose();
    });
  });

  it('says when its port is taken', async () => {
    const visitor = await start();
    const { engine } = visitor.bench;
    const port = Number(visitor.url.port);
    await expect(
      startWebHost({
        ...{ engine, folder, downloads: new Downloads(folder), port },
        host: '127.0.0.1',
        report: () => undefined,
      }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
