/** RFC 6455 §5.5.1 and §7: close frames, their codes, and what follows them. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  caseMaker,
  close,
  closed,
  echoText,
  failed,
  frame,
  hex,
  joined,
  letters,
  ping,
  pong,
  send,
  sendEach,
  sendOctets,
  text,
  textStart,
} from '../pieces.ts';

const make = caseMaker('Closing', 'close');

const VALID = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011];
/** IANA registry of close codes, behind RFC 6455. */
const REGISTERED = [1012, 1013, 1014];
const APPLICATION = [3000, 3001, 3999, 4000, 4001, 4999];
/** §7.4.1: must not be set in a close frame. */
const NEVER = [1004, 1005, 1006, 1015];
/** §7.4.2: not used, or not known to anybody yet. */
const UNUSED = [0, 1, 999, 1016, 1100, 2000, 2999, 5000, 5001, 32_768, 65_535];

export const closingCases: readonly CheckCase[] = [
  make('empty', 'A close frame without payload', '5.5.1', [send(close(null)), closed(null, 1000)]),
  ...VALID.map((code) => make(`code-${code}`, `The code ${code}`, '7.4.1', [send(close(code)), closed(code, 1000)])),
  ...REGISTERED.map((code) =>
    make(`code-${code}`, `The code ${code}, registered at IANA`, '7.4.2', [send(close(code)), closed(code, 1000)], {
      level: 'should',
    }),
  ),
  ...APPLICATION.map((code) =>
    make(`code-${code}`, `The code ${code}, for ${code < 4000 ? 'libraries' : 'applications'}`, '7.4.2', [
      send(close(code)),
      closed(code, 1000),
    ]),
  ),
  ...NEVER.map((code) =>
    make(`code-${code}`, `The code ${code}, which must not be sent`, '7.4.1', [send(close(code)), failed(1002)]),
  ),
  ...UNUSED.map((code) =>
    make(`code-${code}`, `The code ${code}, which nobody may use`, '7.4.2', [send(close(code)), failed(1002)], {
      level: 'should',
    }),
  ),
  make('code-1005-reason', 'The code 1005 with a reason', '7.4.1', [send(close(1005, 'reason')), failed(1002)]),
  make('payload-1', 'A close frame with one byte', '5.5.1', [send(frame(8, hex('03'))), failed(1002)]),
  make('reason', 'A code and a reason', '5.5.1', [send(close(1000, 'bye')), closed(1000)]),
  make('reason-122', 'A reason of 122 bytes', '5.5', [send(close(1000, letters(122))), closed(1000)]),
  make('reason-123', 'A reason of 123 bytes, the longest', '5.5', [send(close(1000, letters(123))), closed(1000)]),
  make('reason-124', 'A reason of 124 bytes: the frame is too long', '5.5', [
    send(close(1000, letters(124))),
    failed(1002),
  ]),
  make('reason-not-utf8', 'A reason that is no UTF-8', '5.5.1', [
    send(close(1000, hex('ce ba e1 bd b9 ff'))),
    failed(1007),
  ]),
  make('reason-cut', 'A reason that ends within a character', '5.5.1', [
    send(close(1000, joined('bye ', hex('e2 82')))),
    failed(1007),
  ]),
  make('reason-surrogate', 'A reason with a surrogate', '5.5.1', [send(close(1000, hex('ed a0 80'))), failed(1007)]),
  make('octets', 'A close frame, each octet in a write of its own', '5.5.1', [
    sendOctets(close(1000, 'bye')),
    closed(1000),
  ]),
  make('after-message', 'A message, then a close frame', '7.1.2', [
    send(text('last')),
    echoText('last'),
    send(close(1000)),
    closed(1000),
  ]),
  make('after-ping', 'A close frame right behind a pong', '7.1.2', [send(pong('x'), close(1000)), closed(1000)]),
  make('during-message', 'A close frame within a message', '5.5.1', [
    send(textStart('frag'), close(1001)),
    closed(1001, 1000),
  ]),
  make('text-behind', 'A text behind the close frame means nothing', '5.5.1', [
    send(close(1000), text('late')),
    closed(1000),
  ]),
  make('binary-behind', 'A binary message behind the close frame', '5.5.1', [
    send(close(1000), binary(letters(1000))),
    closed(1000),
  ]),
  make('ping-behind', 'A ping behind the close frame', '5.5.1', [send(close(1000), ping('late')), closed(1000)]),
  make('close-behind', 'A second close frame behind the first', '5.5.1', [
    send(close(1000), close(1001)),
    closed(1000),
  ]),
  make('wrong-behind', 'A frame with reserved bits behind the close frame', '5.5.1', [
    send(close(1000), text('x', { rsv: 7 })),
    closed(1000),
  ]),
  make('each-write-behind', 'Frames behind the close frame, each in a write of its own', '5.5.1', [
    sendEach(close(1000), text('late'), ping('late')),
    closed(1000),
  ]),
];
