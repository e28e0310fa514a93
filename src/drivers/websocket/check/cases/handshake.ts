/** RFC 6455 §4.2 and RFC 7692 §5: how a server answers the opening handshake. */
import type { CheckCase, HeaderChange, RequestExpected } from '../check-case.ts';

const EXTENSIONS = 'Sec-WebSocket-Extensions';

interface More {
  readonly level?: 'must' | 'should';
  readonly rfc?: string;
}

function request(
  name: string,
  title: string,
  section: string,
  change: HeaderChange,
  expected: RequestExpected,
  { level = 'must', rfc = 'RFC 6455' }: More = {},
): CheckCase {
  return {
    type: 'request',
    id: `handshake.${name}`,
    group: 'Opening handshake',
    title,
    rfc: `${rfc} §${section}`,
    level,
    change,
    expected,
  };
}

const accepted: RequestExpected = { type: 'accepted', orRefused: false, fields: [] };
const noExtension: RequestExpected = { type: 'accepted', orRefused: false, fields: [[EXTENSIONS, null, 'absent']] };
/** The RFC has it declined; some servers refuse the handshake with it. */
const declined: RequestExpected = { ...noExtension, orRefused: true };
const refused = (...statuses: readonly number[]): RequestExpected => ({ type: 'refused', statuses, fields: [] });
const either: RequestExpected = { type: 'either' };
const wrongVersion: RequestExpected = {
  type: 'refused',
  statuses: [426, 400],
  fields: [['Sec-WebSocket-Version', /(^|[\s,])13([\s,]|$)/, '13']],
};

/** 16 bytes of base64 must come out. */
const BAD_KEYS = [
  ['empty', ''],
  ['short', 'AAAA'],
  ['15-bytes', 'AAAAAAAAAAAAAAAAAAAA'],
  ['17-bytes', 'AAAAAAAAAAAAAAAAAAAAAAA='],
  ['no-base64', '!!!!!!!!!!!!!!!!!!!!!!=='],
] as const;

const DECLINED = [
  ['unknown', 'An extension that nobody knows', 'x-wirebench-unknown; a=1'],
  ['unknown-param', 'permessage-deflate with an unknown parameter', 'permessage-deflate; unknown'],
  ['bits-7', 'server_max_window_bits=7', 'permessage-deflate; server_max_window_bits=7'],
  ['bits-16', 'server_max_window_bits=16', 'permessage-deflate; server_max_window_bits=16'],
  ['bits-zero', 'server_max_window_bits=010', 'permessage-deflate; server_max_window_bits=010'],
  ['bits-none', 'server_max_window_bits without a value', 'permessage-deflate; server_max_window_bits'],
  ['client-bits-7', 'client_max_window_bits=7', 'permessage-deflate; client_max_window_bits=7'],
  ['value', 'A value where there is none', 'permessage-deflate; server_no_context_takeover=1'],
  ['twice', 'The same parameter twice', 'permessage-deflate; client_no_context_takeover; client_no_context_takeover'],
] as const;

