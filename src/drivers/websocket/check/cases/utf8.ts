/** RFC 6455 §8.1 and RFC 3629: what is text, and what is not. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  caseMaker,
  close,
  closed,
  echoBinary,
  echoText,
  failed,
  failedEarly,
  hex,
  joined,
  last,
  letters,
  more,
  ping,
  ponged,
  send,
  sendOctets,
  text,
  textStart,
} from '../pieces.ts';

const make = caseMaker('UTF-8', 'utf8');

const VALID: readonly (readonly [name: string, title: string, bytes: string])[] = [
  ['nul', 'U+0000', '00'],
  ['7f', 'U+007F, the last of one byte', '7f'],
  ['80', 'U+0080, the first of two bytes', 'c2 80'],
  ['7ff', 'U+07FF, the last of two bytes', 'df bf'],
  ['800', 'U+0800, the first of three bytes', 'e0 a0 80'],
  ['fff', 'U+0FFF', 'e0 bf bf'],
  ['1000', 'U+1000', 'e1 80 80'],
  ['cfff', 'U+CFFF', 'ec bf bf'],
  ['d7ff', 'U+D7FF, the last before the surrogates', 'ed 9f bf'],
  ['e000', 'U+E000, the first behind the surrogates', 'ee 80 80'],
  ['fffd', 'U+FFFD, the replacement character itself', 'ef bf bd'],
  ['fffe', 'U+FFFE, a noncharacter', 'ef bf be'],
  ['ffff', 'U+FFFF, a noncharacter', 'ef bf bf'],
  ['fdd0', 'U+FDD0, a noncharacter', 'ef b7 90'],
  ['feff', 'U+FEFF, the byte order mark, which stays', 'ef bb bf'],
  ['10000', 'U+10000, the first of four bytes', 'f0 90 80 80'],
  ['1f600', 'U+1F600', 'f0 9f 98 80'],
  ['3ffff', 'U+3FFFF', 'f0 bf bf bf'],
  ['40000', 'U+40000', 'f1 80 80 80'],
  ['fffff', 'U+FFFFF', 'f3 bf bf bf'],
  ['100000', 'U+100000', 'f4 80 80 80'],
  ['10ffff', 'U+10FFFF, the last of all', 'f4 8f bf bf'],
];

const INVALID: readonly (readonly [name: string, title: string, bytes: string])[] = [
  ['tail-80', 'A byte 80 by itself', '80'],
  ['tail-bf', 'A byte BF by itself', 'bf'],
  ['tail-many', 'Bytes 80 to 87 by themselves', '80 81 82 83 84 85 86 87'],
  ['c0', 'C0, which begins nothing', 'c0'],
  ['c1', 'C1, which begins nothing', 'c1 bf'],
  ['f5', 'F5, which begins nothing', 'f5 80 80 80'],
  ['f8', 'F8: five bytes', 'f8 88 80 80 80'],
  ['fc', 'FC: six bytes', 'fc 84 80 80 80 80'],
  ['fe', 'FE', 'fe'],
  ['ff', 'FF', 'ff'],
  ['overlong-2-nul', 'U+0000 in two bytes', 'c0 80'],
  ['overlong-2-slash', '/ in two bytes', 'c0 af'],
  ['overlong-2-7f', 'U+007F in two bytes', 'c1 bf'],
  ['overlong-3-nul', 'U+0000 in three bytes', 'e0 80 80'],
  ['overlong-3-slash', '/ in three bytes', 'e0 80 af'],
  ['overlong-3-7ff', 'U+07FF in three bytes', 'e0 9f bf'],
  ['overlong-4-nul', 'U+0000 in four bytes', 'f0 80 80 80'],
  ['overlong-4-ffff', 'U+FFFF in four bytes', 'f0 8f bf bf'],
  ['surrogate-d800', 'The surrogate U+D800', 'ed a0 80'],
  ['surrogate-db7f', 'The surrogate U+DB7F', 'ed ad bf'],
  ['surrogate-dbff', 'The surrogate U+DBFF', 'ed af bf'],
  ['surrogate-dc00', 'The surrogate U+DC00', 'ed b0 80'],
  ['surrogate-dfff', 'The surrogate U+DFFF', 'ed bf bf'],
  ['surrogate-pair', 'A pair of surrogates (CESU-8)', 'ed a0 bd ed b8 80'],
  ['above-110000', 'U+110000, beyond the last', 'f4 90 80 80'],
  ['above-13ffff', 'U+13FFFF', 'f4 bf bf bf'],
  ['above-1fffff', 'U+1FFFFF', 'f7 bf bf bf'],
  ['cut-2', 'The first of two bytes', 'c3'],
  ['cut-3', 'Two of three bytes', 'e2 82'],
  ['cut-3-first', 'The first of three bytes', 'e2'],
  ['cut-4', 'Three of four bytes', 'f0 9f 98'],
  ['cut-4-first', 'The first of four bytes', 'f0'],
  ['head-head', 'Two first bytes, one behind the other', 'c3 c3 a4'],
  ['head-ascii', 'A first byte, then a letter', 'c3 61'],
  ['3-head-ascii', 'Two of three bytes, then a letter', 'e2 82 61'],
  ['latin-1', 'Latin-1', '47 72 fc df 65'],
  ['utf-16', 'UTF-16', 'ff fe 68 00 69 00'],
];

const greek = hex('ce ba e1 bd b9 cf 83 ce bc ce b5');
const euro = hex('e2 82 ac');
const grin = hex('f0 9f 98 80');

export const utf8Cases: readonly CheckCase[] = [
  ...VALID.map(([name, title, bytes]) =>
    make(`valid-${name}`, title, '8.1', [send(text(hex(bytes))), echoText(hex(bytes))]),
  ),
  make('valid-words', 'Text of many scripts', '8.1', [
    send(text('Grüße · Ελληνικά · кириллица · 한국어 · 日本語 · עברית · 👩‍👩‍👧')),
    echoText('Grüße · Ελληνικά · кириллица · 한국어 · 日本語 · עברית · 👩‍👩‍👧'),
  ]),
  make('valid-long', 'Characters of three bytes across 64 KiB', '8.1', [
    send(text('€'.repeat(22_000))),
    echoText('€'.repeat(22_000)),
  ]),
  ...INVALID.map(([name, title, bytes]) =>
    make(`invalid-${name}`, title, '8.1', [send(text(hex(bytes))), failed(1007)]),
  ),
  ...INVALID.filter(([name]) => /^(tail-80|overlong-2-slash|surrogate-d800|above-110000|cut-3|ff)$/.test(name)).map(
    ([name, title, bytes]) =>
      make(`invalid-at-end-${name}`, `${title}, behind 70 letters`, '8.1', [
        send(text(joined(letters(70), hex(bytes)))),
        failed(1007),
      ]),
  ),
  ...INVALID.filter(([name]) => /^(tail-80|overlong-2-slash|surrogate-d800|above-110000|cut-3|ff)$/.test(name)).map(
    ([name, title, bytes]) =>
      make(`invalid-within-${name}`, `${title}, between letters`, '8.1', [
        send(text(joined(letters(33), hex(bytes), letters(33)))),
        failed(1007),
      ]),
  ),
  make('invalid-in-65536', 'One wrong byte at the end of 64 KiB of letters', '8.1', [
    send(text(joined(letters(65_535), hex('ff')))),
    failed(1007),
  ]),
  make('split-2', 'A character of two bytes in two fragments', '5.6', [
    send(textStart(hex('c3')), last(hex('a4'))),
    echoText('ä'),
  ]),
  make('split-3', 'A character of three bytes in three fragments', '5.6', [
    send(textStart(hex('e2')), more(hex('82')), last(hex('ac'))),
    echoText(euro),
  ]),
  make('split-4', 'A character of four bytes in four fragments', '5.6', [
    send(textStart(hex('f0')), more(hex('9f')), more(hex('98')), last(hex('80'))),
    echoText(grin),
  ]),
  make('split-with-ping', 'A ping within a character', '5.6', [
    send(textStart(hex('e2')), ping('within'), last(hex('82 ac'))),
    ponged('within'),
    echoText(euro),
  ]),
  make('split-with-empty', 'An empty fragment within a character', '5.6', [
    send(textStart(hex('e2 82')), more(''), last(hex('ac'))),
    echoText(euro),
  ]),
  make('split-octets', 'A Greek word, each octet in a write of its own', '5.6', [
    sendOctets(text(greek)),
    echoText(greek),
  ]),
  make('split-each-byte', 'A Greek word, each byte a fragment', '5.6', [
    send(
      textStart(greek.subarray(0, 1)),
      ...[...greek.subarray(1, -1)].map((byte) => more(Uint8Array.of(byte))),
      last(greek.subarray(-1)),
    ),
    echoText(greek),
  ]),
  make('split-cut', 'A message in fragments ends within a character', '8.1', [
    send(textStart('a'), last(hex('e2 82'))),
    failed(1007),
  ]),
  make('split-cut-empty-last', 'A message ends within a character; its last fragment is empty', '8.1', [
    send(textStart(hex('e2 82')), last('')),
    failed(1007),
  ]),
  make('split-wrong', 'A fragment goes on with a wrong byte', '8.1', [
    send(textStart(hex('e2')), last(hex('28 a1'))),
    failed(1007),
  ]),
  make('split-surrogate', 'A surrogate over two fragments', '8.1', [
    send(textStart(hex('ed')), last(hex('a0 80'))),
    failed(1007),
  ]),
  make('split-overlong', 'An overlong form over two fragments', '8.1', [
    send(textStart(hex('e0')), last(hex('80 80'))),
    failed(1007),
  ]),
  make('split-above', 'U+110000 over two fragments', '8.1', [
    send(textStart(hex('f4')), last(hex('90 80 80'))),
    failed(1007),
  ]),
  make(
    'first-fragment-wrong',
    'The first fragment is wrong, and the message does not end',
    '8.1',
    [send(textStart(hex('66 ff 66'))), failed(1007)],
    {
      level: 'should',
    },
  ),
  make(
    'second-fragment-wrong',
    'The second fragment is wrong, and the message does not end',
    '8.1',
    [send(textStart('good'), more(hex('c0 af'))), failed(1007)],
    {
      level: 'should',
    },
  ),
  make(
    'early-in-frame',
    'A wrong byte at the beginning of a frame that does not end',
    '8.1',
    [send(text(hex('ff 61 61'), { declared: 1000 })), failedEarly(1007)],
    { level: 'should' },
  ),
  make('binary-anything', 'What is no text, as a binary message', '5.6', [
    send(binary(hex('ff fe c0 80 ed a0 80'))),
    echoBinary(hex('ff fe c0 80 ed a0 80')),
  ]),
  make('ping-anything', 'What is no text, in a ping', '5.5.2', [
    send(ping(hex('ff fe c0 80'))),
    ponged(hex('ff fe c0 80')),
  ]),
  make('reason-valid', 'A close frame with a reason in many scripts', '5.5.1', [
    send(close(1000, 'Grüße 한국어 😀')),
    closed(1000),
  ]),
];
