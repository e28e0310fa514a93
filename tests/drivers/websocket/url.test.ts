import { expect, test } from 'vitest';
import { isSameOrigin, parseWebSocketUrl, redirectedUrl, shownUrl } from '../../../src/drivers/websocket/url.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

test.each([
  ['ws://127.0.0.1:8080/chat?x=1&y', false, '127.0.0.1', 8080, '127.0.0.1:8080', '/chat?x=1&y'],
  ['ws://localhost', false, 'localhost', 80, 'localhost', '/'],
  ['wss://example.com', true, 'example.com', 443, 'example.com', '/'],
  ['wss://example.com:443/', true, 'example.com', 443, 'example.com', '/'],
  ['ws://example.com:443/', false, 'example.com', 443, 'example.com:443', '/'],
  ['WS://Example.com:80?q', false, 'Example.com', 80, 'Example.com', '/?q'],
  ['ws://[::1]:9000/a', false, '::1', 9000, '[::1]:9000', '/a'],
  ['ws://[::1]/a', false, '::1', 80, '[::1]', '/a'],
  // As typed: neither dots nor escapes are changed.
  ['ws://h/a/../b/%7e/./', false, 'h', 80, 'h', '/a/../b/%7e/./'],
  ['  ws://h/x y/ü?ß=é  ', false, 'h', 80, 'h', '/x%20y/%C3%BC?%C3%9F=%C3%A9'],
  ['ws://bücher.example/', false, 'xn--bcher-kva.example', 80, 'xn--bcher-kva.example', '/'],
])('%s is read', (text, secure, host, port, hostHeader, target) => {
  expect(valueOf(parseWebSocketUrl(text))).toEqual({ secure, host, port, hostHeader, target, credentials: null });
});

test.each([
  ['ws://anna:s%3Acret@h/', { name: 'anna', password: 's:cret' }],
  ['ws://anna@h/', { name: 'anna', password: '' }],
  ['ws://a:b@c@h/', { name: 'a', password: 'b@c' }],
  ['ws://a:100%@h/', { name: 'a', password: '100%' }],
])('%s has credentials', (text, credentials) => {
  const url = valueOf(parseWebSocketUrl(text));
  expect(url.credentials).toEqual(credentials);
  expect(shownUrl(url)).toBe('ws://h/');
});

test.each([
  ['', /is empty/, /ws:\/\//],
  ['localhost:8080', /“localhost:8080” has no scheme/, /ws:\/\/localhost:8080/],
  ['//host/chat', /has no scheme/, /ws:\/\/host\/chat/],
  ['http://host', /“http:\/\/” is not a scheme of WebSocket/, /ws:\/\/ instead of http:\/\//],
  ['https://host', /“https:\/\/” is not/, /wss:\/\/ instead of https:\/\//],
  ['ftp://host', /“ftp:\/\/” is not/, /ws:\/\/ and wss:\/\//],
  ['ws://', /host is missing/, /ws:\/\//],
  ['ws:///chat', /host is missing/, /ws:\/\//],
  ['ws://host:', /port is missing/, /./],
  ['ws://host:0/', /port 0/, /./],
  ['ws://host:70000/', /out of range/, /65535/],
  ['ws://ho st/', /has a space/, /./],
  ['ws://::1/', /./, /bracket/],
  ['ws://300.1.1.1/', /no IPv4 address/, /./],
  ['wss://anna:•••@host/', /“wss:\/\/anna:•••@host\/” comes from a recording/, /Write the password/],
  ['ws://•••@host/', /comes from a recording/, /Write the password/],
  ['ws://host/a#b', /fragment.*RFC 6455 §3/, /%23/],
  ['ws:/host/chat', /has no scheme/, /ws:\/\/host\/chat$/],
  ['ws://anna:hu/sh@h', /“ws:\/\/anna:•••@h” has a \/ or a \? before its @/, /%2F/],
  ['ws://host/a\nb', /control character/, /Remove/],
  ['ws://\u{1F4A9}\u{200F}@:x', /./, /./],
])('%j is refused', (text, message, hint) => {
  const error = errorOf(parseWebSocketUrl(text));
  expect(error).toMatchObject({ code: 'bad-address', field: 'address' });
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test.each([
  'http://anna:hush@host/',
  'ws://anna:hush@host/#x',
  'ws://anna:hush@ho st/',
  'ws://anna:hush@:1/',
  'anna:hush@host/',
  'hush@host/',
  'ws:/anna:hush@h/',
  'http:/anna:hush@h/',
  'ws:anna:hush@h/',
  '/anna:hush@h/',
  'ws://anna:hush/y@h',
  'ws://anna:hush#y@h',
])('what is wrong with %s is said without the password', (text) => {
  const { message, hint } = errorOf(parseWebSocketUrl(text));
  expect(message + hint).not.toContain('hush');
});

test.each([
  ['/other', 'ws://h:81/other'],
  ['other?x', 'ws://h:81/a/other?x'],
  ['http://g/b', 'ws://g/b'],
  ['https://g:8443/b', 'wss://g:8443/b'],
  ['wss://g/b', 'wss://g/b'],
  ['//g/b#top', 'ws://g/b'],
])('from ws://h:81/a/b a redirect to %s leads to %s', (location, to) => {
  const from = valueOf(parseWebSocketUrl('ws://h:81/a/b'));
  expect(shownUrl(valueOf(redirectedUrl(from, location)))).toBe(to);
});

test.each(['ftp://g/', 'http://', 'javascript:alert(1)'])('a redirect to %s is refused', (location) => {
  const from = valueOf(parseWebSocketUrl('ws://h/'));
  expect(errorOf(redirectedUrl(from, location)).code).toBe('bad-address');
});

test('an origin is scheme, host and port', () => {
  const same = (one: string, other: string): boolean =>
    isSameOrigin(valueOf(parseWebSocketUrl(one)), valueOf(parseWebSocketUrl(other)));
  expect(same('ws://h/a', 'ws://H:80/b')).toBe(true);
  expect([same('ws://h', 'wss://h'), same('ws://h', 'ws://g'), same('ws://h', 'ws://h:81')]).toEqual([
    false,
    false,
    false,
  ]);
});
