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
])('%s is shown as %s', (text, shown) => {
  expect(maskCredentials(text)).toBe(shown);
});
