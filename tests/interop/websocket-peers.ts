/** WebSocket libraries that we did not write, as clients and servers that send each message back. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import FayeSocket from 'faye-websocket';
import { WebSocket as UndiciSocket } from 'undici';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
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
  /** Connects to a server. @returns how the connection ended, once it has */
  connect(url: string, manner: Manner): Promise<Ended>;
  /** Takes one connection; null: it is only a client. */
  readonly serve: ((manner: Manner) => Promise<{ readonly url: string; readonly ended: Promise<Ended> }>) | null;
}

/** The text after which a peer closes, and with what. */
export const BYE = 'bye';
export const BYE_CLOSE: Ended = { code: 4321, reason: 'as asked' };

const script = join(import.meta.dirname, 'websocket_peer.py');
const endedLine = z.strictObject({ code: z.number(), reason: z.string() });

/** Debian's Python, whichever other one comes first in PATH: it is the one that has Debian's packages. */
async function startPython(role: string, library: string, manner: Manner, url: string | null): Promise<Program> {
  const args = ['-B', script, role, library, ...(url === null ? [] : ['--url', url])];
  if (manner.compress) args.push('--compress');
  if (manner.fragments) args.push('--fragments');
  const program = await Program.start('/usr/bin/python3', args);
  onTestFinished(() => program.kill());
  return program;
}

async function endOf(program: Program): Promise<Ended> {
  return endedLine.parse(JSON.parse(await program.line()));
}

function pythonPeer(library: 'websockets' | 'aiohttp'): EchoPeer {
  return {
    name: `python3-${library}`,
    can: { agreeToDeflate: true, sendCompressed: true, sendFragments: library === 'websockets' },
    connect: async (url, manner) => endOf(await startPython('connect', library, manner, url)),
    async serve(manner) {
      const program = await startPython('serve', library, manner, null);
      const port = Number(await program.line());
      return { url: `ws://127.0.0.1:${port}/`, ended: endOf(program) };
    },
  };
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
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen');
    return { url: `ws://127.0.0.1:${address.port}/`, ended };
  },
};

const undiciPeer: EchoPeer = {
  name: 'undici',
  can: { agreeToDeflate: true, sendCompressed: false, sendFragments: false },
  connect(url) {
    const socket = new UndiciSocket(url);
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

export const echoPeers: readonly EchoPeer[] = [pythonPeer('websockets'), pythonPeer('aiohttp'), fayePeer, undiciPeer];
