/** Programs for Python 3.8 and later that do what a session does: `socket` and `socketserver` of its library, and websockets. */
import { success, type Outcome } from '../errors.ts';
import { given, indented, portCode } from './copy-code.ts';
import { messageOf, placeOf, type CopyOptions, type CopySource } from './copy-job.ts';
import type { CodeCopy } from './copy-node-parts.ts';
import { STEP, bytesCode, py, seconds } from './copy-python-parts.ts';
import { pythonWebSocketClient, pythonWebSocketServer } from './copy-python-websocket.ts';

function socketLines(options: CopyOptions, socket: string): readonly string[] {
  const delay = options.number('keepAliveInitialDelay') ?? 0;
  return [
    ...(options.flag('setNoDelay') === true ? [`${socket}.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)`] : []),
    ...(options.flag('setKeepAlive') === true
      ? [`${socket}.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)`]
      : []),
    ...(delay >= 1000
      ? [`${socket}.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, ${Math.trunc(delay / 1000)})`]
      : []),
  ];
}

const WRITE = ['sys.stdout.buffer.write(data)', 'sys.stdout.buffer.flush()'];

function tcpClient(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = placeOf(source.address, 'client');
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const lines = ['# Save it as client.py, then: python3 client.py', 'import socket', 'import sys'];
  if (message === null) lines.push('import threading');
  lines.push('');
  if ('path' in place.value) {
    lines.push('connection = socket.socket(socket.AF_UNIX)', `connection.connect(${py(place.value.path)})`);
  } else {
    const { host, port } = place.value;
    const localPort = options.number('localPort');
    const localAddress = options.text('localAddress');
    const hasSource = localPort !== null || localAddress !== '';
    const more = given(
      [
        ['timeout', seconds(options.number('connectTimeout'))],
        ['source_address', hasSource ? `(${py(localAddress)}, ${localPort ?? 0})` : null],
      ],
      '=',
    );
    const at = `(${py(host)}, ${portCode(port, 'python')})`;
    lines.push(
      `connection = socket.create_connection(${at}${more === '' ? '' : `, ${more}`})`,
      'connection.settimeout(None)',
    );
  }
  lines.push(...socketLines(options, 'connection'));
  if (message !== null) lines.push(`connection.sendall(${bytesCode(message)})`);
  else {
    lines.push(
      'def send_what_is_typed():',
      `${STEP}for line in sys.stdin.buffer:`,
      `${STEP}${STEP}connection.sendall(line)`,
      'threading.Thread(target=send_what_is_typed, daemon=True).start()',
    );
  }
  lines.push('while data := connection.recv(65536):', ...indented(WRITE, STEP));
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

function tcpServer(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = placeOf(source.address, 'server');
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const behaviour = options.text('behaviour');
  const loop = behaviour === 'echo' ? ['self.request.sendall(data)'] : behaviour === 'discard' ? ['pass'] : WRITE;
  const handle = [
    ...socketLines(options, 'self.request'),
    ...(message === null ? [] : [`self.request.sendall(${bytesCode(message)})`]),
    'while data := self.request.recv(65536):',
    ...indented(loop, STEP),
  ];
  const isPath = 'path' in place.value;
  const backlog = options.number('backlog');
  const host = 'path' in place.value ? '' : place.value.host;
  const isIpv6 = host.includes(':') || host === '*';
  if (isIpv6) options.flag('ipv6Only');
  const settings = [
    'allow_reuse_address = True',
    'daemon_threads = True',
    ...(isIpv6 ? ['address_family = socket.AF_INET6'] : []),
    ...(backlog === null ? [] : [`request_queue_size = ${backlog}`]),
  ];
  const at =
    'path' in place.value
      ? py(place.value.path)
      : `(${py(host === '' ? '127.0.0.1' : host === '*' ? '::' : host)}, ${portCode(place.value.port, 'python')})`;
  const lines = [
    '# Save it as server.py, then: python3 server.py',
    'import socket',
    'import socketserver',
    'import sys',
    '',
    'class Handler(socketserver.BaseRequestHandler):',
    `${STEP}def handle(self):`,
    ...indented(handle, STEP + STEP),
    '',
    `class Server(socketserver.${isPath ? 'ThreadingUnixStreamServer' : 'ThreadingTCPServer'}):`,
    ...indented(settings, STEP),
    '',
    `with Server(${at}, Handler) as server:`,
    `${STEP}print("listening on", server.server_address, file=sys.stderr, flush=True)`,
    `${STEP}server.serve_forever()`,
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

export function copyAsPython(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  switch (source.protocol) {
    case 'tcp-server':
      return tcpServer(source, options);
    case 'websocket-client':
      return pythonWebSocketClient(source, options);
    case 'websocket-server':
      return pythonWebSocketServer(source, options);
    default:
      return tcpClient(source, options);
  }
}