export const handshakeCases: readonly CheckCase[] = [
  request('plain', 'A handshake as it should be', '4.2.2', {}, accepted),
  request('split-octets', 'The request, each octet in a write of its own', '4.2.1', { split: 1 }, accepted),
  request('split-7', 'The request in writes of 7 bytes', '4.2.1', { split: 7 }, accepted),
  request(
    'names-lower',
    'Names of fields in small letters',
    '4.2.1',
    { remove: ['Upgrade'], add: [['upgrade', 'websocket']] },
    accepted,
  ),
  request(
    'names-upper',
    'Names of fields in capitals',
    '4.2.1',
    {
      remove: ['Upgrade', 'Connection'],
      add: [
        ['UPGRADE', 'websocket'],
        ['CONNECTION', 'Upgrade'],
      ],
    },
    accepted,
  ),
  request(
    'upgrade-case',
    'Upgrade: WebSocket, in other letters',
    '4.2.1',
    { set: [['Upgrade', 'WebSocket']] },
    accepted,
  ),
  request(
    'connection-case',
    'Connection: upgrade, in small letters',
    '4.2.1',
    { set: [['Connection', 'upgrade']] },
    accepted,
  ),
  request(
    'connection-list',
    'Connection: keep-alive, Upgrade',
    '4.2.1',
    { set: [['Connection', 'keep-alive, Upgrade']] },
    accepted,
  ),
  request(
    'connection-two-fields',
    'Connection in two fields',
    '4.2.1',
    { set: [['Connection', 'keep-alive']], add: [['Connection', 'Upgrade']] },
    accepted,
    { level: 'should' },
  ),
  request('values-space', 'Spaces around values', '4.2.1', { set: [['Upgrade', '  websocket  ']] }, accepted),
  request(
    'extra-fields',
    'Twenty more fields',
    '4.2.1',
    { add: Array.from({ length: 20 }, (_, index) => [`X-Extra-${index}`, 'value'] as const) },
    accepted,
  ),
  request('long-field', 'A field of 4000 bytes', '4.2.1', { add: [['X-Long', 'a'.repeat(4000)]] }, accepted, {
    level: 'should',
  }),
  request('no-upgrade', 'Without Upgrade', '4.2.1', { remove: ['Upgrade'] }, refused()),
  request('wrong-upgrade', 'Upgrade: h2c', '4.2.1', { set: [['Upgrade', 'h2c']] }, refused()),
  request('no-connection', 'Without Connection', '4.2.1', { remove: ['Connection'] }, refused()),
  request('wrong-connection', 'Connection: keep-alive', '4.2.1', { set: [['Connection', 'keep-alive']] }, refused()),
  request('no-key', 'Without Sec-WebSocket-Key', '4.2.1', { remove: ['Sec-WebSocket-Key'] }, refused(400)),
  ...BAD_KEYS.map(([name, key]) =>
    request(
      `key-${name}`,
      `Sec-WebSocket-Key: ${key === '' ? '(empty)' : key}`,
      '4.2.1',
      { set: [['Sec-WebSocket-Key', key]] },
      refused(400),
    ),
  ),
  request(
    'key-twice',
    'Two fields Sec-WebSocket-Key',
    '4.2.1',
    { add: [['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']] },
    refused(400),
    { level: 'should' },
  ),
  request(
    'no-version',
    'Without Sec-WebSocket-Version',
    '4.2.1',
    { remove: ['Sec-WebSocket-Version'] },
    refused(400, 426),
  ),
  ...['0', '7', '8', '12', '14', '255', 'abc', ''].map((version) =>
    request(
      `version-${version === '' ? 'empty' : version}`,
      `Sec-WebSocket-Version: ${version === '' ? '(empty)' : version}`,
      '4.2.2',
      { set: [['Sec-WebSocket-Version', version]] },
      // Version 8 was a draft that some servers still take.
      version === '8' ? either : wrongVersion,
    ),
  ),
  request('no-host', 'Without Host', '4.2.1', { remove: ['Host'] }, refused(400), { level: 'should' }),
  request('http-1.0', 'HTTP/1.0', '4.2.1', { start: 'GET %s HTTP/1.0' }, refused()),
  ...['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE'].map((method) =>
    request(
      `method-${method.toLowerCase()}`,
      `The method ${method}`,
      '4.2.1',
      { start: `${method} %s HTTP/1.1` },
      refused(),
    ),
  ),
  request(
    'method-small',
    'The method get, in small letters',
    '4.2.1',
    { start: 'get %s HTTP/1.1' },
    refused(400, 405, 501),
    { level: 'should' },
  ),
  request('garbage-line', 'A first line that is none', '4.2.1', { start: 'this is no request' }, refused(400), {
    level: 'should',
  }),
  request(
    'garbage-field',
    'A line that is no header field',
    '4.2.1',
    { add: [['X-Bad', 'x\r\nno colon here']] },
    refused(400),
    { level: 'should' },
  ),
  request('folded', 'A value that goes on in the next line', '4.2.1', { add: [['X-Folded', 'one\r\n two']] }, either),
  request(
    'oversize',
    'A head of 256 KiB',
    '10.4',
    { add: Array.from({ length: 64 }, (_, index) => [`X-Large-${index}`, 'a'.repeat(4080)] as const) },
    refused(431, 400),
    { level: 'should' },
  ),
  request('space-before-colon', 'A space before the colon', '4.2.1', { add: [['X-Space ', 'x']] }, refused(400), {
    level: 'should',
  }),
  request(
    'subprotocol-unknown',
    'A subprotocol that nobody knows: none is chosen',
    '4.2.2',
    { remove: ['Sec-WebSocket-Protocol'], add: [['Sec-WebSocket-Protocol', 'x-wirebench-unknown']] },
    { type: 'accepted', orRefused: false, fields: [['Sec-WebSocket-Protocol', null, 'absent']] },
    { level: 'should' },
  ),
  request(
    'subprotocol-unasked',
    'No subprotocol is asked for: none is chosen',
    '4.2.2',
    { remove: ['Sec-WebSocket-Protocol'] },
    { type: 'accepted', orRefused: false, fields: [['Sec-WebSocket-Protocol', null, 'absent']] },
  ),
  request('extension-unasked', 'No extension is offered: none is chosen', '4.2.2', {}, noExtension),
  ...DECLINED.map(([name, title, value]) =>
    request(
      `extension-${name}`,
      `${title}: is declined`,
      name === 'unknown' ? '9.1' : '7.1',
      { add: [[EXTENSIONS, value]] },
      declined,
      name === 'unknown' ? {} : { rfc: 'RFC 7692' },
    ),
  ),
  ...[
    'permessage-deflate;;',
    ', ,',
    'permessage-deflate; =1',
    '"permessage-deflate"',
    'permessage-deflate; server_max_window_bits="',
  ].map((value, index) =>
    request(
      `extension-malformed-${index + 1}`,
      `Sec-WebSocket-Extensions: ${value}`,
      '9.1',
      { add: [[EXTENSIONS, value]] },
      either,
    ),
  ),
];
