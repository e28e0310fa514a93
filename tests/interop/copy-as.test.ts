/**
 * What *copy as* gives, run in a shell: it makes the conversation that the session itself makes. Clients against a
 * server session of ours, and copied servers against a client session.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Options } from '../../src/drivers/spec.ts';
import { copyAs, type CopySource } from '../../src/shared/exchange/copy-as.ts';
import type { CopyTarget } from '../../src/shared/exchange/copy-targets.ts';
import { shellQuote } from '../../src/shared/exchange/shell-quote.ts';
import { savedMessageSchema, type SavedMessage } from '../../src/shared/preset.ts';
import { LiveSession } from '../support/live-session.ts';
import { turn, valueOf } from '../support/outcome.ts';
import { Watch } from '../support/watch.ts';
import { onStage, type Stage } from './peers.ts';

const root = join(import.meta.dirname, '..', '..');
/** Programs that npm brings are found as well. */
const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);

function isInstalled(name: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Neither Debian nor npm has websocat: what is copied for it is tried where somebody has installed it. */
function isThere(target: CopyTarget): boolean {
  return target !== 'websocat' || isInstalled(target);
}

/** A shell, and whatever it has started: they end together. */
class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #watch = new Watch();
  readonly #line: string;
  #wrote = Buffer.alloc(0);
  #said = '';

  private constructor(line: string) {
    this.#line = line;
    this.#child = spawn('sh', ['-c', line], { detached: true, cwd: root, env: { ...process.env, PATH: path } });
    this.#child.stdout.on('data', (data: Buffer) => {
      this.#wrote = Buffer.concat([this.#wrote, data]);
      this.#watch.touch();
    });
    this.#child.stderr.on('data', (data: Buffer) => {
      this.#said += data.toString();
    });
    // A program may be gone when its input is closed.
    this.#child.stdin.on('error', () => undefined);
  }

  static start(stage: Stage, line: string): Shell {
    const shell = new Shell(line);
    const closed = once(shell.#child, 'close');
    stage.later(async () => {
      shell.#kill();
      await closed;
    });
    return shell;
  }

  /** Waits until its output ends with this. */
  async wrote(text: string | Buffer): Promise<void> {
    const wanted = Buffer.from(text);
    try {
      await this.#watch.until(() => this.#wrote.includes(wanted), 'the answer in the output of the program');
    } catch (problem) {
      throw new Error(`It wrote ${JSON.stringify(this.#wrote.toString())} and said ${this.#said}, of:\n${this.#line}`, {
        cause: problem,
      });
    }
  }

  #kill(): void {
    try {
      process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has gone by itself.
    }
  }
}

/** The text as somebody runs it: a command line as it is, a program by its language. */
function runnable(target: CopyTarget, text: string): string {
  if (target === 'node') return `${shellQuote(process.execPath)} --input-type=module -e ${shellQuote(text)}`;
  // Debian's Python has websockets.
  return target === 'python' ? `/usr/bin/python3 -c ${shellQuote(text)}` : text;
}

function start(stage: Stage, target: CopyTarget, source: CopySource): Shell {
  return Shell.start(stage, runnable(target, valueOf(copyAs(source, target))));
}

const awkward = `it's "quoted" $HOME $(id) \`id\` %s %% \\n 안녕 🙂 !#~ {}`;
const text: SavedMessage = savedMessageSchema.parse({ content: awkward.replaceAll('\\', '\\\\') });
const lines: SavedMessage = savedMessageSchema.parse({ content: 'GET / HTTP/1.0\\r\\nX: 1\\r\\n\\r\\n-n -e' });
const bytes: SavedMessage = savedMessageSchema.parse({ format: 'Hex', content: '00 01 0a 0d 25 5c 27 80 ff 00' });
const sentAs = new Map<SavedMessage, Buffer>([
  [text, Buffer.from(awkward)],
  [lines, Buffer.from('GET / HTTP/1.0\r\nX: 1\r\n\r\n-n -e')],
  [bytes, Buffer.from('00010a0d255c2780ff00', 'hex')],
]);

