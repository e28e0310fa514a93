/** Addresses of WebSocket: RFC 6455 §3 (ws and wss), RFC 3986 for their parts. Kept as typed as far as HTTP can carry it. */
import { formatEndpoint, parseEndpoint } from '../../shared/address.ts';
import { isHostAndPort, MASK, maskCredentials } from '../../shared/credentials.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';

export interface WebSocketUrl {
  /** wss: through TLS. */
  readonly secure: boolean;
  /** A name in ASCII, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** What the Host header says: the port stands there when it is not the usual one (RFC 6455 §4.1). */
  readonly hostHeader: string;
  /** Path and query as typed; characters that a request line cannot have are percent-encoded. */
  readonly target: string;
  /** Of the part before the host, decoded; null when there is none. */
  readonly credentials: { readonly name: string; readonly password: string } | null;
}

const DEFAULT_PORTS = { ws: 80, wss: 443 } as const;

const EXAMPLE = 'Write for example ws://127.0.0.1:8080/chat, or wss:// for TLS.';
const encoder = new TextEncoder();

function bad(message: string, hint: string): Outcome<never> {
  return failure('bad-address', message, hint, { field: 'address' });
}

/** Short, without credentials, and with control characters made visible. */
function shown(text: string): string {
  const visible = maskCredentials(text).replace(/\p{Cc}/gu, '\u{FFFD}');
  return `“${visible.length > 80 ? `${visible.slice(0, 79)}…` : visible}”`;
}

