/**
 * The server's side of the opening handshake (RFC 6455 §4.2): what must be right in a request, and the answer to it as
 * bytes. Pure but for the date.
 */
import { STATUS_CODES } from 'node:http';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { answerDeflateOffer, type DeflateAgreement, type DeflateWishes } from './extension.ts';
import { acceptOf } from './handshake-client.ts';
import {
  formatHead,
  isToken,
  listOf,
  parseHeaderLines,
  splitList,
  valueOf,
  valuesOf,
  type Header,
  type HttpHead,
} from './http-head.ts';

/** The only version that there is a specification of (RFC 6455 §4.4). */
const VERSION = '13';

/** 16 bytes in base64 (RFC 6455 §4.2.1). */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

export interface RulesOptions {
  readonly paths: string;
  readonly subprotocols: string;
  readonly subprotocolOrder: 'server' | 'client';
  readonly subprotocolNeeded: boolean;
  readonly requiredHeaders: string;
  readonly requiredStatus: number;
  readonly refuseStatus: number | null;
  readonly responseHeaders: string;
}

/** Whom the server lets in, as a person asked for it, checked. */
export interface HandshakeRules {
  /** Empty: every path. */
  readonly paths: readonly string[];
  readonly subprotocols: readonly string[];
  readonly subprotocolOrder: 'server' | 'client';
  readonly subprotocolNeeded: boolean;
  /** Value null: any will do. */
  readonly required: readonly { readonly name: string; readonly value: string | null }[];
  readonly requiredStatus: number;
  readonly refuseStatus: number | null;
  readonly headers: readonly Header[];
  /** Null: no compression. */
  readonly deflate: DeflateWishes | null;
}

/** What was agreed on with a client that is let in. */
export interface LetIn {
  readonly path: string;
  /** '' for none. */
  readonly subprotocol: string;
  /** The header of the answer, or ''. */
  readonly extensions: string;
  readonly deflate: DeflateAgreement | null;
}

export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** As it goes over the wire, with its body. */
  readonly bytes: Uint8Array;
  /** Null: it is refused, and the connection ends. */
  readonly letIn: LetIn | null;
  /** It is refused only because there are as many connections as there may be. */
  readonly isDropped: boolean;
}

interface Refusal {
  readonly status: number;
  /** The body: a sentence or two for whoever looks at it. */
  readonly text: string;
  readonly headers?: readonly Header[];
}

const FULL: Refusal = { status: 503, text: 'There are as many connections as this server takes.' };

function badOption(message: string, hint: string, field: string): Outcome<never> {
  return failure('bad-option', message, hint, { field });
}

/** @returns error `bad-option` with `field` */
export function readRules(options: RulesOptions, deflate: DeflateWishes | null): Outcome<HandshakeRules> {
  const paths = splitList(options.paths);
  const strange = paths.find((path) => !/^\/[!-~]*$/.test(path) || path.includes('?'));
  if (strange !== undefined) {
    const hint = 'Write paths such as /, /chat with commas between them, percent-encoded and without a query.';
    return badOption(`“${strange}” is no path.`, hint, 'paths');
  }
  const subprotocols = splitList(options.subprotocols);
  const wrong = subprotocols.find((name) => !isToken(name));
  if (wrong !== undefined) {
    const hint = 'Write names such as chat, v2.chat with commas between them.';
    return badOption(`“${wrong}” is no name of a subprotocol.`, hint, 'subprotocols');
  }
  const required = [];
  for (const line of options.requiredHeaders.split(/\r\n|\r|\n/)) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = (colon === -1 ? line : line.slice(0, colon)).trim();
    if (!isToken(name)) {
      const hint = 'Write each as Name, or as Name: value, in a line of its own.';
      return badOption(`“${name}” is no name of a header.`, hint, 'requiredHeaders');
    }
    required.push({ name, value: colon === -1 ? null : line.slice(colon + 1).trim() });
  }
  const headers = parseHeaderLines(options.responseHeaders, 'responseHeaders');
  if (!headers.ok) return headers;
  const { subprotocolOrder, subprotocolNeeded, requiredStatus, refuseStatus } = options;
  const checked = { paths, subprotocols, required, headers: headers.value };
  return success({ ...checked, subprotocolOrder, subprotocolNeeded, requiredStatus, refuseStatus, deflate });
}

