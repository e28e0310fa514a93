import { describe, expect, it } from 'vitest';
import { isCommandLine, readCommandLine } from '../../../src/shared/exchange/command-line.ts';
import type { Preset } from '../../../src/shared/preset.ts';

type Expected = readonly [protocol: string, address: string, options: Preset['options'], messages?: readonly string[]];

function presetsOf(line: string): readonly Expected[] {
  return readCommandLine(line).presets.map(({ preset }) => {
    const { protocol, address, options, messages } = preset;
    const texts = messages.map(({ kind, content }) => (kind === '' ? content : `${kind}: ${content}`));
    return texts.length === 0 ? [protocol, address, options] : [protocol, address, options, texts];
  });
}

const lines: readonly (readonly [string, ...Expected])[] = [
  // websocat
  ['websocat wss://h/p', 'websocket-client', 'wss://h/p', {}],
  [
    `websocat -H 'X-A: b c' --header=Cookie:x=1 --protocol 'a, b' --origin https://o -k wss://h`,
    'websocket-client',
    'wss://h',
    { headers: 'X-A: b c', cookies: 'x=1', subprotocols: 'a, b', origin: 'https://o', rejectUnauthorized: false },
  ],
  [
    'websocat --basic-auth u:p:q --ping-interval=5 --socks5 127.0.0.1:9050 --tls-domain d ws://h',
    'websocket-client',
    'ws://h',
    {
      auth: 'basic',
      authName: 'u',
      authPassword: 'p:q',
      pingInterval: 5000,
      proxy: 'socks5',
      proxyAddress: '127.0.0.1:9050',
      servername: 'd',
    },
  ],
  [
    'websocat -H "Authorization: Bearer abc" - ws://h',
    'websocket-client',
    'ws://h',
    { auth: 'bearer', authToken: 'abc' },
  ],
  ['websocat -s 8080', 'websocket-server', '127.0.0.1:8080', {}],
  [
    'websocat -s 0.0.0.0:8080 --server-protocol x --restrict-uri /ws',
    'websocket-server',
    '0.0.0.0:8080',
    { subprotocols: 'x', paths: '/ws' },
  ],
  ['websocat -t ws-l:127.0.0.1:8080 mirror:', 'websocket-server', '127.0.0.1:8080', { behaviour: 'echo' }],
  [
    'websocat -t ws-l:127.0.0.1:8080 broadcast:mirror:',
    'websocket-server',
    '127.0.0.1:8080',
    { behaviour: 'broadcast' },
  ],
  ['websocat - autoreconnect:ws://h', 'websocket-client', 'ws://h', { reconnect: 'always', reconnectLimit: 0 }],
  [`printf 'a\\nb' | websocat --linemode-strip-newlines ws://h`, 'websocket-client', 'ws://h', {}, ['a', 'b']],
  [`printf 'a\\nb' | websocat -0b ws://h`, 'websocket-client', 'ws://h', {}, ['binary: a\\nb']],
  // wscat
  ['wscat -c h:8080/p', 'websocket-client', 'ws://h:8080/p', {}],
  [
    `wscat --connect=wss://h -s a -s b -o o --auth u:p -H 'X: y' -n -L --max-redirects 3 -x '{"a":1}' -x 'c:\\d'`,
    'websocket-client',
    'wss://h',
    {
      subprotocols: 'a, b',
      origin: 'o',
      auth: 'basic',
      authName: 'u',
      authPassword: 'p',
      headers: 'X: y',
      rejectUnauthorized: false,
      redirects: 3,
    },
    ['{"a":1}', 'c:\\\\d'],
  ],
  [
    'npx -y wscat -c ws://h --proxy http://u:p@x:3128',
    'websocket-client',
    'ws://h',
    { proxy: 'http', proxyAddress: 'x:3128', proxyName: 'u', proxyPassword: 'p' },
  ],
  ['wscat -l 9000', 'websocket-server', '*:9000', {}],
  // nc, as it is on OpenBSD, Debian and macOS; the traditional one; ncat
  ['nc 127.0.0.1 9000', 'tcp-client', '127.0.0.1:9000', {}],
  [
    '/usr/bin/nc -6 -s ::1 -p 1234 -w 3 ::1 80',
    'tcp-client',
    '[::1]:80',
    { family: '6', localAddress: '::1', localPort: 1234, connectTimeout: 3000 },
  ],
  ['nc -lk 9000', 'tcp-server', '*:9000', {}],
  ['nc -l 127.0.0.1 9000', 'tcp-server', '127.0.0.1:9000', {}],
  ['nc -4l -p 9000', 'tcp-server', '0.0.0.0:9000', {}],
  ['nc -lp9000 -s 127.0.0.1', 'tcp-server', '127.0.0.1:9000', {}],
  ['netcat -U /tmp/x.sock', 'tcp-client', '/tmp/x.sock', {}],
  ['nc -lU x.sock', 'tcp-server', 'unix:x.sock', {}],
  ['ncat -l 9000 --keep-open -m 5', 'tcp-server', '*:9000', { maxConnections: 5 }],
  [
    'ncat --source-port 99 -i 500ms -w 2s host',
    'tcp-client',
    'host:31337',
    { localPort: 99, setTimeout: 500, connectTimeout: 2000 },
  ],
  ['sudo nc -- -h 80', 'tcp-client', '-h:80', {}],
  [`echo -ne 'PING\\r\\n' | nc h 6379`, 'tcp-client', 'h:6379', {}, ['PING\\r\\n']],
  [`printf '\\x00\\xff' | nc h 1`, 'tcp-client', 'h:1', {}, ['00 ff']],
  // socat
  ['socat - TCP:h:80', 'tcp-client', 'h:80', {}],
  [
    'socat -T 5 STDIO tcp4-connect:h:80,sp=1234,connect-timeout=1.5,keepalive,keepidle=10,nodelay',
    'tcp-client',
    'h:80',
    {
      setTimeout: 5000,
      localPort: 1234,
      connectTimeout: 1500,
      setKeepAlive: true,
      keepAliveInitialDelay: 10_000,
      setNoDelay: true,
      family: '4',
    },
  ],
  ['socat - TCP6:[::1]:80', 'tcp-client', '[::1]:80', { family: '6' }],
  [
    'socat TCP-LISTEN:9000,bind=127.0.0.1,reuseaddr,fork,backlog=7,max-children=3 EXEC:/bin/cat',
    'tcp-server',
    '127.0.0.1:9000',
    { behaviour: 'echo', backlog: 7, maxConnections: 3 },
  ],
  ['socat -u TCP-L:9000,fork /dev/null', 'tcp-server', '*:9000', { behaviour: 'discard' }],
  ['socat UNIX-LISTEN:/tmp/a\\ b.sock -', 'tcp-server', '/tmp/a b.sock', {}],
  // Variables stay variables.
  ['nc $HOST "$PORT"', 'tcp-client', '{{HOST}}:{{PORT}}', {}],
  [`websocat 'wss://{{host}}/'`, 'websocket-client', 'wss://{{host}}/', {}],
];