function bytesOf(message: SavedMessage): Buffer {
  return sentAs.get(message) ?? Buffer.alloc(0);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Connects as soon as the program listens: each refusal comes at once. */
async function connected(stage: Stage, protocol: string, address: string, options: Options = {}): Promise<LiveSession> {
  for (let attempts = 0; attempts < 20_000; attempts += 1) {
    const live = new LiveSession(protocol);
    const opened = await live.open(address, options);
    if (opened.ok) return stage.keep(live);
    await live.dispose();
    await turn();
  }
  throw new Error(`Nobody listens at ${address}`);
}

describe('a TCP client', () => {
  const messages: readonly (readonly [string, SavedMessage])[] = [
    ['text that a shell would change', text],
    ['lines', lines],
    ['bytes', bytes],
  ];
  for (const target of ['nc', 'socat', 'node', 'python'] as const) {
    it.each(messages)(`copied as ${target} sends %s as we do, and shows the answer`, (_, message) =>
      onStage(async (stage) => {
        const server = await stage.open('tcp-server', '127.0.0.1:0');
        const source = { protocol: 'tcp-client', address: server.local, options: {}, message };
        const ours = await stage.open('tcp-client', server.local);
        await ours.send(bytesOf(message));
        const shell = start(stage, target, source);
        for (const peer of [1, 2]) {
          await server.until(
            () => server.recorded('in', peer).length >= bytesOf(message).length,
            `all of peer ${peer}`,
          );
        }
        expect(server.recorded('in', 2)).toEqual(server.recorded('in', 1));
        const answer = Buffer.from('\0answer \xff', 'latin1');
        await server.send(answer, 2);
        await shell.wrote(answer);
        // It stays connected, as the session does.
        expect(server.count({ kind: 'end', direction: 'in', peer: 2 })).toBe(0);
      })(),
    );
  }
});

/** The handshake without what each program says in its own way, and the messages. */
function conversation(server: LiveSession, peer: number): unknown {
  const whole = server.recorded('in', peer);
  const end = whole.indexOf('\r\n\r\n');
  const [request = '', ...headers] = whole.subarray(0, end).toString('latin1').split('\r\n');
  const told = new Map(
    headers.map((header) => [header.split(':')[0]?.toLowerCase(), header.replace(/^[^:]*:\s*/, '')]),
  );
  const names = ['origin', 'x-test', 'authorization', 'cookie', 'sec-websocket-protocol'];
  const kinds = server.rows.filter(
    (row) => row.peer === peer && row.direction === 'in' && /^(text|binary)$/.test(row.kind),
  );
  return {
    request,
    headers: names.map((name) => [name, told.get(name)?.replace(/,\s*/g, ',')]),
    kinds: kinds.map(({ kind }) => kind),
    messages: whole.subarray(end + 4).toString('hex'),
  };
}

describe('a WebSocket client', () => {
  const options: Options = {
    origin: 'https://example.com',
    headers: "X-Test: it's $(id)",
    cookies: 'a=1; b=2',
    subprotocols: 'chat, other',
    auth: 'basic',
    authName: 'anna',
    authPassword: 'p:w $x',
    deflate: false,
  };
  const cases: readonly (readonly [CopyTarget, string, SavedMessage])[] = [
    ...(['websocat', 'wscat', 'node', 'python'] as const).map((target) => [target, 'text', text] as const),
    ...(['websocat', 'node', 'python'] as const).map((target) => [target, 'bytes', bytes] as const),
  ];
  for (const [target, what, message] of cases.filter(([target]) => isThere(target))) {
    it(`copied as ${target} makes the same handshake, sends ${what}, and shows the answer`, () =>
      onStage(async (stage) => {
        const server = await stage.open('websocket-server', '127.0.0.1:0', { subprotocols: 'chat', deflate: false });
        const address = `ws://${server.local}/a%20path?q=1&r=$HOME;$(id)`;
        const ours = await stage.open('websocket-client', address, options);
        const kind = what === 'text' ? 'text' : 'binary';
        valueOf(await ours.session.send(null, { type: 'bytes', bytes: bytesOf(message) }, null, kind));
        await server.row({ kind, direction: 'in', peer: 1 });
        const shell = start(stage, target, { protocol: 'websocket-client', address, options, message });
        await server.row({ kind, direction: 'in', peer: 2 });
        expect(conversation(server, 2)).toEqual(conversation(server, 1));
        valueOf(await server.session.send(2, { type: 'bytes', bytes: Buffer.from('answer 안녕') }, null, 'text'));
        await shell.wrote('answer 안녕');
        expect(server.count({ kind: 'close', direction: 'in', peer: 2 })).toBe(0);
      })());
  }
});

describe('a server', () => {
  for (const target of ['nc', 'socat', 'node', 'python'] as const) {
    it(`of TCP copied as ${target} gets what is sent`, () =>
      onStage(async (stage) => {
        const address = `127.0.0.1:${await freePort()}`;
        const shell = start(stage, target, { protocol: 'tcp-server', address, options: {}, message: null });
        const live = await connected(stage, 'tcp-client', address);
        await live.send(Buffer.from('안녕\0\r\n'));
        await shell.wrote('안녕\0\r\n');
      })());
  }

  for (const target of ['socat', 'node', 'python'] as const) {
    it(`of TCP that echoes, copied as ${target}, sends back what comes`, () =>
      onStage(async (stage) => {
        const address = `127.0.0.1:${await freePort()}`;
        const options = { behaviour: 'echo' };
        start(stage, target, { protocol: 'tcp-server', address, options, message: null });
        const live = await connected(stage, 'tcp-client', address);
        await live.send(Buffer.from('안녕\0\r\n'));
        await live.until(() => live.recorded('in').equals(Buffer.from('안녕\0\r\n')), 'the echo');
      })());
  }

  for (const target of (['websocat', 'node', 'python'] as const).filter(isThere)) {
    for (const behaviour of ['echo', 'broadcast'] as const) {
      it(`of WebSocket (${behaviour}) copied as ${target} does the same`, () =>
        onStage(async (stage) => {
          const address = `127.0.0.1:${await freePort()}`;
          start(stage, target, { protocol: 'websocket-server', address, options: { behaviour }, message: null });
          const one = await connected(stage, 'websocket-client', `ws://${address}/`);
          const two = await connected(stage, 'websocket-client', `ws://${address}/`);
          valueOf(await one.session.send(null, { type: 'bytes', bytes: Buffer.from('안녕') }, null, 'text'));
          const listener = behaviour === 'echo' ? one : two;
          await listener.row({ kind: 'text', direction: 'in', length: Buffer.byteLength('안녕') });
        })());
    }
  }
});
