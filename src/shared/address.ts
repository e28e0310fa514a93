/** Addresses as a person types them, and back. */
import { failure, success, type Outcome } from './errors.ts';
import { ipFamily, ipv4Bytes, ipv6Groups, isLoopbackIp } from './ip.ts';
import { HOST_CHARACTERS, UNIX_PATH_BYTES } from './limits.ts';

/** Where to connect or to listen. `host` is '' only where a server leaves it open. */
export type Endpoint =
  | { readonly type: 'ip'; readonly host: string; readonly port: number }
  | { readonly type: 'path'; readonly path: string };

export type EndpointRole = 'client' | 'server';

/** What a server reads for "every interface, of IPv4 and of IPv6". */
export const ALL_INTERFACES = '*';

const encoder = new TextEncoder();
const PIPE = /^\\\\[.?]\\pipe\\/i;
const PATH = /^(\/|\.\.?\/)/;
const CONTROL = /\p{Cc}/u;

/** Makes every failure of this file: the code and the field are always the same. */
function bad(message: string, hint: string): Outcome<never> {
  return failure('bad-address', message, hint, { field: 'address' });
}

/** The text as it may stand in a message: short, and with control characters made visible. */
function shown(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\u{FFFD}');
  return `“${visible.length > 80 ? `${visible.slice(0, 79)}…` : visible}”`;
}

function empty(role: EndpointRole): Outcome<never> {
  return bad(
    'The address is empty.',
    role === 'client'
      ? 'Write host:port, for example 127.0.0.1:9000.'
      : 'Write host:port or a port alone, for example 127.0.0.1:9000. Port 0 takes any free port.',
  );
}

function parsePath(path: string): Outcome<Endpoint> {
  if (path === '')
    return bad('The path of the socket is empty.', 'Write it after unix:, for example unix:/tmp/x.sock.');
  if (CONTROL.test(path)) {
    return bad(`The path ${shown(path)} has a control character.`, 'Remove it, or type the path again.');
  }
  if (PIPE.test(path)) {
    return PIPE.exec(path)?.[0].length === path.length
      ? bad(`The named pipe ${shown(path)} has no name.`, 'Write one after it, for example \\\\.\\pipe\\name.')
      : success({ type: 'path', path });
  }
  const bytes = encoder.encode(path).length;
  if (bytes > UNIX_PATH_BYTES) {
    return bad(
      `The path of the socket is ${bytes} bytes long; the system takes ${UNIX_PATH_BYTES} at most.`,
      'Use a shorter path, for example one in /tmp.',
    );
  }
  return success({ type: 'path', path });
}

function parsePort(text: string, role: EndpointRole, host: string): Outcome<number> {
  const example = `${host === '' ? '127.0.0.1' : host}:9000`;
  if (text === '') return bad('The port is missing.', `Write it after the colon, for example ${example}.`);
  if (!/^\d+$/.test(text))
    return bad(`The port ${shown(text)} is not a number.`, 'A port is a number from 0 to 65535.');
  const port = Number(text);
  if (port > 65_535) return bad(`The port ${shown(text)} is out of range.`, 'A port is a number from 0 to 65535.');
  if (port === 0 && role === 'client') {
    return bad('Nobody can connect to port 0.', 'Use a port from 1 to 65535. Port 0 is for servers: any free port.');
  }
  return success(port);
}

