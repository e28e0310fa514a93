/**
 * `socat` as presets: one side is the network, the other the standard streams,
 * or something that sends back what comes. Source: socat(1) 1.7.4, "ADDRESS
 * SPECIFICATIONS", "ADDRESS OPTIONS".
 */
import { KEEP_ALIVE_DELAY_MAX_MS, TIMER_MAX_MS } from '../limits.ts';
import { readOptions, type OptionSpec } from './command-options.ts';
import {
  addPreset,
  addressOf,
  leaveUnknown,
  millisecondsOf,
  portOf,
  portText,
  socketPath,
  type Command,
  type Values,
} from './command-parts.ts';
import type { Findings } from './findings.ts';
import { bytesMessage } from './found-message.ts';

const options: readonly OptionSpec[] = [
  ...['-d', '-D', '-v', '-x', '-u', '-U', '-g', '-s', '-4', '-6', '-h', '-V', '-ly', '-ls', '-lm', '-lh', '-lu'].map(
    (name) => ({ names: [name] }),
  ),
  ...['-t', '-T', '-b', '-L', '-W', '-lf', '-lp', '-r', '-R'].map(
    (name) => ({ names: [name], takes: 'value' }) as const,
  ),
];

interface Address {
  /** Upper case: `TCP-LISTEN`. */
  readonly type: string;
  readonly parts: readonly string[];
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly written: string;
}

/** Cuts at a character that no backslash stands before and that is not in brackets or quotes. */
function cut(text: string, at: string): readonly string[] {
  const pieces = [''];
  let isQuoted = false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\') {
      pieces.push((pieces.pop() ?? '') + text.charAt((index += 1)));
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === '[') depth += 1;
    else if (!isQuoted && character === ']') depth -= 1;
    if (character === at && !isQuoted && depth <= 0) pieces.push('');
    else if (character !== '"') pieces.push((pieces.pop() ?? '') + character);
  }
  return pieces;
}

function addressFrom(written: string): Address {
  const [head = '', ...rest] = cut(written, ',');
  const [type = '', ...parts] = cut(head, ':');
  return {
    type: type.toUpperCase(),
    parts,
    written,
    options: rest.map((option) => {
      const equals = option.indexOf('=');
      const name = equals === -1 ? option : option.slice(0, equals);
      return { name: name.trim().toLowerCase(), value: equals === -1 ? '' : option.slice(equals + 1) };
    }),
  };
}

const standardStreams = new Set(['-', 'STDIO', 'STDIN', 'STDOUT', 'STDERR', 'READLINE', 'FD']);

const clients: ReadonlyMap<string, '' | '4' | '6'> = new Map([
  ['TCP', ''],
  ['TCP-CONNECT', ''],
  ['TCP4', '4'],
  ['TCP4-CONNECT', '4'],
  ['TCP6', '6'],
  ['TCP6-CONNECT', '6'],
]);
const servers: ReadonlyMap<string, '' | '4' | '6'> = new Map([
  ['TCP-LISTEN', ''],
  ['TCP-L', ''],
  ['TCP4-LISTEN', '4'],
  ['TCP4-L', '4'],
  ['TCP6-LISTEN', '6'],
  ['TCP6-L', '6'],
]);
const unixClients = new Set(['UNIX', 'UNIX-CONNECT', 'UNIX-CLIENT', 'LOCAL']);
const unixServers = new Set(['UNIX-LISTEN', 'UNIX-L']);

function isNetwork({ type }: Address): boolean {
  return clients.has(type) || servers.has(type) || unixClients.has(type) || unixServers.has(type);
}

/** Sends back what comes: an unnamed pipe, or `cat`. */
function isEcho({ type, parts }: Address): boolean {
  if (type === 'PIPE' || type === 'ECHO') return parts.length === 0;
  return (type === 'EXEC' || type === 'SYSTEM') && /^(\/usr)?(\/bin\/)?cat$/.test(parts.join(':').trim());
}

