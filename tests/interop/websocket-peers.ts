/** WebSocket libraries that we did not write, as clients and servers that send each message back. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import FayeSocket from 'faye-websocket';
import { Agent, WebSocket as UndiciSocket } from 'undici';
import { onTestFinished } from 'vitest';
import { WebSocket as WsSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Certificate } from '../../src/drivers/websocket/certificate.ts';
import { Program } from './program.ts';

/** How messages are to be sent. */
export interface Manner {
  readonly compress: boolean;
  readonly fragments: boolean;
}

/** How the peer saw the connection end; a reason that its library does not tell is ''. */
export interface Ended {
  readonly code: number;
  readonly reason: string;
}

export interface EchoPeer {
  readonly name: string;
  /** What it can do when it is asked for. */
  readonly can: { readonly agreeToDeflate: boolean; readonly sendCompressed: boolean; readonly sendFragments: boolean };
  /**
   * Connects to a server.
   * @param ca what it trusts, as PEM; without it, what it always does
   * @returns how the connection ended, once it has
   */
  connect(url: string, manner: Manner, ca?: string): Promise<Ended>;
  /** Takes one connection; null: it is only a client. */
  readonly serve: ((manner: Manner) => Promise<Serving>) | null;
}

export interface Serving {
  readonly url: string;
  readonly ended: Promise<Ended>;
}

/** One that speaks TLS in both roles. */
export interface SecurePeer extends EchoPeer {
  readonly serveSecurely: (manner: Manner, certificate: Certificate) => Promise<Serving>;
}

/** The text after which a peer closes, and with what. */
export const BYE = 'bye';
export const BYE_CLOSE: Ended = { code: 4321, reason: 'as asked' };

const script = join(import.meta.dirname, 'websocket_peer.py');
const endedLine = z.strictObject({ code: z.number(), reason: z.string() });

/** @returns path of a file with this text, which is there until the test has finished */
function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'file.pem');
  writeFileSync(path, text);
  return path;
}

/** Debian's Python, whichever other one comes first in PATH: it is the one that has Debian's packages. */
async function startPython(
  role: 'connect' | 'serve',
  library: string,
  manner: Manner,
  more: readonly string[],
): Promise<Program> {
  const args = ['-B', script, role, library, ...more];
  if (manner.compress) args.push('--compress');
  if (manner.fragments) args.push('--fragments');
  const program = await Program.start('/usr/bin/python3', args);
  onTestFinished(() => program.kill());
  return program;
}

async function endOf(program: Program): Promise<Ended> {
  return endedLine.parse(JSON.parse(await program.line()));
}

function pythonPeer(library: 'websockets' | 'aiohttp'): SecurePeer {
  const serve = async (manner: Manner, scheme: 'ws' | 'wss', more: readonly string[]): Promise<Serving> => {
    const program = await startPython('serve', library, manner, more);
    const port = Number(await program.line());
    return { url: `${scheme}://127.0.0.1:${port}/`, ended: endOf(program) };
  };
  return {
    name: `python3-${library}`,
    can: { agreeToDeflate: true, sendCompressed: true, sendFragments: library === 'websockets' },
    async connect(url, manner, ca) {
      const trusted = ca === undefined ? [] : ['--ca', fileOf(ca)];
      return endOf(await startPython('connect', library, manner, ['--url', url, ...trusted]));
    },
    serve: (manner) => serve(manner, 'ws', []),
    serveSecurely: (manner, { cert, key }) => serve(manner, 'wss', ['--pair', fileOf(`${cert}\n${key}`)]),
  };
}

/** Listens until the test has finished. @returns its port */
async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen');
  return address.port;
}

function echoOfFaye(socket: FayeSocket): Promise<Ended> {
  socket.on('message', ({ data }) => {
    if (data === BYE) socket.close(BYE_CLOSE.code, BYE_CLOSE.reason);
    else socket.send(data);
  });
  return new Promise((resolve) => {
    socket.on('close', ({ code, reason }) => {
      resolve({ code, reason });
    });
  });
}

const fayePeer: EchoPeer = {
  name: 'faye-websocket',
  can: { agreeToDeflate: false, sendCompressed: false, sendFragments: false },
  connect: (url) => echoOfFaye(new FayeSocket.Client(url)),
  async serve() {
    const server = createServer();
    const ended = new Promise<Ended>((resolve) => {
      server.on('upgrade', (request, socket, head) => {
        resolve(echoOfFaye(new FayeSocket(request, socket, head)));
      });
    });
    return { url: `ws://127.0.0.1:${await portOf(server)}/`, ended };
  },
};

const undiciPeer: EchoPeer = {
  name: 'undici',
  can: { agreeToDeflate: true, sendCompressed: false, sendFragments: false },
  connect(url, _manner, ca) {
    const agent = new Agent(ca === undefined ? {} : { connect: { ca } });
    onTestFinished(() => agent.destroy());
    const socket = new UndiciSocket(url, { dispatcher: agent });
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
      if (data === BYE) socket.close(BYE_CLOSE.code, BYE_CLOSE.reason);
      else if (typeof data === 'string' || data instanceof ArrayBuffer) socket.send(data);
    });
    return new Promise((resolve) => {
      socket.addEventListener('close', ({ code, reason }) => {
        resolve({ code, reason });
      });
    });
  },
  serve: null,
};

function echoOfWs(socket: WsSocket): Promise<Ended> {
  socket.on('message', (data, binary) => {
    if (!binary && Buffer.isBuffer(data) && data.toString() === BYE) socket.close(BYE_CLOSE.code, BYE_CLOSE.reason);
    else socket.send(data, { binary });
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
    });
  });
}

async function serveWs(server: HttpServer | HttpsServer, scheme: 'ws' | 'wss', { compress }: Manner): Promise<Serving> {
  const sockets = new WebSocketServer({ server, perMessageDeflate: compress });
  const ended = new Promise<Ended>((resolve, reject) => {
    sockets.on('connection', (socket) => {
      echoOfWs(socket).then(resolve, reject);
    });
  });
  return { url: `${scheme}://127.0.0.1:${await portOf(server)}/`, ended };
}

const wsPeer: SecurePeer = {
  name: 'ws',
  can: { agreeToDeflate: true, sendCompressed: true, sendFragments: false },
  connect: (url, { compress }, ca) => echoOfWs(new WsSocket(url, { perMessageDeflate: compress, ca })),
  serve: (manner) => serveWs(createServer(), 'ws', manner),
  serveSecurely: (manner, certificate) => serveWs(createTlsServer({ ...certificate }), 'wss', manner),
};

const websockets = pythonPeer('websockets');
const aiohttp = pythonPeer('aiohttp');

export const echoPeers: readonly EchoPeer[] = [websockets, aiohttp, fayePeer, undiciPeer];

export const securePeers: readonly SecurePeer[] = [websockets, aiohttp, wsPeer];

/** Those that connect through TLS. */
export const secureClients: readonly EchoPeer[] = [...securePeers, undiciPeer];