function checkHost(host: string, role: EndpointRole): Outcome {
  if (host === '') {
    return role === 'server'
      ? success()
      : bad('The host is missing.', 'Write it before the colon, for example 127.0.0.1:9000.');
  }
  if (host === ALL_INTERFACES) {
    return role === 'server'
      ? success()
      : bad('A client cannot connect to every interface (*).', 'Write one host, for example 127.0.0.1:9000.');
  }
  if (/\s/u.test(host)) return bad(`The host ${shown(host)} has a space.`, 'Remove it: host names have no spaces.');
  if (CONTROL.test(host)) return bad(`The host ${shown(host)} has a control character.`, 'Remove it.');
  const strange = /[/\\?#@[\]<>"'`,;|^{}*]/.exec(host)?.[0];
  if (strange !== undefined) {
    return bad(`The host ${shown(host)} has a ${shown(strange)}.`, 'Write host:port, for example localhost:9000.');
  }
  if (host.length > HOST_CHARACTERS) {
    return bad(`The host name is ${host.length} characters long; DNS takes ${HOST_CHARACTERS}.`, 'Use a shorter name.');
  }
  if (/^\d+(\.\d+){3}$/.test(host) && ipv4Bytes(host) === null) {
    return bad(`${shown(host)} is no IPv4 address.`, 'It has four numbers from 0 to 255, for example 127.0.0.1.');
  }
  return success();
}

function parseBracketed(text: string, role: EndpointRole): Outcome<Endpoint> {
  const close = text.indexOf(']');
  if (close === -1) return bad(`The bracket in ${shown(text)} is not closed.`, 'Write it like this: [::1]:9000.');
  const host = text.slice(1, close);
  const rest = text.slice(close + 1);
  if (ipv6Groups(host) === null || /[\s\p{Cc}]/u.test(host)) {
    return bad(`${shown(host)} is no IPv6 address.`, 'Only IPv6 addresses stand in brackets, for example [::1]:9000.');
  }
  if (rest !== '' && !rest.startsWith(':')) {
    return bad(`${shown(rest)} follows the bracket.`, `Write the port after a colon: [${host}]:9000.`);
  }
  const port = parsePort(rest.slice(1), role, `[${host}]`);
  return port.ok ? success({ type: 'ip', host, port: port.value }) : port;
}

function parseHostAndPort(text: string, role: EndpointRole): Outcome<Endpoint> {
  if (text.startsWith('[')) return parseBracketed(text, role);
  if (/^\d+$/.test(text)) {
    if (role === 'client') {
      return bad(`The host is missing: ${shown(text)} is only a port.`, `Write it too, for example 127.0.0.1:${text}.`);
    }
    const port = parsePort(text, role, '');
    return port.ok ? success({ type: 'ip', host: '', port: port.value }) : port;
  }
  const colon = text.lastIndexOf(':');
  if (ipv6Groups(text) !== null) {
    return bad(`The port is missing after ${text}.`, `IPv6 addresses need brackets and then the port: [${text}]:9000.`);
  }
  if (colon === -1) {
    const host = checkHost(text, role);
    return host.ok ? bad(`The port is missing after ${text}.`, `Write it after a colon: ${text}:9000.`) : host;
  }
  const host = text.slice(0, colon);
  if (host.includes(':')) {
    return ipFamily(host) === 6
      ? bad(`The IPv6 address ${host} needs brackets.`, `Write it like this: [${host}]:${text.slice(colon + 1)}.`)
      : bad(`${shown(text)} has more than one colon.`, 'Write host:port, and an IPv6 address in brackets: [::1]:9000.');
  }
  const hostProblem = checkHost(host, role);
  if (!hostProblem.ok) return hostProblem;
  const port = parsePort(text.slice(colon + 1), role, host);
  return port.ok ? success({ type: 'ip', host, port: port.value }) : port;
}

/**
 * Reads `host:port`, `[IPv6]:port`, `tcp://host:port`, a path (`/tmp/x.sock`,
 * `./x.sock`, `unix:x.sock`) or a Windows named pipe (`\\.\pipe\name`). A
 * server may leave the host open (`:9000`, `9000`), ask for any free port (0)
 * or for every interface (`*:9000`).
 * @returns error `bad-address` with a hint, and `field` set to `address`
 */
export function parseEndpoint(text: string, role: EndpointRole): Outcome<Endpoint> {
  const trimmed = text.trim();
  if (trimmed === '') return empty(role);
  if (/^unix:/i.test(trimmed)) return parsePath(trimmed.slice(5).replace(/^\/\/(?=\/)/, ''));
  if (PATH.test(trimmed) || PIPE.test(trimmed)) return parsePath(trimmed);
  if (trimmed.startsWith('\\\\')) {
    return bad(`${shown(trimmed)} is no named pipe.`, 'Named pipes are written like this: \\\\.\\pipe\\name.');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed);
  if (scheme === null) return parseHostAndPort(trimmed, role);
  if (scheme[1]?.toLowerCase() !== 'tcp') {
    return bad(`${shown(scheme[0])} is not an address of TCP.`, 'Write host:port, or tcp://host:port.');
  }
  const rest = trimmed.slice(scheme[0].length).replace(/\/$/, '');
  return rest === '' ? empty(role) : parseHostAndPort(rest, role);
}

/** The address as `parseEndpoint` reads it: `127.0.0.1:9000`, `[::1]:9000`, `/tmp/x.sock`. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.type === 'ip') {
    return `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  }
  return PATH.test(endpoint.path) || PIPE.test(endpoint.path) ? endpoint.path : `unix:${endpoint.path}`;
}

/** Whether this host is reachable from this machine alone. An open host ('') is: servers take it for 127.0.0.1. */
export function isLoopback(host: string): boolean {
  return host === '' || /^(.+\.)?localhost\.?$/i.test(host) || isLoopbackIp(host);
}

/** Says when a server at this endpoint can be reached from other machines, or null. */
export function exposure(endpoint: Endpoint): string | null {
  if (endpoint.type === 'path' || isLoopback(endpoint.host)) return null;
  const all =
    endpoint.host === ALL_INTERFACES ||
    (ipv4Bytes(endpoint.host) ?? ipv6Groups(endpoint.host))?.every((part) => part === 0) === true;
  return all
    ? `Listens on all interfaces (${endpoint.host}): every machine that reaches this one may connect. For this machine only, use 127.0.0.1.`
    : `Listens on ${endpoint.host}, not only on loopback: other machines may connect. For this machine only, use 127.0.0.1.`;
}