/** `GET /chat?x=1 HTTP/1.1` (RFC 9112 §3), or null when it is no request line. */
export function parseRequestLine(
  line: string,
): { readonly method: string; readonly path: string; readonly version: string } | null {
  const [, method, target, version] = /^([^ ]+) ([^ ]+) HTTP\/(\d\.\d)$/.exec(line) ?? [];
  if (method === undefined || target === undefined || version === undefined || !isToken(method)) return null;
  // Of an absolute form (RFC 9112 §3.2.2), what follows the authority.
  const origin = target.replace(/^(?:https?|wss?):\/\/[^/?#]*/i, '');
  return { method, path: origin.startsWith('/') ? origin : `/${origin}`, version };
}

function reasonOf(status: number): string {
  return STATUS_CODES[status] ?? '';
}

/** Own headers, but those that a person has written instead. */
function withOwn(own: readonly Header[], typed: readonly Header[]): readonly Header[] {
  return [...own.filter(([name]) => valuesOf(typed, name).length === 0), ...typed];
}

/** @param typed response headers that a person has written */
function refuse(refusal: Refusal, typed: readonly Header[]): Answer {
  const { status, text, headers = [] } = refusal;
  const body = Buffer.from(`${text}\n`);
  const own: readonly Header[] = [
    ...headers,
    ['Date', new Date().toUTCString()],
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Length', String(body.length)],
    ['Connection', status === 426 ? 'Upgrade, close' : 'close'],
  ];
  const reason = reasonOf(status);
  const head = formatHead({ start: `HTTP/1.1 ${status} ${reason}`, headers: withOwn(own, typed) });
  return { status, reason, bytes: Buffer.concat([head, body]), letIn: null, isDropped: refusal === FULL };
}

/** What keeps a request from being a handshake of WebSocket at all (RFC 6455 §4.2.1), or null. */
function malformed({ headers }: HttpHead, method: string, version: string): Refusal | null {
  if (method !== 'GET') {
    const text = `A WebSocket handshake is a GET request (RFC 6455 §4.1), not ${method}.`;
    return { status: 405, text, headers: [['Allow', 'GET']] };
  }
  if (!/^1\.[1-9]$/.test(version)) {
    return { status: 400, text: `A WebSocket handshake needs HTTP/1.1 (RFC 6455 §4.1), not HTTP/${version}.` };
  }
  if (valuesOf(headers, 'Host').length !== 1) {
    return { status: 400, text: 'The request must have one Host header (RFC 9112 §3.2).' };
  }
  return null;
}

function notUpgrade({ headers }: HttpHead): Refusal | null {
  if (!listOf(headers, 'Upgrade').some((protocol) => protocol.toLowerCase() === 'websocket')) {
    const text = 'This is a WebSocket server. Connect with a WebSocket client: this request has no Upgrade: websocket.';
    return { status: 426, text, headers: [['Upgrade', 'websocket']] };
  }
  if (!listOf(headers, 'Connection').some((option) => option.toLowerCase() === 'upgrade')) {
    return { status: 400, text: 'The Connection header does not say Upgrade (RFC 6455 §4.2.1).' };
  }
  const versions = valuesOf(headers, 'Sec-WebSocket-Version');
  if (versions.length !== 1 || versions[0] !== VERSION) {
    const asked = versions.length === 0 ? 'no version' : versions.join(', ');
    const text = `This server speaks version ${VERSION} of WebSocket (RFC 6455 §4.4); the request asks for ${asked}.`;
    return {
      status: 426,
      text,
      headers: [
        ['Upgrade', 'websocket'],
        ['Sec-WebSocket-Version', VERSION],
      ],
    };
  }
  const keys = valuesOf(headers, 'Sec-WebSocket-Key');
  if (keys.length !== 1 || !KEY.test(keys[0] ?? '')) {
    return { status: 400, text: 'Sec-WebSocket-Key must be there once, 16 bytes in base64 (RFC 6455 §4.2.1).' };
  }
  const offered = listOf(headers, 'Sec-WebSocket-Protocol');
  if (offered.some((name, index) => !isToken(name) || offered.indexOf(name) !== index)) {
    return { status: 400, text: 'Sec-WebSocket-Protocol must list different tokens (RFC 6455 §4.1).' };
  }
  return null;
}

function missing({ headers }: HttpHead, rules: HandshakeRules): Refusal | null {
  const lacking = rules.required.find(({ name, value }) => {
    const values = valuesOf(headers, name);
    return value === null ? values.length === 0 : !values.includes(value);
  });
  if (lacking === undefined) return null;
  const what = valuesOf(headers, lacking.name).length === 0 ? 'is missing' : 'has another value';
  return { status: rules.requiredStatus, text: `The header ${lacking.name} ${what}.` };
}

function chooseSubprotocol({ headers }: HttpHead, { subprotocols, subprotocolOrder }: HandshakeRules): string {
  const offered = listOf(headers, 'Sec-WebSocket-Protocol');
  const [first, other] = subprotocolOrder === 'server' ? [subprotocols, offered] : [offered, subprotocols];
  return first.find((name) => other.includes(name)) ?? '';
}

/** The answer to a message that is no request, or too long, or that did not come in time. */
export function refuseUnread(why: 'malformed' | 'tls' | 'too-long' | 'too-slow', typed: readonly Header[]): Answer {
  switch (why) {
    case 'malformed':
      return refuse({ status: 400, text: 'This is no HTTP request.' }, typed);
    case 'tls':
      return refuse({ status: 400, text: 'This server speaks no TLS: use ws:// instead of wss://.' }, typed);
    case 'too-long':
      return refuse({ status: 431, text: 'The head of the request is too long.' }, typed);
    case 'too-slow':
      return refuse({ status: 408, text: 'The request did not come in time.' }, typed);
  }
}

/** @param isFull there are as many connections as there may be */
export function answerRequest(head: HttpHead, rules: HandshakeRules, isFull: boolean): Answer {
  const line = parseRequestLine(head.start);
  if (line === null) return refuseUnread('malformed', rules.headers);
  const path = line.path.replace(/[?#].*$/, '');
  const notFound = rules.paths.length > 0 && !rules.paths.includes(path);
  const refusal =
    malformed(head, line.method, line.version) ??
    (notFound ? { status: 404, text: `There is no WebSocket at ${path}.` } : null) ??
    notUpgrade(head) ??
    (isFull ? FULL : null) ??
    missing(head, rules) ??
    (rules.refuseStatus === null ? null : { status: rules.refuseStatus, text: 'This server refuses every handshake.' });
  if (refusal !== null) return refuse(refusal, rules.headers);

  const subprotocol = chooseSubprotocol(head, rules);
  if (subprotocol === '' && rules.subprotocolNeeded) {
    const text = `A subprotocol is needed; this server speaks: ${rules.subprotocols.join(', ')}.`;
    return refuse({ status: 400, text }, rules.headers);
  }
  return letIn(head, rules, line.path, subprotocol);
}

function letIn(head: HttpHead, rules: HandshakeRules, path: string, subprotocol: string): Answer {
  const offers = valuesOf(head.headers, 'Sec-WebSocket-Extensions').join(', ');
  const deflate = rules.deflate === null ? null : answerDeflateOffer(rules.deflate, offers === '' ? null : offers);
  if (deflate?.ok === false) return refuse({ status: 400, text: deflate.problem }, rules.headers);
  const chosen = deflate?.value ?? null;
  const own: readonly (readonly [string, string | null])[] = [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', acceptOf(valueOf(head.headers, 'Sec-WebSocket-Key') ?? '')],
    ['Sec-WebSocket-Protocol', subprotocol === '' ? null : subprotocol],
    ['Sec-WebSocket-Extensions', chosen?.header ?? null],
  ];
  const mine = own.flatMap(([name, value]): readonly Header[] => (value === null ? [] : [[name, value]]));
  const headers = withOwn(mine, rules.headers);
  const reason = reasonOf(101);
  // What a person has written instead is what the client goes by.
  const extensions = valuesOf(headers, 'Sec-WebSocket-Extensions').join(', ');
  return {
    status: 101,
    reason,
    bytes: formatHead({ start: `HTTP/1.1 101 ${reason}`, headers }),
    letIn: {
      path,
      subprotocol: valueOf(headers, 'Sec-WebSocket-Protocol') ?? '',
      extensions,
      deflate: extensions === chosen?.header ? chosen.agreement : null,
    },
    isDropped: false,
  };
}
