import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINK_CHARACTERS, LINK_MESSAGES, LINK_OPTIONS } from '../../src/shared/app-limits.ts';
import { isOpenLink, LONG_LINK, parseOpenLink, visible } from '../../src/shared/open-link.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

function link(parameters: readonly (readonly [string, string])[]): string {
  return `wirebench://open?${new URLSearchParams(parameters.map(([key, value]) => [key, value])).toString()}`;
}

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

describe('a link', () => {
  it('describes a session', () => {
    const text = link([
      ['protocol', 'tcp-client'],
      ['address', '[::1]:9000'],
      ['name', '장치 α'],
      ['option.setTimeout', '500'],
      ['option.headers', 'A: 1\nB: 2'],
      ['message', 'one'],
      ['message', 'two\n'],
    ]);
    expect(valueOf(parseOpenLink(text))).toEqual({
      type: 'session',
      protocol: 'tcp-client',
      address: '[::1]:9000',
      name: '장치 α',
      options: new Map([
        ['setTimeout', '500'],
        ['headers', 'A: 1\nB: 2'],
      ]),
      messages: ['one', 'two\n'],
    });
  });

  it('names a preset of the workspace', () => {
    const path = 'device/손/hand shake.wb.yaml';
    expect(valueOf(parseOpenLink(link([['preset', path]])))).toEqual({ type: 'preset', path });
  });

  it('carries a preset, in either alphabet of Base64', () => {
    const text = 'wirebench: 1 # ~~~???>>>ÿÿ';
    for (const content of [encoded(text), Buffer.from(text).toString('base64')]) {
      expect(valueOf(parseOpenLink(link([['content', content]])))).toEqual({ type: 'content', text });
      // A plus that nobody has encoded.
      expect(valueOf(parseOpenLink(`wirebench://open?content=${content}`))).toEqual({ type: 'content', text });
    }
  });

  it.each([
    'wirebench://open/?protocol=tcp-client',
    'WIREBENCH://OPEN?protocol=tcp-client',
    ' wirebench://open?protocol=tcp-client\n',
  ])('may be written as %j', (text) => {
    expect(valueOf(parseOpenLink(text))).toMatchObject({ type: 'session', protocol: 'tcp-client', address: '' });
  });

  it.each([
    ['nothing', ''],
    ['no link', 'https://open?protocol=tcp-client'],
    ['another host', 'wirebench://connect?protocol=tcp-client'],
    ['a longer host', 'wirebench://open.evil.test?protocol=tcp-client'],
    ['a path', 'wirebench://open/run?protocol=tcp-client'],
    ['no authority', 'wirebench:open?protocol=tcp-client'],
    ['a user name', 'wirebench://me@open?protocol=tcp-client'],
    ['a password', 'wirebench://me:secret@open?protocol=tcp-client'],
    ['a port', 'wirebench://open:80?protocol=tcp-client'],
    ['a fragment', 'wirebench://open?protocol=tcp-client#x'],
    ['no parameters', 'wirebench://open?'],
    ['a line break', 'wirebench://open?protocol=tcp-client\n&address=x'],
    [
      'two of a kind',
      link([
        ['protocol', 'a'],
        ['protocol', 'b'],
      ]),
    ],
    [
      'an address twice',
      link([
        ['protocol', 'a'],
        ['address', 'b'],
        ['address', 'c'],
      ]),
    ],
    [
      'an option twice',
      link([
        ['protocol', 'a'],
        ['option.b', '1'],
        ['option.b', '2'],
      ]),
    ],
    [
      'two ways',
      link([
        ['protocol', 'a'],
        ['preset', 'b.wb.yaml'],
      ]),
    ],
    [
      'a preset with an address',
      link([
        ['preset', 'b.wb.yaml'],
        ['address', 'c'],
      ]),
    ],
    [
      'a preset with an option',
      link([
        ['preset', 'b.wb.yaml'],
        ['option.c', '1'],
      ]),
    ],
    [
      'content with a message',
      link([
        ['content', 'YQ'],
        ['message', 'c'],
      ]),
    ],
    [
      'what is not known',
      link([
        ['protocol', 'a'],
        ['run', 'rm'],
      ]),
    ],
    ['__proto__', link([['__proto__', 'a']])],
    [
      'an option __proto__',
      link([
        ['protocol', 'a'],
        ['option.__proto__', '1'],
      ]),
    ],
    [
      'an option without a name',
      link([
        ['protocol', 'a'],
        ['option.', '1'],
      ]),
    ],
    ['a protocol that is no name', link([['protocol', '../tcp']])],
    ['an absolute path', link([['preset', '/etc/x.wb.yaml']])],
    ['a path of Windows', link([['preset', String.raw`C:\x.wb.yaml`]])],
    ['a path out of the folder', link([['preset', 'a/../../x.wb.yaml']])],
    ['another file', link([['preset', 'a/secrets.json']])],
    ['an empty path', link([['preset', '']])],
    [
      'a NUL',
      link([
        ['protocol', 'a'],
        ['address', 'b\0c'],
      ]),
    ],
    [
      'a bell in a message',
      link([
        ['protocol', 'a'],
        ['message', 'b\u0007'],
      ]),
    ],
    [
      'an escape in an option',
      link([
        ['protocol', 'a'],
        ['option.b', '\u001b[2J'],
      ]),
    ],
    [
      'a line break in the address',
      link([
        ['protocol', 'a'],
        ['address', 'b\r\nc'],
      ]),
    ],
    [
      'an override of the direction',
      link([
        ['protocol', 'a'],
        ['address', 'evil\u202etset.doog'],
      ]),
    ],
    [
      'a character without width',
      link([
        ['protocol', 'a'],
        ['address', 'good\u200b.test'],
      ]),
    ],
    ['what is no UTF-8', 'wirebench://open?protocol=a&address=%ff%fe'],
    ['half of a character', `wirebench://open?protocol=a&address=\ud800`],
    ['content that is no Base64', link([['content', '!!!']])],
    ['content that is no UTF-8', link([['content', Buffer.from([0xff, 0xfe]).toString('base64url')]])],
    ['no content', link([['content', '']])],
    [
      'a long address',
      link([
        ['protocol', 'a'],
        ['address', 'b'.repeat(2049)],
      ]),
    ],
    [
      'a long link',
      link([
        ['protocol', 'a'],
        ['address', 'b'.repeat(LINK_CHARACTERS)],
      ]),
    ],
    ['a link that was too long to come', LONG_LINK],
    [
      'many messages',
      link([['protocol', 'a'], ...Array.from({ length: LINK_MESSAGES + 1 }, () => ['message', 'b'] as const)]),
    ],
    [
      'many options',
      link([['protocol', 'a'], ...Array.from({ length: LINK_OPTIONS + 1 }, (_, n) => [`option.o${n}`, ''] as const)]),
    ],
  ])('is refused with %s', (_, text) => {
    const error = errorOf(parseOpenLink(text));
    expect(error.code).toBe('bad-link');
    expect(error.message).toMatch(/^[A-Z].*[.]$/);
  });
});

