/** The client's side of the opening handshake (RFC 6455 §4.1): the request as bytes, and what must be right in the answer. */
import { createHash, randomBytes } from 'node:crypto';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { acceptDeflateResponse, offerDeflate, type DeflateAgreement, type DeflateWishes } from './extension.ts';
import {
  formatHead,
  isHeaderValue,
  isToken,
  listOf,
  parseHeaderLines,
  splitList,
  valueOf,
  valuesOf,
  type Header,
  type HttpHead,
} from './http-head.ts';
import type { WebSocketUrl } from './url.ts';

/** What is put behind the key before it is hashed (RFC 6455 §1.3). */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface RequestOptions {
  /** Lines `Name: value`. */
  readonly headers: string;
  /** With commas between them. */
  readonly subprotocols: string;
  readonly origin: string;
  readonly cookies: string;
  readonly auth: 'none' | 'basic' | 'bearer';
  readonly authName: string;
  readonly authPassword: string;
  readonly authToken: string;
}

/** What a person asked for, checked, and the same for each server that a redirect leads to. */
export interface HandshakePlan {
  readonly options: RequestOptions;
  readonly headers: readonly Header[];
  readonly subprotocols: readonly string[];
  /** What to offer, or null for no compression. */
  readonly deflate: DeflateWishes | null;
}

export interface Handshake {
  readonly bytes: Uint8Array;
  /** What Sec-WebSocket-Accept must be. */
  readonly accept: string;
  /** Of what is on the wire, whoever wrote it. */
  readonly subprotocols: readonly string[];
}

/** What both sides have agreed on. */
export interface Agreed {
  /** '' for none. */
  readonly subprotocol: string;
  /** The header as the server sent it, or ''. */
  readonly extensions: string;
  readonly deflate: DeflateAgreement | null;
}

