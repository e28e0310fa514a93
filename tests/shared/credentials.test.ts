import { expect, test } from 'vitest';
import { maskCredentials } from '../../src/shared/credentials.ts';

test('What is masked stays as it is when it is masked again', () => {
  const masked = maskCredentials('wss://anna:secret@host/ and ws://token@host/');
  expect(maskCredentials(masked)).toBe(masked);
});

test.each([
  ['ws://anna:secret@host/chat', 'ws://anna:•••@host/chat'],
  ['WSS://anna:se:c@ret@host', 'WSS://anna:•••@host'],
  ['ws://token@host', 'ws://•••@host'],
  ['ws://anna:two words@host/x', 'ws://anna:•••@host/x'],
  ['ws://:secret@host', 'ws://:•••@host'],
  ['ws://@host', 'ws://@host'],
  ['ws://anna:{{password}}@host', 'ws://anna:{{password}}@host'],
  ['ws://{{token}}@host', 'ws://{{token}}@host'],
  ['ws://anna:x{{password}}@host', 'ws://anna:•••@host'],
  ['No answer from ws://a:b@one and http://c:d@two.', 'No answer from ws://a:•••@one and http://c:•••@two.'],
  ['ws://host/people/@anna', 'ws://host/people/@anna'],
  ['ws://host?mail=a@b', 'ws://host?mail=a@b'],
  ['127.0.0.1:9000', '127.0.0.1:9000'],
  ['wss://anna:{{password}}@host', 'wss://anna:{{password}}@host'],
  // As a person mistypes it.
  ['anna:hush@host/', 'anna:•••@host/'],
  ['ws:anna:hush@h/', 'ws:•••@h/'],
  ['ws:/anna:hush@h/', 'ws:/anna:•••@h/'],
  ['ws:/token@h/', 'ws:/•••@h/'],
  ['ws:///anna:hush@h/', 'ws:///anna:•••@h/'],
  [' //anna:hush@h/', ' //anna:•••@h/'],
  ['token@host', '•••@host'],
  ['{{scheme}}://anna:hush@h', '{{scheme}}://anna:•••@h'],
  ['ws://anna:hu/sh@h', 'ws://anna:•••@h'],
  ['ws://anna:hu?sh@h/x', 'ws://anna:•••@h/x'],
  ['anna:hu/sh@h', 'anna:•••@h'],
  // And no credentials.
  ['ws://host:9000/people/@anna', 'ws://host:9000/people/@anna'],
  ['host:9000/people/@anna', 'host:9000/people/@anna'],
  ['ws://[::1]/a:b@c', 'ws://[::1]/a:b@c'],
  ['ws://[::1]:9000/a:b@c', 'ws://[::1]:9000/a:b@c'],
  ['ws://{{host}}:{{port}}/a:b@c', 'ws://{{host}}:{{port}}/a:b@c'],
  ['unix:/tmp/a:b@c.sock', 'unix:/tmp/a:b@c.sock'],
  ['/tmp/a:b@c.sock', '/tmp/a:b@c.sock'],
  ['\\\\.\\pipe\\a:b@c', '\\\\.\\pipe\\a:b@c'],
  ['It was sent to anna@host.', 'It was sent to anna@host.'],
])('%s is shown as %s', (text, shown) => {
  expect(maskCredentials(text)).toBe(shown);
});