describe('a command line', () => {
  it.each(lines.map(([line, ...expected]) => ({ line, expected })))('$line', ({ line, expected }) => {
    expect(isCommandLine(line)).toBe(true);
    expect(presetsOf(line)).toEqual([expected]);
  });

  it.each<readonly [string, RegExp]>([
    ['nc -u h 53', /UDP/],
    ['ncat --ssl h 443', /TLS/],
    ['nc h 20-30', /one port/],
    ['nc h http', /one port/],
    ['socat - OPENSSL:h:443', /no address of TCP/],
    ['socat TCP-LISTEN:1 TCP:h:2', /two networks/],
    ['socat - UDP:h:53', /no address of TCP/],
    ['websocat tcp:h:1 -', /One address of WebSocket/],
    ['wscat', /An address is needed/],
  ])('that no session can be makes none, and says why: %s', (line, why) => {
    const found = readCommandLine(line);
    expect(found.presets).toEqual([]);
    expect(found.left.map((one) => one.why).join('\n')).toMatch(why);
  });

  it.each<readonly [string, RegExp]>([
    ['nc -e /bin/sh h 1', /-e \/bin\/sh → Nothing is run/],
    ['nc -X connect -x proxy:3128 h 1', /-X connect → TCP has no proxy/],
    ['nc h 1 | sh', /sh → It is not run/],
    ['curl x | nc h 1', /curl x → It is not run/],
    ['nc h 1; rm -rf /', /rm -rf \/ → It is not run/],
    ['socat TCP-LISTEN:1 EXEC:/bin/sh', /EXEC:\/bin\/sh → Nothing is run/],
    ['websocat ws://h cmd:ls', /cmd:ls → Nothing is run/],
    [
      'wscat -c ws://h --ca x.pem --whatever',
      /--whatever → An option that is not understood[^]*--ca x\.pem → The file is not read/,
    ],
    ['websocat ws://h --no-such', /--no-such → An option that is not understood/],
    ['nc -vz h 1', /-v → It changes only[^]*-z → Ports are not scanned/],
    ['nc h 1 2', /nc 2 → Only one port/],
  ])('lists what it does not take over: %s', (line, expected) => {
    const found = readCommandLine(line);
    expect(found.presets).toHaveLength(1);
    expect(found.left.map(({ where, why }) => `${where} → ${why}`).join('\n')).toMatch(expected);
  });

  it.each(['ws://h/', 'note: nc h 1', 'https://x/nc', 'ncx h 1', '', 'echo nc', 'if true; then nc h 1; fi'])(
    'is something else than %j',
    (text) => {
      expect(isCommandLine(text)).toBe(false);
    },
  );

  it('may have a prompt before it, and be of several lines', () => {
    expect(presetsOf('$ nc \\\n   h \\\n   80\n')).toEqual([['tcp-client', 'h:80', {}]]);
  });
});
