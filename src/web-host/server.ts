/** Serves the window to a browser on this machine: its files by HTTP, its port as a WebSocket. */
import { readFile } from 'node:fs/promises';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Engine } from '../engine/engine.ts';
import { serve } from '../rpc/server.ts';
import { webSocketPort } from '../rpc/websocket-port.ts';
import { WIRE_FRAME_BYTES } from '../shared/limits.ts';
import { contentFile, contentSecurityPolicy, securityHeaders } from '../shared/web-content.ts';
import type { Downloads } from '../engine/export/downloads.ts';
import { Access, type Refusal } from './access.ts';
import { DOWNLOAD_PATH, sendDownload } from './download.ts';

export interface WebHostOptions {
  readonly engine: Engine;
  /** Folder with the built window. */
  readonly folder: string;
  /** What the engine has for the browser to fetch. */
  readonly downloads: Downloads;
  /** A loopback address. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly report: (bug: unknown) => void;
}

export interface WebHost {
  /** The link to open; it works once. */
  readonly url: string;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/** Close code of a window that another one has taken over from (RFC 6455 §7.4.2: 4000 to 4999 are private). */
export const TAKEN_OVER = 4001;

/** Rejects with Node's error when the port cannot be had. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const server = createServer();
  const port = await listen(server, options.host, options.port);
  const authority = `${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  const access = new Access(authority, port);
  const headers = headersFor(authority);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: WIRE_FRAME_BYTES, perMessageDeflate: false });

  server.on('error', options.report);
  server.on('request', (request, response) => {
    respond(request, response, access, options, headers).catch((bug: unknown) => {
      options.report(bug);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    // The peer may go at any moment; without a listener that would be a crash.
    socket.on('error', () => undefined);
    const refusal = refuseUpgrade(request, access);
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // One window at a time: two would save their tabs over each other.
      for (const other of sockets.clients) if (other !== webSocket) other.close(TAKEN_OVER, 'opened in another window');
      serve(webSocketPort(webSocket), (connection) => options.engine.handlers(connection), options.report);
    });
  });

  return {
    url: `${access.origin}/?token=${access.token}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('A TCP server has an address and a port'));
      else resolve(address.port);
    });
  });
}

function headersFor(authority: string): Readonly<Record<string, string>> {
  return {
    ...securityHeaders,
    // A page that opened this one must not get hold of it. In Electron no page opens another, and the process that this
    // header asks for would start only when the first has been started in vain.
    'Cross-Origin-Opener-Policy': 'same-origin',
    // By name as well: not every browser counts a WebSocket as 'self'.
    'Content-Security-Policy': contentSecurityPolicy(["'self'", `ws://${authority}`]),
    // The port belongs to another program tomorrow.
    'Cache-Control': 'no-store',
  };
}

type Headers = Readonly<Record<string, string>>;

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  { folder, downloads }: Pick<WebHostOptions, 'folder' | 'downloads'>,
  headers: Headers,
): Promise<void> {
  const isHead = request.method === 'HEAD';
  const answer = (status: number, type: string, body: string | Buffer, more: Headers = {}): void => {
    response.writeHead(status, {
      ...headers,
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      ...more,
    });
    response.end(isHead ? undefined : body);
  };
  const say = (status: number, text: string, more: Headers = {}): void => {
    answer(status, 'text/plain; charset=utf-8', `${text}\n`, more);
  };

  const stranger = access.refuseStranger(request, false);
  if (stranger !== null) {
    say(stranger.status, stranger.text);
    return;
  }
  if (request.method !== 'GET' && !isHead) {
    say(405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
    return;
  }
  const url = addressOf(request, access.origin);
  if (url === null) {
    say(400, 'The address is malformed.');
    return;
  }
  const isKnown = access.hasCookie(request);
  const token = url.searchParams.get('token');
  if (url.pathname === '/' && token !== null && !isHead) {
    const refusal = isKnown ? null : access.redeem(token);
    if (refusal !== null) say(refusal.status, refusal.text);
    else answer(200, 'text/html; charset=utf-8', WELCOME, { 'Set-Cookie': access.setCookie });
    return;
  }
  if (!isKnown) {
    say(401, 'Open the link that Wirebench printed when it started.');
    return;
  }
  if (url.pathname.startsWith(DOWNLOAD_PATH) && !isHead) {
    const isThere = await sendDownload(response, downloads, url.pathname.slice(DOWNLOAD_PATH.length), headers);
    if (!isThere) say(404, 'This was fetched already, or has not been for too long. Export it again.');
    return;
  }
  const file = contentFile(url.pathname);
  const body = file === null ? null : await readFile(join(folder, file.path)).catch(() => null);
  // Browsers ask for it by themselves and complain about a 404.
  if (body === null && url.pathname === '/favicon.ico') answer(204, 'image/x-icon', '');
  else if (file === null || body === null) say(404, 'There is no such file.');
  else answer(200, file.type, body);
}

/** Not relative to the origin: `//name/` would be another host. */
function addressOf(request: IncomingMessage, origin: string): URL | null {
  const { url = '' } = request;
  try {
    return url.startsWith('/') ? new URL(`${origin}${url}`) : null;
  } catch {
    return null;
  }
}

/**
 * Not a redirect: when the link was clicked on another site, a browser would
 * follow that without the cookie that it has just got (SameSite=Strict). This
 * page goes on by itself.
 */
const WELCOME =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">' +
  '<title>Wirebench</title></head><body><a href="/">Wirebench</a></body></html>\n';

interface UpgradeRefusal {
  readonly status: number;
  readonly text: string;
}

function refuseUpgrade(request: IncomingMessage, access: Access): UpgradeRefusal | null {
  const stranger: Refusal | null = access.refuseStranger(request, true);
  if (stranger !== null) return stranger;
  if (request.url !== '/rpc') return { status: 404, text: 'There is nothing here.' };
  return access.hasCookie(request) ? null : { status: 401, text: 'Open the link that Wirebench printed first.' };
}

function refuse(socket: Duplex, { status, text }: UpgradeRefusal): void {
  const body = `${text}\n`;
  socket.once('finish', () => {
    socket.destroy();
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
