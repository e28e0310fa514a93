/** Programs for Node that do what a WebSocket session does, by the package ws (8). */
import { success, type Outcome } from '../errors.ts';
import { given, indented, portCode } from './copy-code.ts';
import {
  handshakeHeaders,
  messageOf,
  placeOf,
  textOfBytes,
  webSocketPlace,
  type CopyMessage,
  type CopyOptions,
  type CopySource,
} from './copy-job.ts';
import { LOG_ERROR, bytesCode, importsFor, js, jsList, jsText, listenHost, type CodeCopy } from './copy-node-parts.ts';

/** The argument of permessage-deflate; null when it is as ws has it. */
function deflateCode(options: CopyOptions, isServer: boolean): string | null {
  const details = given([
    ['serverNoContextTakeover', options.flag('serverNoContextTakeover')],
    ['clientNoContextTakeover', options.flag('clientNoContextTakeover')],
    ['serverMaxWindowBits', options.number('serverMaxWindowBits')],
    ['clientMaxWindowBits', options.number('clientMaxWindowBits')],
    ['threshold', options.number('deflateThreshold')],
  ]);
  if (options.flag('deflate') === false) return 'false';
  // A server of ws compresses only when it is told to.
  return details === '' ? (isServer ? 'true' : null) : `{ ${details} }`;
}

function sendCode(message: CopyMessage): string {
  const kind = message.kind === 'binary' ? 'true' : 'false';
  const isText = message.type === 'bytes' && message.kind === 'text' && textOfBytes(message.bytes) !== null;
  if (isText) return `socket.send(${bytesCode(message)});`;
  const bytes = bytesCode(message);
  return `socket.send(${bytes.startsWith('"') ? `Buffer.from(${bytes})` : bytes}, { binary: ${kind} });`;
}

const SHOW = "console.log(isBinary ? data.toString('hex') : data.toString())";

export function nodeWebSocketClient(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = webSocketPlace(source.address, options);
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const headers = handshakeHeaders(options);
  const family = options.text('family');
  const redirects = options.number('redirects') ?? 0;
  const settings = given([
    ['headers', headers.length === 0 ? null : `{ ${headersCode(headers)} }`],
    ['origin', jsText(options.text('origin'))],
    ['auth', place.value.user === null ? null : js(place.value.user)],
    ['rejectUnauthorized', options.flag('rejectUnauthorized')],
    ['ca', jsText(options.text('ca'))],
    ['servername', jsText(options.text('servername'))],
    ['followRedirects', redirects > 0 ? true : null],
    ['maxRedirects', redirects > 0 ? redirects : null],
    ['handshakeTimeout', options.number('handshakeTimeout')],
    ['perMessageDeflate', deflateCode(options, false)],
    ['maxPayload', options.number('maxPayload')],
    ['family', family === '4' || family === '6' ? Number(family) : null],
    ['autoPong', options.flag('holdPongs') === true ? false : null],
  ]);
  const names = jsList(options.names('subprotocols'));
  const args = [js(place.value.url), ...(names === null && settings === '' ? [] : [names ?? '[]'])];
  if (settings !== '') args.push(`{ ${settings} }`);
  const interval = options.number('pingInterval') ?? 0;
  const lines = [
    '// Save it as client.mjs, then: npm install ws && node client.mjs',
    ...importsFor(message, "import WebSocket from 'ws';"),
    ...(message === null ? ["import { createInterface } from 'node:readline';"] : []),
    '',
    `const socket = new WebSocket(${args.join(', ')});`,
    ...(message === null
      ? ["socket.on('open', () => createInterface({ input: process.stdin }).on('line', (line) => socket.send(line)));"]
      : [`socket.on('open', () => ${sendCode(message).replace(/;$/, '')});`]),
    ...(interval > 0 ? [`socket.on('open', () => setInterval(() => socket.ping(), ${interval}).unref());`] : []),
    `socket.on('message', (data, isBinary) => ${SHOW});`,
    "socket.on('close', (code, reason) => console.error('closed', code, reason.toString()));",
    `socket.${LOG_ERROR}`,
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

/** Several of one name become a list: an object has each name once. */
function headersCode(headers: readonly (readonly [string, string])[]): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) byName.set(name, [...(byName.get(name) ?? []), value]);
  return [...byName]
    .map(([name, values]) => `[${js(name)}]: ${values.length === 1 ? js(values[0] ?? '') : (jsList(values) ?? '[]')}`)
    .join(', ');
}

export function nodeWebSocketServer(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = placeOf(source.address.replace(/^\s*wss?:\/\/([^/]*)\/?\s*$/i, '$1'), 'server');
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const isSecure = /^\s*wss:/i.test(source.address);
  if (isSecure) notes.push('this server is without TLS: give it an https server as its option server');
  const behaviour = options.text('behaviour');
  const [path, ...paths] = options.names('paths');
  if (paths.length > 0) notes.push(`ws serves one path only, not ${paths.join(', ')}`);
  const subprotocols = jsList(options.names('subprotocols'));
  const at =
    'path' in place.value
      ? null
      : given([
          ['host', listenHost(place.value.host)],
          ['port', portCode(place.value.port, 'javascript')],
          ['path', path === undefined ? null : js(path)],
          ['perMessageDeflate', deflateCode(options, true)],
          ['maxPayload', options.number('maxPayload')],
          ['backlog', options.number('backlog')],
          [
            'handleProtocols',
            subprotocols === null ? null : `(names) => ${subprotocols}.find((name) => names.has(name)) ?? false`,
          ],
        ]);
  if (at === null) notes.push('ws listens on a path of the system only by an http server of Node');
  const tick = behaviour === 'ticker' ? (options.number('tickInterval') ?? 1000) : null;
  const text = tick === null ? '' : options.text('tickMessage') || '{"tick":{{n}},"time":"{{time}}"}';
  const onMessage: Readonly<Record<string, string>> = {
    echo: 'socket.send(data, { binary: isBinary })',
    broadcast:
      'server.clients.forEach((other) => other !== socket && other.readyState === 1 && other.send(data, { binary: isBinary }))',
  };
  const each = [
    ...(message === null ? [] : [sendCode(message)]),
    `socket.on('message', (data, isBinary) => ${onMessage[behaviour] ?? SHOW});`,
    `socket.${LOG_ERROR}`,
  ];
  const lines = [
    '// Save it as server.mjs, then: npm install ws && node server.mjs',
    ...importsFor(message, "import { WebSocketServer } from 'ws';"),
    '',
    `const server = new WebSocketServer({ ${at ?? 'noServer: true'} });`,
    "server.on('connection', (socket) => {",
    ...indented(each, '  '),
    '});',
    ...(tick === null ? [] : tickerLines(text, tick)),
    `server.${LOG_ERROR}`,
    "server.on('listening', () => console.error('listening on', server.address()));",
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

function tickerLines(text: string, every: number): readonly string[] {
  return [
    'let n = 0;',
    'setInterval(() => {',
    '  n += 1;',
    `  const text = ${js(text)}.replaceAll('{{n}}', n).replaceAll('{{time}}', new Date().toISOString());`,
    '  server.clients.forEach((socket) => socket.send(text));',
    `}, ${every});`,
  ];
}
