/** RFC 6455 §5.4: messages in several frames. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  binaryStart,
  caseMaker,
  echoBinary,
  echoPerhaps,
  echoText,
  failed,
  joined,
  last,
  letters,
  more,
  pattern,
  ping,
  pong,
  ponged,
  send,
  sendEach,
  sendOctets,
  text,
  textStart,
} from '../pieces.ts';

const make = caseMaker('Fragmentation', 'fragment');

const many = Array.from({ length: 500 }, (_, index) => more(letters(1 + (index % 3))));
const manyBytes = joined('<', ...many.map(({ payload }) => payload), '>');
const parts = [0, 1, 2, 3].map((index) => pattern(65_536).subarray(index * 16_384, (index + 1) * 16_384));
const [first = new Uint8Array(0), ...rest] = parts;

export const fragmentCases: readonly CheckCase[] = [
  make('text-two', 'Text in two fragments', '5.4', [send(textStart('Hel'), last('lo')), echoText('Hello')]),
  make('binary-two', 'Binary in two fragments', '5.4', [
    send(binaryStart(pattern(10)), last(pattern(10))),
    echoBinary(joined(pattern(10), pattern(10))),
  ]),
  make('text-three-writes', 'Text in three fragments, a write each', '5.4', [
    sendEach(textStart('a'), more('b'), last('c')),
    echoText('abc'),
  ]),
  make('octets', 'Text in three fragments, each octet in a write of its own', '5.4', [
    sendOctets(textStart('Gr'), more('üß'), last('e')),
    echoText('Grüße'),
  ]),
  make('letters', 'Each letter a fragment', '5.4', [
    send(textStart('f'), ...['r', 'a', 'g', 'm', 'e', 'n'].map((letter) => more(letter)), last('t')),
    echoText('fragment'),
  ]),
  make('first-empty', 'The first fragment is empty', '5.4', [send(textStart(''), last('hello')), echoText('hello')]),
  make('middle-empty', 'A fragment in the middle is empty', '5.4', [
    send(textStart('hel'), more(''), last('lo')),
    echoText('hello'),
  ]),
  make('last-empty', 'The last fragment is empty', '5.4', [send(textStart('hello'), last('')), echoText('hello')]),
  make('all-empty', 'Every fragment is empty', '5.4', [
    send(textStart(''), more(''), more(''), last('')),
    echoText(''),
  ]),
  make('all-empty-binary', 'Every fragment of a binary message is empty', '5.4', [
    send(binaryStart(''), more(''), last('')),
    echoBinary(''),
  ]),
  make('empty-100', 'A hundred empty fragments around a text', '5.4', [
    send(
      textStart(''),
      ...Array.from({ length: 50 }, () => more('')),
      more('core'),
      ...Array.from({ length: 50 }, () => more('')),
      last(''),
    ),
    echoText('core'),
  ]),
  make('many-500', 'Text in 502 small fragments', '5.4', [
    send(textStart('<'), ...many, last('>')),
    echoText(manyBytes),
  ]),
  make('large-four', 'Binary of 64 KiB in four fragments', '5.4', [
    send(binaryStart(first), ...rest.map((part) => more(part)), last('')),
    echoBinary(pattern(65_536)),
  ]),
  make('mixed-lengths', 'Fragments with lengths in 7, 16 and 64 bits', '5.4', [
    send(binaryStart(pattern(100)), more(pattern(1000)), last(pattern(66_000))),
    echoBinary(joined(pattern(100), pattern(1000), pattern(66_000))),
  ]),
  make('two-messages', 'Two messages in fragments, one after the other', '5.4', [
    send(textStart('one'), last('!'), binaryStart('two'), last('!')),
    echoText('one!'),
    echoBinary('two!'),
  ]),
  make('then-whole', 'A message in fragments, then one in a single frame', '5.4', [
    send(textStart('frag'), last('ment'), text('whole')),
    echoText('fragment'),
    echoText('whole'),
  ]),
  make('pongs-between', 'Pongs between the fragments', '5.4', [
    send(textStart('a'), pong('1'), more('b'), pong('2'), last('c')),
    echoText('abc'),
  ]),
  make('ping-between-empty', 'A ping between empty fragments', '5.4', [
    send(textStart(''), ping('x'), last('')),
    ponged('x'),
    echoText(''),
  ]),
  make('continuation-alone', 'A continuation frame without a message', '5.4', [send(last('hello')), failed(1002)]),
  make('continuation-alone-empty', 'An empty continuation frame without a message', '5.4', [
    send(last('')),
    failed(1002),
  ]),
  make('continuation-alone-open', 'A continuation frame without FIN and without a message', '5.4', [
    send(more('hello')),
    failed(1002),
  ]),
  make('continuation-after-text', 'A continuation frame behind a whole message', '5.4', [
    send(text('whole'), last('more')),
    echoPerhaps('whole'),
    failed(1002),
  ]),
  make('continuation-after-end', 'A continuation frame behind the last fragment', '5.4', [
    send(textStart('frag'), last('ment'), last('more')),
    echoPerhaps('fragment'),
    failed(1002),
  ]),
  make('continuation-after-ping', 'A continuation frame behind a ping', '5.4', [
    send(ping('x'), last('more')),
    ponged('x'),
    failed(1002),
  ]),
  make('text-in-text', 'A text begins within a text', '5.4', [send(textStart('frag'), text('new')), failed(1002)]),
  make('text-in-binary', 'A text begins within a binary message', '5.4', [
    send(binaryStart('frag'), text('new')),
    failed(1002),
  ]),
  make('binary-in-text', 'A binary message begins within a text', '5.4', [
    send(textStart('frag'), binary('new')),
    failed(1002),
  ]),
  make('start-in-start', 'A second message begins in fragments within the first', '5.4', [
    send(textStart('one'), textStart('two'), last('!'), last('!')),
    failed(1002),
  ]),
  make('text-in-third', 'A text begins behind the second fragment', '5.4', [
    send(textStart('a'), more('b'), text('c')),
    failed(1002),
  ]),
  make('ping-hides-nothing', 'A text begins within a text, with a ping between', '5.4', [
    send(textStart('a'), ping('p'), text('b')),
    ponged('p'),
    failed(1002),
  ]),
];