describe('any text', () => {
  it('is a link or an error, and never anything else', () => {
    const parts = fc.constantFrom(
      'wirebench:',
      '//',
      'open',
      '?',
      '&',
      '=',
      '%',
      '#',
      'protocol',
      'option.',
      '__proto__',
      '..',
      '/',
      '\0',
      '\u202e',
      'a',
    );
    const near = fc.array(fc.oneof(parts, fc.string({ maxLength: 4 })), { maxLength: 30 }).map((all) => all.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          near,
          near.map((rest) => `wirebench://open?${rest}`),
        ),
        (text) => {
          const parsed = parseOpenLink(text);
          if (!parsed.ok) expect(parsed.error.code).toBe('bad-link');
          else expect(isOpenLink(text)).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('comes out of a link as it went in, when everybody could see it', () => {
    const seen = fc
      .string({ unit: 'grapheme', maxLength: 100 })
      .filter((text) => visible(text) === text && !/[\t\n\r]/.test(text));
    const id = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,20}$/);
    fc.assert(
      fc.property(
        id,
        seen,
        seen,
        fc.dictionary(id, seen, { maxKeys: 5 }),
        fc.array(seen, { maxLength: 3 }),
        (protocol, address, name, options, messages) => {
          const text = link([
            ['protocol', protocol],
            ['address', address],
            ['name', name],
            ...Object.entries(options).map(([key, value]) => [`option.${key}`, value] as const),
            ...messages.map((message) => ['message', message] as const),
          ]);
          if (text.length > LINK_CHARACTERS) return;
          expect(valueOf(parseOpenLink(text))).toEqual({
            type: 'session',
            protocol,
            address,
            name,
            options: new Map(Object.entries(options)),
            messages,
          });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is shown without anything that could not be seen', () => {
    expect(visible('a\u202eb\0c\u200bd\te\nf')).toBe('a\\u{202e}b\\u{0}c\\u{200b}d\te\nf');
  });
});
