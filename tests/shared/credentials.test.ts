import { expect, test } from 'vitest';
import { maskCredentials } from '../../src/shared/credentials.ts';

test.each([
  ['ws://anna:secret@host/chat', 'ws://anna:•••@host/chat'],
  ['WSS://anna:se:c@ret@host', 'WSS://anna:•••@host'],
  ['ws://token@host', 'ws://•••@host'],
  ['ws://:secret@host', 'ws://:•••@host'],
  ['ws://@host', 'ws://@host'],
  ['No answer from ws://a:b@one and http://c:d@two.', 'No answer from ws://a:•••@one and http://c:•••@two.'],
  ['ws://host/people/@anna', 'ws://host/people/@anna'],
  ['ws://host?mail=a@b', 'ws://host?mail=a@b'],
  ['127.0.0.1:9000', '127.0.0.1:9000'],
])('%s is shown as %s', (text, shown) => {
  expect(maskCredentials(text)).toBe(shown);
});
