/**
 * `websocat` (1.x) as a preset: a client, a server (`-s`), or an address that
 * sends back what comes (`ws-l:… mirror:`). Source: `websocat --help=long`,
 * doc.md of github.com/vi/websocat.
 */
import { SAVED_MESSAGES } from '../preset-limits.ts';
import type { SavedMessage } from '../preset.ts';
import { readOptions, type GivenOption, type OptionSpec } from './command-options.ts';
import { addPreset, leaveUnknown, type Command, type Values } from './command-parts.ts';
import { ClientOptions, listenAddress } from './command-websocket.ts';
import type { Findings } from './findings.ts';
import { bytesMessage } from './found-message.ts';

const flag = (...names: readonly string[]): OptionSpec => ({ names });
const valued = (...names: readonly string[]): OptionSpec => ({ names, takes: 'value' });

const options: readonly OptionSpec[] = [
  flag('-s', '--server-mode'),
  flag('-k', '--insecure'),
  flag('-b', '--binary'),
  flag('-t', '--text'),
  flag('-n', '--no-close'),
  flag('-1', '--one-message'),
  flag('-E', '--exit-on-eof'),
  flag('-0', '--null-terminated'),
  flag('--linemode-strip-newlines'),
  flag('-u', '--unidirectional'),
  flag('-U', '--unidirectional-reverse'),
  ...['-e', '-q', '-S', '-v', '-V', '--oneshot', '--no-line', '--unlink', '--base64', '--jsonrpc'].map((name) =>
    flag(name),
  ),
  ...['--async-stdio', '--no-async-stdio', '--print-ping-rtts', '--exit-on-hangup'].map((name) => flag(name)),
  ...['--compress-zlib', '--compress-deflate', '--compress-gzip', '--uncompress-zlib', '--strict'].map((name) =>
    flag(name),
  ),
  valued('-H', '--header'),
  valued('--protocol'),
  valued('--origin'),
  valued('--basic-auth'),
  valued('--ping-interval'),
  valued('--socks5'),
  valued('--tls-domain'),
  valued('-B', '--buffer-size'),
  valued('--conncap'),
  valued('--server-protocol'),
  valued('--server-header'),
  valued('--restrict-uri'),
  valued('-F', '--static-file'),
  ...['--ping-timeout', '--pkcs12-der', '--pkcs12-passwd', '--max-messages', '--max-messages-rev'].map((name) =>
    valued(name),
  ),
  ...['--websocket-version', '--ws-c-uri', '--queue-len', '--autoreconnect-delay-millis'].map((name) => valued(name)),
  ...['--client-pkcs12-der', '--client-pkcs12-passwd', '--binary-prefix', '--text-prefix', '--exec-args'].map((name) =>
    valued(name),
  ),
];

const quiet = new Set(['-n', '-1', '-E', '-v', '-q', '-S', '-t', '-b', '-0', '--linemode-strip-newlines', '-s']);

/** Messages that its standard input would be: a line each, unless told otherwise; the line end is sent as well. */
function messagesOf(input: Uint8Array | null, given: readonly GivenOption[], findings: Findings): SavedMessage[] {
  if (input === null || input.length === 0) return [];
  const has = (name: string): boolean => given.some((option) => option.name === name);
  const kind = has('-b') ? 'binary' : '';
  if (has('--no-line')) return [bytesMessage('Message', input, kind)];
  const end = has('-0') ? 0 : 0x0a;
  const messages: SavedMessage[] = [];
  for (let at = 0; at < input.length;) {
    if (messages.length >= SAVED_MESSAGES) {
      findings.leave('standard input', `A preset has ${SAVED_MESSAGES} messages at most.`);
      break;
    }
    const found = input.indexOf(end, at);
    const next = found === -1 ? input.length : found + 1;
    const keepsEnd = found === -1 || (end === 0x0a && !has('--linemode-strip-newlines'));
    messages.push(bytesMessage(`Message ${messages.length + 1}`, input.subarray(at, keepsEnd ? next : found), kind));
    at = next;
  }
  return messages;
}

interface Place {
  readonly role: 'client' | 'server';
  readonly address: string;
  readonly behaviour: '' | 'echo' | 'broadcast';
  readonly reconnects: boolean;
}

