import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposure, formatEndpoint, isLoopback, parseEndpoint, type Endpoint } from '../../src/shared/address.ts';
import { HOST_CHARACTERS, UNIX_PATH_BYTES } from '../../src/shared/limits.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const ip = (host: string, port: number): Endpoint => ({ type: 'ip', host, port });
const path = (text: string): Endpoint => ({ type: 'path', path: text });

describe('parseEndpoint', () => {
  test.each([
    ['127.0.0.1:9000', ip('127.0.0.1', 9000)],
    ['localhost:9000', ip('localhost', 9000)],
    ['  localhost:80 ', ip('localhost', 80)],
    ['[::1]:9000', ip('::1', 9000)],
    ['[fe80::1%eth0]:7', ip('fe80::1%eth0', 7)],
    ['[::ffff:10.0.0.1]:7', ip('::ffff:10.0.0.1', 7)],
    ['tcp://example.com:7', ip('example.com', 7)],
    ['TCP://[::1]:7/', ip('::1', 7)],
    ['bücher.example:65535', ip('bücher.example', 65535)],
    ['127.1:1', ip('127.1', 1)],
    ['0.0.0.0:9000', ip('0.0.0.0', 9000)],
    ['/tmp/x.sock', path('/tmp/x.sock')],
    ['./x.sock', path('./x.sock')],
    ['../x y.sock', path('../x y.sock')],
    ['unix:/tmp/x', path('/tmp/x')],
    ['unix:///tmp/x', path('/tmp/x')],
    ['unix:x.sock', path('x.sock')],
    ['\\\\.\\pipe\\name', path('\\\\.\\pipe\\name')],
    ['\\\\?\\pipe\\name', path('\\\\?\\pipe\\name')],
  ])('reads %j for a client and for a server', (text, endpoint) => {
    expect(valueOf(parseEndpoint(text, 'client'))).toEqual(endpoint);
    expect(valueOf(parseEndpoint(text, 'server'))).toEqual(endpoint);
  });

  test.each([
    [':9000', ip('', 9000)],
    ['9000', ip('', 9000)],
    ['0', ip('', 0)],
    [':0', ip('', 0)],
    ['127.0.0.1:0', ip('127.0.0.1', 0)],
    ['*:9000', ip('*', 9000)],
    ['[::]:0', ip('::', 0)],
  ])('reads %j for a server, and refuses it for a client', (text, endpoint) => {
    expect(valueOf(parseEndpoint(text, 'server'))).toEqual(endpoint);
    expect(errorOf(parseEndpoint(text, 'client')).code).toBe('bad-address');
  });

  test.each([
    ['', 'The address is empty.'],
    ['   ', 'The address is empty.'],
    ['tcp://', 'The address is empty.'],
    [':80', 'The host is missing.'],
    ['9000', 'The host is missing: “9000” is only a port.'],
    ['my host:80', 'The host “my host” has a space.'],
    ['a\u0007b:80', 'The host “a\u{FFFD}b” has a control character.'],
    ['a/b:80', 'The host “a/b” has a “/”.'],
    ['user@host:80', 'The host “user@host” has a “@”.'],
    ['256.0.0.1:80', '“256.0.0.1” is no IPv4 address.'],
    [`${'a'.repeat(HOST_CHARACTERS + 1)}:80`, 'The host name is 254 characters long; DNS takes 253.'],
    ['localhost', 'The port is missing after localhost.'],
    ['localhost:', 'The port is missing.'],
    ['localhost:http', 'The port “http” is not a number.'],
    ['localhost:-1', 'The port “-1” is not a number.'],
    ['localhost:1.5', 'The port “1.5” is not a number.'],
    ['localhost:65536', 'The port “65536” is out of range.'],
    ['localhost:0', 'Nobody can connect to port 0.'],
    ['::1', 'The port is missing after ::1.'],
    ['fe80::1', 'The port is missing after fe80::1.'],
    ['1:2:3:4:5:6:7:8:9000', 'The IPv6 address 1:2:3:4:5:6:7:8 needs brackets.'],
    ['a:b:80', '“a:b:80” has more than one colon.'],
    ['[::1', 'The bracket in “[::1” is not closed.'],
    ['[::1]', 'The port is missing.'],
    ['[::1]9000', '“9000” follows the bracket.'],
    ['[localhost]:80', '“localhost” is no IPv6 address.'],
    ['[]:80', '“” is no IPv6 address.'],
    ['http://x:80', '“http://” is not an address of TCP.'],
    ['\\\\server\\share', '“\\\\server\\share” is no named pipe.'],
    ['\\\\.\\pipe\\', 'The named pipe “\\\\.\\pipe\\” has no name.'],
    ['unix:', 'The path of the socket is empty.'],
    ['/tmp/a\u0000b', 'The path “/tmp/a\u{FFFD}b” has a control character.'],
    [
      `/${'é'.repeat(UNIX_PATH_BYTES / 2 + 1)}`,
      `The path of the socket is ${1 + 2 * Math.floor(UNIX_PATH_BYTES / 2 + 1)} bytes long; the system takes 107 at most.`,
    ],
    ['*:80', 'A client cannot connect to every interface (*).'],
  ])('refuses %j for a client, with a hint and in its field', (text, message) => {
    const error = errorOf(parseEndpoint(text, 'client'));
    expect(error).toMatchObject({ code: 'bad-address', message, field: 'address' });
    expect(error.hint).not.toBe('');
  });

  test('takes a path of exactly the longest length', () => {
    const longest = `/${'a'.repeat(UNIX_PATH_BYTES - 1)}`;
    expect(valueOf(parseEndpoint(longest, 'server'))).toEqual(path(longest));
  });

  test('never throws, whatever is typed', () => {
    const role = fc.constantFrom('client', 'server');
    const nearly = fc.stringMatching(/^[[\]:./\\?*\d a-f-]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), role, (text, as) => {
        const outcome = parseEndpoint(text, as);
        if (outcome.ok) {
          expect(parseEndpoint(formatEndpoint(outcome.value), as)).toEqual(outcome);
        } else {
          expect(outcome.error.code).toBe('bad-address');
          expect(outcome.error.hint).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('reads every endpoint that was formatted', () => {
    const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{1,10}){0,3}$/);
    const host = fc.oneof(fc.ipV4(), fc.ipV6(), name);
    const file = fc.stringMatching(/^[\w.-]( ?[\w.-]){0,20}$/);
    const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(
      fc.record({ type: fc.constant('ip' as const), host, port: fc.integer({ min: 1, max: 65_535 }) }),
      fc.record({
        type: fc.constant('path' as const),
        path: fc.tuple(fc.constantFrom('', '/tmp/', './', '../', '\\\\.\\pipe\\'), file).map((parts) => parts.join('')),
      }),
    );
    fc.assert(
      fc.property(endpoint, (one) => {
        expect(valueOf(parseEndpoint(formatEndpoint(one), 'client'))).toEqual(one);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['', true],
  ['localhost', true],
  ['LOCALHOST.', true],
  ['api.localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['*', false],
  ['10.0.0.1', false],
  ['128.0.0.1', false],
  ['::2', false],
  ['::ffff:10.0.0.1', false],
  ['notlocalhost', false],
  ['example.com', false],
])('isLoopback(%j) is %j', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe('exposure', () => {
  test.each(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '*'])('warns that %s is every interface', (host) => {
    expect(exposure(ip(host, 80))).toMatch(
      /all interfaces.*every machine that reaches this one may connect.*127\.0\.0\.1/,
    );
  });

  test.each(['192.168.1.5', 'fe80::1', 'example.com'])('warns that %s is not only loopback', (host) => {
    expect(exposure(ip(host, 80))).toMatch(new RegExp(`${host}.*other machines may connect`));
  });

  test.each([ip('127.0.0.1', 80), ip('', 80), ip('localhost', 80), ip('::1', 80), path('/tmp/x')])(
    'is silent about %j',
    (endpoint) => {
      expect(exposure(endpoint)).toBeNull();
    },
  );
});