/** Options of the network side; what they mean for the address is not for here. */
function applyOptions(address: Address, isServer: boolean, values: Values, findings: Findings): void {
  for (const { name, value } of address.options) {
    const where = `socat ${address.type} ${name}`;
    const port = portOf(value, 0);
    const ms = millisecondsOf(value);
    if (name === 'bind' || name === 'fork' || name === 'reuseaddr' || name === 'so-reuseaddr') {
      if (name === 'bind' && !isServer) values.localAddress = value.replace(/^\[|\]$|:\d*$/g, '');
    } else if (/^(pf|protocol-family)$/.test(name) && /^(ip|inet)?[46]$/i.test(value)) {
      if (!isServer) values.family = value.slice(-1);
    } else if (/^(sourceport|sp)$/.test(name) && !isServer && port !== null) values.localPort = port;
    else if (name === 'connect-timeout' && !isServer && ms !== null) values.connectTimeout = ms;
    else if (/^(tcp-)?nodelay$/.test(name)) values.setNoDelay = value !== '0';
    else if (/^(so-)?keepalive$/.test(name)) values.setKeepAlive = value !== '0';
    else if (/^(tcp-)?keepidle$/.test(name) && ms !== null) {
      values.keepAliveInitialDelay = Math.min(ms, KEEP_ALIVE_DELAY_MAX_MS);
    } else if (name === 'backlog' && isServer && port !== null && port > 0) values.backlog = port;
    else if (name === 'max-children' && isServer && port !== null && port > 0) values.maxConnections = port;
    else if (/^ipv6(-v6)?only$/.test(name) && isServer) values.ipv6Only = value !== '0';
    else if (/^(crnl|crlf)$/.test(name)) findings.leave(where, 'Choose \\r\\n as the line ending of messages.');
    else findings.leave(where, 'An option of the address that is not there.');
  }
}

/** The address here; null and listed when it is none. */
function placeOf(address: Address, family: '' | '4' | '6', isServer: boolean, findings: Findings): string | null {
  const bound = address.options.find(({ name }) => name === 'bind')?.value;
  const everywhere = family === '4' ? '0.0.0.0' : family === '6' ? '::' : '*';
  const [first = '', second = ''] = address.parts;
  const host = isServer ? (bound?.replace(/:\d*$/, '') ?? everywhere) : first;
  const text = isServer ? first : second;
  const port = portText(text, isServer ? 0 : 1);
  if (host !== '' && port !== null) return addressOf(host, port);
  findings.leave(`socat ${address.written}`, 'A host and one port as a number are needed.');
  return null;
}

/** Adds the preset that the command line is, or lists why it is none. */
export function readSocat({ args, input }: Command, findings: Findings): void {
  const given = readOptions(args, options);
  leaveUnknown('socat', given, findings);
  const values: Values = {};
  for (const { name, value } of given.options) {
    const ms = name === '-T' ? millisecondsOf(value) : null;
    if (ms !== null) values.setTimeout = Math.min(ms, TIMER_MAX_MS);
    else if (name === '-4' || name === '-6') values.family = name.slice(1);
    else findings.leave(`socat ${name}`, 'It changes only how socat copies and what it prints.');
  }
  const addresses = given.positionals.map(addressFrom);
  const network = addresses.filter(isNetwork);
  const [one] = network;
  const other = addresses.find((address) => address !== one);
  if (one === undefined || network.length > 1) {
    const why =
      network.length > 1
        ? 'It connects two networks; a session has one.'
        : 'There is no address of TCP or of a Unix-domain socket.';
    for (const { written } of addresses) findings.leave(`socat ${written}`, why);
    if (addresses.length === 0) findings.leave('socat', why);
    return;
  }
  const isServer = servers.has(one.type) || unixServers.has(one.type);
  if (other !== undefined && isEcho(other) && isServer) values.behaviour = 'echo';
  else if (other !== undefined && isServer && /^OPEN:\/dev\/null$|^\/dev\/null$/i.test(other.written))
    values.behaviour = 'discard';
  else if (other !== undefined && !standardStreams.has(other.type)) {
    findings.leave(`socat ${other.written}`, 'Nothing is run, and no file is read or written.');
  }
  if (isServer) delete values.family;
  applyOptions(one, isServer, values, findings);
  const isUnix = unixClients.has(one.type) || unixServers.has(one.type);
  const family = clients.get(one.type) ?? servers.get(one.type) ?? '';
  if (family !== '' && !isServer) values.family = family;
  const address = isUnix ? socketPath(one.parts.join(':')) : placeOf(one, family, isServer, findings);
  if (address === null) return;
  const messages = input === null || input.length === 0 ? [] : [bytesMessage('Message', input)];
  addPreset(findings, isServer ? 'tcp-server' : 'tcp-client', address, values, messages);
}