const standardStreams = /^(-|stdio:|inetd:|readline:|asyncstdio:|threadedstdio:|terminal:)?$/;

/** The one network address of `websocat A B`; null and listed when there is none. */
function placeOf(positionals: readonly string[], isServer: boolean, findings: Findings): Place | null {
  const [first = '', second] = positionals;
  if (isServer) {
    return { role: 'server', address: listenAddress(first, false), behaviour: '', reconnects: false };
  }
  const sides = second === undefined ? [first] : [first, second];
  const isUrl = (text: string): boolean => /^(autoreconnect:)?(ws-c:|ws-connect:)?wss?:\/\//i.test(text);
  const listening = sides.find((side) => /^(ws-l|ws-listen|l-ws|listen-ws):/i.test(side));
  const client = sides.find(isUrl);
  const main = listening ?? client;
  const other = sides.find((side) => side !== main) ?? '';
  if (main === undefined || (listening !== undefined && client !== undefined)) {
    findings.leave(`websocat ${positionals.join(' ')}`.trim(), 'One address of WebSocket is needed.');
    return null;
  }
  const echoes = /^(mirror:|exec:cat|cmd:cat|sh-c:cat)$/.test(other);
  const isChat = /^(broadcast:mirror:|reuse-broadcast:mirror:)$/.test(other);
  if (!standardStreams.test(other) && !(listening !== undefined && (echoes || isChat))) {
    findings.leave(`websocat ${other}`, 'Nothing is run, and no other address is connected.');
  }
  return {
    role: listening === undefined ? 'client' : 'server',
    address: main.replace(/^[a-z-]+:(?!\/\/)(ws-c:|ws-connect:)?/i, ''),
    behaviour: isChat ? 'broadcast' : echoes ? 'echo' : '',
    reconnects: /^autoreconnect:/i.test(main),
  };
}

/** @returns whether it was one of a client */
function clientOption({ name, value }: GivenOption, client: ClientOptions): boolean {
  switch (name) {
    case '-H':
      client.header(value);
      return true;
    case '--protocol':
      client.subprotocols(value);
      return true;
    case '--origin':
      client.values.origin = value;
      return true;
    case '--basic-auth':
      client.basic(value);
      return true;
    case '-k':
      client.values.rejectUnauthorized = false;
      return true;
    case '--socks5':
      client.proxy('socks5', value);
      return true;
    case '--tls-domain':
      client.values.servername = value;
      return true;
    case '--websocket-version':
      client.header(`Sec-WebSocket-Version: ${value}`);
      return true;
    default:
      return false;
  }
}

/** @returns whether it was one of a server */
function serverOption({ name, value }: GivenOption, values: Values): boolean {
  if (name === '--server-protocol') values.subprotocols = value;
  else if (name === '--restrict-uri') values.paths = value;
  else if (name === '--server-header') {
    values.responseHeaders = [values.responseHeaders, value].filter((line) => line !== undefined).join('\n');
  } else if (name === '--conncap' && /^[1-9]\d{0,5}$/.test(value)) values.maxConnections = Number(value);
  else return false;
  return true;
}

/** Adds the preset that the command line is, or lists why it is none. */
export function readWebsocat({ args, input }: Command, findings: Findings): void {
  const given = readOptions(args, options);
  leaveUnknown('websocat', given, findings);
  const isServer = given.options.some(({ name }) => name === '-s');
  const place = placeOf(given.positionals, isServer, findings);
  if (place === null) return;
  const client = new ClientOptions(findings);
  const server: Values = {};
  for (const option of given.options) {
    const { name, value } = option;
    const isKnown = place.role === 'client' ? clientOption(option, client) : serverOption(option, server);
    if (isKnown || quiet.has(name)) continue;
    if (name === '--ping-interval') client.seconds(name, 'pingInterval', value);
    else findings.leave(`websocat ${name} ${value}`.trim(), 'An option that is not there.');
  }
  const { pingInterval } = client.values;
  if (place.role === 'server' && pingInterval !== undefined) server.pingInterval = pingInterval;
  if (place.behaviour !== '') server.behaviour = place.behaviour;
  if (place.reconnects) client.reconnect();
  addPreset(
    findings,
    `websocket-${place.role}`,
    place.address,
    place.role === 'client' ? client.finish() : server,
    messagesOf(input, given.options, findings),
  );
}
