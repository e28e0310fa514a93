/**
 * Programs for Python that do what a WebSocket session does, by the package
 * websockets from 10 on (websockets.readthedocs.io; its headers were renamed in 14).
 */
import { success, type Outcome } from '../errors.ts';
import { given, indented, portCode } from './copy-code.ts';
import { handshakeHeaders, messageOf, placeOf, webSocketPlace, type CopyOptions, type CopySource } from './copy-job.ts';
import type { CodeCopy } from './copy-node-parts.ts';
import { STEP, bytesCode, py, pyText, seconds, textCode } from './copy-python-parts.ts';

function tlsLines(options: CopyOptions, isSecure: boolean): readonly string[] {
  const isInsecure = options.flag('rejectUnauthorized') === false;
  const ca = options.text('ca');
  if (!isSecure || (!isInsecure && ca === '')) return [];
  return [
    'tls = ssl.create_default_context()',
    ...(ca === '' ? [] : [`tls.load_verify_locations(cadata=${py(ca)})`]),
    ...(isInsecure ? ['tls.check_hostname = False', 'tls.verify_mode = ssl.CERT_NONE'] : []),
  ];
}

/** `None` is no compression; what it is by default agrees to it. */
function compression(options: CopyOptions): string | null {
  return options.flag('deflate') === false ? 'None' : null;
}

export function pythonWebSocketClient(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = webSocketPlace(source.address, options);
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const { url, user } = place.value;
  const tls = tlsLines(options, /^wss:/i.test(url));
  const headers = handshakeHeaders(options);
  const hasHeaders = headers.length > 0 || user !== null;
  const subprotocols = options.names('subprotocols');
  const interval = options.number('pingInterval');
  const args = [
    py(url),
    ...(subprotocols.length === 0 ? [] : [`subprotocols=[${subprotocols.map(py).join(', ')}]`]),
    given(
      [
        ['origin', pyText(options.text('origin'))],
        ['ssl', tls.length === 0 ? null : 'tls'],
        ['server_hostname', pyText(options.text('servername'))],
        ['open_timeout', seconds(options.number('handshakeTimeout'))],
        ['close_timeout', seconds(options.number('closeTimeout'))],
        ['ping_interval', interval === null || interval === 0 ? 'None' : interval / 1000],
        ['compression', compression(options)],
        ['max_size', options.number('maxPayload')],
      ],
      '=',
    ),
    ...(hasHeaders ? ['**{parameter: headers}'] : []),
  ].filter((argument) => argument !== '');
  const send = message === null ? null : (textCode(message) ?? bytesCode(message));
  const lines = [
    '# Save it as client.py, then: python3 -m pip install websockets && python3 client.py',
    'import asyncio',
    ...(hasHeaders ? ['import base64', 'import inspect'] : []),
    ...(tls.length === 0 ? [] : ['import ssl']),
    'import sys',
    'import websockets',
    '',
    ...tls,
    ...(hasHeaders ? headerLines(headers, user) : []),
    'async def main():',
    `${STEP}async with websockets.connect(${args.join(', ')}) as connection:`,
    ...indented(send === null ? TYPED : [`await connection.send(${send})`], STEP + STEP),
    `${STEP}${STEP}async for message in connection:`,
    `${STEP}${STEP}${STEP}print(message if isinstance(message, str) else message.hex(), flush=True)`,
    '',
    'asyncio.run(main())',
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

/** Reads lines in a thread, since nothing else may wait for them. */
const TYPED = [
  'async def send_what_is_typed():',
  `${STEP}while line := await asyncio.to_thread(sys.stdin.readline):`,
  `${STEP}${STEP}await connection.send(line.rstrip("\\n"))`,
  'typing = asyncio.create_task(send_what_is_typed())',
];

function headerLines(headers: readonly (readonly [string, string])[], user: string | null): readonly string[] {
  return [
    `headers = [${headers.map(([name, value]) => `(${py(name)}, ${py(value)})`).join(', ')}]`,
    ...(user === null
      ? []
      : [`headers.append(("Authorization", "Basic " + base64.b64encode(${py(user)}.encode()).decode()))`]),
    'parameters = inspect.signature(websockets.connect).parameters',
    'parameter = "additional_headers" if "additional_headers" in parameters else "extra_headers"',
  ];
}

export function pythonWebSocketServer(source: CopySource, options: CopyOptions): Outcome<CodeCopy> {
  const place = placeOf(source.address.replace(/^\s*wss?:\/\/([^/]*)\/?\s*$/i, '$1'), 'server');
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  if (/^\s*wss:/i.test(source.address))
    notes.push('this server is without TLS: give it an ssl context as its argument ssl');
  const behaviour = options.text('behaviour');
  if (behaviour === 'ticker') notes.push('this server has no ticker');
  const subprotocols = options.names('subprotocols');
  const send = message === null ? null : (textCode(message) ?? bytesCode(message));
  const answer: Readonly<Record<string, readonly string[]>> = {
    echo: ['await connection.send(message)'],
    broadcast: ['for other in peers - {connection}:', `${STEP}await other.send(message)`],
  };
  const each = answer[behaviour] ?? ['print(message if isinstance(message, str) else message.hex(), flush=True)'];
  const isRoom = behaviour === 'broadcast';
  const args = [
    'path' in place.value
      ? `handler, path=${py(place.value.path)}`
      : `handler, ${hostCode(place.value.host)}, ${portCode(place.value.port, 'python')}`,
    ...(subprotocols.length === 0 ? [] : [`subprotocols=[${subprotocols.map(py).join(', ')}]`]),
    given(
      [
        ['compression', compression(options)],
        ['max_size', options.number('maxPayload')],
      ],
      '=',
    ),
  ].filter((argument) => argument !== '');
  const serve = 'path' in place.value ? 'websockets.unix_serve' : 'websockets.serve';
  const loop = ['async for message in connection:', ...indented(each, STEP)];
  const lines = [
    '# Save it as server.py, then: python3 -m pip install websockets && python3 server.py',
    'import asyncio',
    'import sys',
    'import websockets',
    '',
    ...(isRoom ? ['peers = set()', ''] : []),
    'async def handler(connection, path=None):',
    ...(send === null ? [] : [`${STEP}await connection.send(${send})`]),
    ...(isRoom
      ? [
          `${STEP}peers.add(connection)`,
          `${STEP}try:`,
          ...indented(loop, STEP + STEP),
          `${STEP}finally:`,
          `${STEP}${STEP}peers.discard(connection)`,
        ]
      : indented(loop, STEP)),
    '',
    'async def main():',
    `${STEP}async with ${serve}(${args.join(', ')}) as server:`,
    `${STEP}${STEP}for listener in server.sockets:`,
    `${STEP}${STEP}${STEP}print("listening on", listener.getsockname(), file=sys.stderr, flush=True)`,
    `${STEP}${STEP}await asyncio.get_running_loop().create_future()`,
    '',
    'asyncio.run(main())',
  ];
  return success({ lines, notes: [...notes, ...options.left('this program')] });
}

/** None is every interface. */
function hostCode(host: string): string {
  if (host === '*') return 'None';
  return py(host === '' ? '127.0.0.1' : host);
}