/** Leaves what is percent-encoded already as it is. */
function encodeTarget(text: string): string {
  return text.replace(/[^!-~]/gu, (character) =>
    [...encoder.encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: it was meant as it stands.
    return text;
  }
}

function credentialsOf(userInfo: string): WebSocketUrl['credentials'] {
  const colon = userInfo.indexOf(':');
  return colon === -1
    ? { name: decodePart(userInfo), password: '' }
    : { name: decodePart(userInfo.slice(0, colon)), password: decodePart(userInfo.slice(colon + 1)) };
}

/** Names of other scripts as DNS knows them (UTS #46, by the URL standard). Null when it is none. */
function asciiName(host: string): string | null {
  if (/^[\x20-\x7e]*$/.test(host)) return host;
  try {
    return new URL(`ws://${host}`).hostname;
  } catch {
    return null;
  }
}

function wrongScheme(scheme: string | undefined, text: string): Outcome<never> {
  if (scheme === undefined) {
    const rest = /^(?:wss?:(?=\/))?\/*(.*)$/isu.exec(text)?.[1] ?? text;
    return bad(
      `${shown(text)} has no scheme.`,
      `Write ws:// before it, or wss:// for TLS: ws://${maskCredentials(rest)}`,
    );
  }
  const lower = scheme.toLowerCase();
  const secure = lower === 'https';
  const hint =
    secure || lower === 'http'
      ? `Write ${secure ? 'wss' : 'ws'}:// instead of ${lower}://.`
      : 'WebSocket has ws:// and wss://.';
  return bad(`${shown(`${scheme}://`)} is not a scheme of WebSocket.`, hint);
}

/** Error `bad-address` with the words of every protocol for host and port. */
function parseAuthority(
  authority: string,
  secure: boolean,
): Outcome<{ host: string; port: number; explicit: boolean }> {
  const scheme = secure ? 'wss' : 'ws';
  if (authority === '') return bad(`The host is missing after ${scheme}://.`, EXAMPLE);
  const explicit = /:\d+$/.test(authority.replace(/^\[[^\]]*\]/, ''));
  const named = explicit || authority.endsWith(':') ? authority : `${authority}:${DEFAULT_PORTS[scheme]}`;
  const name = asciiName(named.slice(0, named.lastIndexOf(':')));
  if (name === null) return bad(`The host ${shown(authority)} is no name of DNS.`, 'Check its spelling.');
  const endpoint = parseEndpoint(name + named.slice(named.lastIndexOf(':')), 'client');
  if (!endpoint.ok) return endpoint;
  if (endpoint.value.type !== 'ip') return bad(`${shown(authority)} is no host.`, EXAMPLE);
  const { host, port } = endpoint.value;
  return success({ host, port, explicit: explicit && port !== DEFAULT_PORTS[scheme] });
}

/**
 * Reads `ws://host:port/path?query`, with `name:password@` before the host where there are credentials.
 * @returns error `bad-address` with a hint, and `field` set to `address`; it never has the credentials in it
 */
export function parseWebSocketUrl(text: string): Outcome<WebSocketUrl> {
  const trimmed = text.trim();
  if (trimmed === '') return bad('The address is empty.', EXAMPLE);
  if (/\p{Cc}/u.test(trimmed)) return bad(`The address ${shown(trimmed)} has a control character.`, 'Remove it.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed);
  if (scheme === null || !/^wss?$/i.test(scheme[1] ?? '')) return wrongScheme(scheme?.[1], trimmed);
  if (trimmed.includes('#')) {
    const message = `The address ${shown(trimmed)} has a fragment, which WebSocket does not have (RFC 6455 §3).`;
    return bad(message, 'Leave out # and what follows it, or write %23 for a # in the path.');
  }
  const secure = scheme[1]?.toLowerCase() === 'wss';
  const rest = trimmed.slice(scheme[0].length);
  const end = rest.search(/[/?]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const path = end === -1 ? '' : rest.slice(end);
  const at = authority.lastIndexOf('@');
  if (at === -1 && path.includes('@') && !isHostAndPort(authority)) {
    const message = `The address ${shown(trimmed)} has a / or a ? before its @.`;
    return bad(message, 'In a password, write %2F for / and %3F for ?.');
  }
  const place = parseAuthority(authority.slice(at + 1), secure);
  if (!place.ok) return place;
  const credentials = at === -1 ? null : credentialsOf(authority.slice(0, at));
  if (credentials?.name === MASK || credentials?.password === MASK) {
    const message = `The address ${shown(trimmed)} comes from a recording, which keeps no password.`;
    return bad(message, `Write the password in the place of ${MASK}.`);
  }
  const { host, port, explicit } = place.value;
  const hostHeader = formatEndpoint({ type: 'ip', host, port });
  return success({
    secure,
    host,
    port,
    hostHeader: explicit ? hostHeader : hostHeader.slice(0, hostHeader.lastIndexOf(':')),
    target: encodeTarget(path.startsWith('/') ? path : `/${path}`),
    credentials,
  });
}

/** Whether two addresses have one origin (RFC 6454): credentials may go from one to the other. */
export function isSameOrigin(one: WebSocketUrl, other: WebSocketUrl): boolean {
  return one.secure === other.secure && one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port;
}

/**
 * The address that a redirect leads to (RFC 9110 §10.2.2): http and https mean ws and wss there.
 * @returns error `bad-address`
 */
export function redirectedUrl(from: WebSocketUrl, location: string): Outcome<WebSocketUrl> {
  const base = `${from.secure ? 'https' : 'http'}://${from.hostHeader}${from.target}`;
  let found: URL;
  try {
    found = new URL(location.replace(/^ws(s?):/i, 'http$1:'), base);
  } catch {
    return bad(`${shown(location)} is no address to be redirected to.`, 'The server has sent it as Location.');
  }
  if (found.protocol !== 'http:' && found.protocol !== 'https:') return wrongScheme(found.protocol.slice(0, -1), '');
  found.hash = '';
  return parseWebSocketUrl(found.href.replace(/^http/, 'ws'));
}

/** The address without credentials. */
export function shownUrl({ secure, hostHeader, target }: WebSocketUrl): string {
  return `${secure ? 'wss' : 'ws'}://${hostHeader}${target}`;
}
