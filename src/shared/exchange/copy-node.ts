/** Programs for Node that do what a session does: `node:net` (Node docs, "Net"), and the package ws 8 for WebSocket. */
import { success, type Outcome } from '../errors.ts';
import { given, indented, portCode } from './copy-code.ts';
import { messageOf, placeOf, type CopyOptions, type CopySource } from './copy-job.ts';
import {
  LOG_ERROR,
  bytesCode,
  importsFor,
  js,
  jsText,
  listenHost,
  timeoutLines,
  type CodeCopy,
} from './copy-node-parts.ts';
import { nodeWebSocketClient, nodeWebSocketServer } from './copy-node-websocket.ts';

function tcpClient(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = placeOf(source.address, 'client');
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const family = options.text('family');
  const target =
    'path' in place.value
      ? given([['path', js(place.value.path)]])
      : given([
          ['host', js(place.value.host)],
          ['port', portCode(place.value.port, 'javascript')],
          ['family', family === '4' || family === '6' ? Number(family) : null],
          ['localAddress', jsText(options.text('localAddress'))],
          ['localPort', options.number('localPort')],
        ]);
  const more = given([
    ['allowHalfOpen', options.flag('allowHalfOpen')],
    ['noDelay', options.flag('setNoDelay')],
    ['keepAlive', options.flag('setKeepAlive')],
    ['keepAliveInitialDelay', options.number('keepAliveInitialDelay')],
  ]);
  const lines = [
    '// Save it as client.mjs, then: node client.mjs',
    ...importsFor(message, "import net from 'node:net';"),
    '',
    `const socket = net.connect({ ${target}${more === '' ? '' : `, ${more}`} });`,
    ...timeoutLines(options, 'socket'),
    "socket.on('data', (data) => process.stdout.write(data));",
    `socket.${LOG_ERROR}`,
    message === null
      ? 'process.stdin.pipe(socket);'
      : `socket.on('connect', () => socket.write(${bytesCode(message)}));`,
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

function tcpServer(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = placeOf(source.address, 'server');
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const behaviour = options.text('behaviour');
  const each = [
    ...(message === null ? [] : [`socket.write(${bytesCode(message)});`]),
    ...timeoutLines(options, 'socket'),
    `socket.${LOG_ERROR}`,
    behaviour === 'echo'
      ? 'socket.pipe(socket);'
      : behaviour === 'discard'
        ? 'socket.resume();'
        : "socket.on('data', (data) => process.stdout.write(data));",
  ];
  const more = given([
    ['allowHalfOpen', options.flag('allowHalfOpen')],
    ['noDelay', options.flag('setNoDelay')],
    ['keepAlive', options.flag('setKeepAlive')],
    ['keepAliveInitialDelay', options.number('keepAliveInitialDelay')],
  ]);
  const most = options.number('maxConnections');
  const common: readonly (readonly [string, number | boolean | null])[] = [
    ['backlog', options.number('backlog')],
    ['exclusive', options.flag('exclusive')],
    ['ipv6Only', options.flag('ipv6Only')],
  ];
  const at =
    'path' in place.value
      ? given([['path', js(place.value.path)], ...common])
      : given([['host', listenHost(place.value.host)], ['port', portCode(place.value.port, 'javascript')], ...common]);
  const lines = [
    '// Save it as server.mjs, then: node server.mjs',
    ...importsFor(message, "import net from 'node:net';"),
    '',
    `const server = net.createServer(${more === '' ? '' : `{ ${more} }, `}(socket) => {`,
    ...indented(each, '  '),
    '});',
    ...(most === null ? [] : [`server.maxConnections = ${most};`]),
    `server.${LOG_ERROR}`,
    `server.listen({ ${at} }, () => console.error('listening on', server.address()));`,
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

export function copyAsNode(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  switch (source.protocol) {
    case 'tcp-server':
      return tcpServer(source, options);
    case 'websocket-client':
      return nodeWebSocketClient(source, options);
    case 'websocket-server':
      return nodeWebSocketServer(source, options);
    default:
      return tcpClient(source, options);
  }
}