/** Sec-WebSocket-Accept for a Sec-WebSocket-Key. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + KEY_SUFFIX)
    .digest('base64');
}

/** @returns error `bad-option` with `field` */
export function planHandshake(options: RequestOptions, deflate: DeflateWishes | null): Outcome<HandshakePlan> {
  const headers = parseHeaderLines(options.headers, 'headers');
  if (!headers.ok) return headers;
  const subprotocols = splitList(options.subprotocols);
  const wrong = subprotocols.find((name, index) => !isToken(name) || subprotocols.indexOf(name) !== index);
  if (wrong !== undefined) {
    const what = isToken(wrong)
      ? `The subprotocol “${wrong}” stands there twice.`
      : `“${wrong}” is no name of a subprotocol.`;
    return failure('bad-option', what, 'Write names such as chat, v2.chat with commas between them.', {
      field: 'subprotocols',
    });
  }
  for (const field of ['origin', 'cookies', 'authToken'] as const) {
    if (isHeaderValue(options[field])) continue;
    return failure('bad-option', 'A header cannot have a line break.', 'Write it in one line.', { field });
  }
  if (options.auth === 'basic' && options.authName.includes(':')) {
    const hint = 'Write what stands before the first colon of name:password.';
    return failure('bad-option', 'The name for Basic cannot have a colon (RFC 7617 §2).', hint, { field: 'authName' });
  }
  return success({ options, headers: headers.value, subprotocols, deflate });
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

function authorization({ auth, authName, authPassword, authToken }: RequestOptions, url: WebSocketUrl): string | null {
  if (auth === 'basic') return basic(authName, authPassword);
  if (auth === 'bearer') return `Bearer ${authToken}`;
  return url.credentials === null ? null : basic(url.credentials.name, url.credentials.password);
}

const CREDENTIALS = new Set(['authorization', 'cookie']);

/** @param trusted whether the server is the one that the person has named, or of its origin: only it gets credentials */
export function writeHandshake(plan: HandshakePlan, url: WebSocketUrl, trusted: boolean): Handshake {
  const { options, subprotocols, deflate } = plan;
  const typed = trusted ? plan.headers : plan.headers.filter(([name]) => !CREDENTIALS.has(name.toLowerCase()));
  const own: [string, string | null][] = [
    ['Host', url.hostHeader],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
    ['Sec-WebSocket-Version', '13'],
    ['Origin', options.origin === '' ? null : options.origin],
    ['Sec-WebSocket-Protocol', subprotocols.length === 0 ? null : subprotocols.join(', ')],
    ['Sec-WebSocket-Extensions', deflate === null ? null : offerDeflate(deflate)],
    ['Authorization', trusted ? authorization(options, url) : null],
    ['Cookie', trusted && options.cookies !== '' ? options.cookies : null],
  ];
  const headers: Header[] = [];
  for (const [name, value] of own) {
    const replaced = valuesOf(typed, name).length > 0;
    if (value !== null && !replaced) headers.push([name, value]);
  }
  headers.push(...typed);
  return {
    bytes: formatHead({ start: `GET ${url.target} HTTP/1.1`, headers }),
    accept: acceptOf(valueOf(headers, 'Sec-WebSocket-Key') ?? ''),
    subprotocols: listOf(headers, 'Sec-WebSocket-Protocol'),
  };
}

function wrong(where: string, what: string, hint: string): Outcome<never> {
  return failure('bad-handshake', `${where} answered 101, but ${what}.`, hint);
}

/** Fields that an answer must not have twice (RFC 6455 §11.3.2, §11.3.3, §11.3.4). */
const AT_MOST_ONCE = ['Sec-WebSocket-Accept', 'Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions'];

const NOT_OURS = 'A proxy or server between may have changed it, or it is no WebSocket server.';

/**
 * Judges an answer whose status is 101.
 * @param where formatted address of the server
 * @returns error `bad-handshake`
 */
export function checkAnswer(plan: HandshakePlan, handshake: Handshake, head: HttpHead, where: string): Outcome<Agreed> {
  const { headers } = head;
  const upgrade = valueOf(headers, 'Upgrade');
  if (upgrade?.toLowerCase() !== 'websocket') {
    return wrong(where, upgrade === null ? 'has no Upgrade header' : `upgrades to ${upgrade}`, NOT_OURS);
  }
  if (!listOf(headers, 'Connection').some((option) => option.toLowerCase() === 'upgrade')) {
    return wrong(where, 'its Connection header does not say Upgrade', NOT_OURS);
  }
  const repeated = AT_MOST_ONCE.find((name) => valuesOf(headers, name).length > 1);
  if (repeated !== undefined) return wrong(where, `has ${repeated} more than once`, NOT_OURS);
  const accept = valueOf(headers, 'Sec-WebSocket-Accept');
  if (accept !== handshake.accept) {
    const what = accept === null ? 'has no Sec-WebSocket-Accept' : `Sec-WebSocket-Accept is ${accept}`;
    return wrong(where, `${what} where the key that was sent makes ${handshake.accept}`, NOT_OURS);
  }
  const subprotocol = valueOf(headers, 'Sec-WebSocket-Protocol') ?? '';
  if (subprotocol !== '' && !handshake.subprotocols.includes(subprotocol)) {
    return wrong(
      where,
      `chose the subprotocol ${subprotocol}, which was not offered`,
      'Add it to Sec-WebSocket-Protocol.',
    );
  }
  const extensions = valueOf(headers, 'Sec-WebSocket-Extensions') ?? '';
  const deflate = acceptDeflateResponse(plan.deflate, extensions === '' ? null : extensions);
  if (!deflate.ok) {
    const what = `its extensions are wrong: ${deflate.problem.replace(/\.$/, '')}`;
    return wrong(where, what, 'Turn permessage-deflate off to connect without compression.');
  }
  return success({ subprotocol, extensions, deflate: deflate.value });
}

/** What may help against a refusal, by its status (RFC 9110 §15). */
export function refusalHint(status: number): string {
  if (status >= 300 && status < 400) return 'It redirects. Set redirects to follow it.';
  switch (status) {
    case 401:
      return 'It wants to know who connects: set Authorization.';
    case 403:
      return 'It does not allow it: check Origin, cookies and Authorization.';
    case 404:
      return 'Check the path of the address.';
    case 407:
      return 'A proxy between wants a name and a password.';
    case 426:
      return 'It wants another version or protocol; the row response has its headers.';
    case 200:
      return 'It is an ordinary web server at this path: check port and path.';
    default:
      return 'The row response has its headers and body.';
  }
}
