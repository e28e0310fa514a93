/**
 * `nc`, `netcat` and `ncat` as presets. Sources: nc(1) of OpenBSD and of
 * Debian's netcat-openbsd 1.219, `nc.traditional -h` (Hobbit's 1.10), ncat(1)
 * of Nmap 7.93.
 */
import type { SavedMessage } from '../preset.ts';
import { readOptions, type GivenOption, type GivenOptions, type OptionSpec } from './command-options.ts';
import {
  addPreset,
  addressOf,
  leaveUnknown,
  millisecondsOf,
  portText,
  socketPath,
  type Command,
  type Values,
} from './command-parts.ts';
import type { Findings } from './findings.ts';
import { bytesMessage } from './found-message.ts';

const flags = (...names: readonly string[]): OptionSpec => ({ names });
const valued = (...names: readonly string[]): OptionSpec => ({ names, takes: 'value' });

const common: readonly OptionSpec[] = [
  flags('-4', '--ipv4'),
  flags('-6', '--ipv6'),
  flags('-l', '--listen'),
  flags('-k', '--keep-open'),
  flags('-u', '--udp'),
  flags('-U', '--unixsock'),
  flags('-C', '--crlf'),
  flags('-n', '--nodns'),
  flags('-v', '--verbose'),
  flags('-t', '--telnet'),
  flags('-z'),
  valued('-p', '--source-port'),
  valued('-s', '--source'),
  valued('-w', '--wait'),
  valued('-i', '--idle-timeout'),
  valued('-x', '--hex-dump'),
  valued('-e', '--exec'),
  valued('-c', '--sh-exec'),
  valued('-g'),
  valued('-G'),
  valued('-o', '--output'),
  valued('-m', '--max-conns'),
];

/** OpenBSD's and the traditional one: where both have a letter, it means the same or takes a value in both. */
const ncOptions: readonly OptionSpec[] = [
  ...common,
  ...['-b', '-D', '-d', '-F', '-h', '-N', '-r', '-S', '-Z'].map((name) => flags(name)),
  ...['-I', '-M', '-O', '-P', '-q', '-T', '-V', '-W', '-X'].map((name) => valued(name)),
];

const ncatOptions: readonly OptionSpec[] = [
  ...common,
  valued('-d', '--delay'),
  ...['--lua-exec', '--allow', '--allowfile', '--deny', '--denyfile', '--proxy', '--proxy-type'].map((name) =>
    valued(name),
  ),
  ...['--proxy-auth', '--proxy-dns', '--ssl-cert', '--ssl-key', '--ssl-trustfile', '--ssl-ciphers'].map((name) =>
    valued(name),
  ),
  ...['--ssl-servername', '--ssl-alpn'].map((name) => valued(name)),
  ...['--vsock', '--sctp', '--append-output', '--send-only', '--recv-only', '--no-shutdown', '--broker'].map((name) =>
    flags(name),
  ),
  ...['--chat', '--ssl', '--ssl-verify'].map((name) => flags(name)),
];

/** Why an option is left, by its name. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['-n', 'Names are looked up only where there are some.'],
  ['-v', 'It changes only what is printed.'],
  ['-N', 'End (FIN) is in the menu of the ways to close.'],
  ['-q', 'The session stays open until somebody closes it.'],
  ['-d', 'There is no standard input here.'],
  ['-z', 'Ports are not scanned.'],
  ['-e', 'Nothing is run.'],
  ['-c', 'Nothing is run.'],
  ['--lua-exec', 'Nothing is run.'],
  ['-x', 'A proxy for TCP, or a dump: neither is there.'],
  ['-X', 'TCP has no proxy here.'],
  ['-P', 'TCP has no proxy here.'],
  ['--proxy', 'TCP has no proxy here.'],
  ['-t', 'Telnet is not spoken.'],
  ['-C', 'Choose \\r\\n as the line ending of messages.'],
]);

/** Other networks and layers: without them a session would be another one, so there is none. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['-u', 'UDP is not there, only TCP.'],
  ['--sctp', 'SCTP is not there, only TCP.'],
  ['-Z', 'DCCP is not there, only TCP.'],
  ['--vsock', 'vsock is not there, only TCP and Unix-domain sockets.'],
  ['--ssl', 'TLS over TCP is not there; wss:// has it.'],
]);

interface Netcat {
  readonly command: Command;
  readonly given: GivenOptions;
  readonly has: (name: string) => boolean;
  readonly valueOf: (name: string) => string | undefined;
}

/** What an address of a server is when no host is given: those programs listen on every interface. */
function everyInterface({ has, valueOf, command }: Netcat): string {
  // The traditional one takes the address to listen on by -s; ncat says that it means nothing there.
  const source = valueOf('-s');
  if (source !== undefined && command.program !== 'ncat') return source;
  if (has('-4')) return '0.0.0.0';
  return has('-6') ? '::' : '*';
}

/** Host and port of the positionals; the port of a listening one may stand behind `-p` or alone. */
function placeOf(netcat: Netcat): { readonly host: string; readonly port: string } {
  const { given, has, valueOf, command } = netcat;
  const isServer = has('-l');
  const [first, second] = given.positionals;
  const usual = command.program === 'ncat' ? '31337' : '';
  if (!isServer) return { host: first ?? '', port: second ?? usual };
  if (second !== undefined) return { host: first ?? '', port: second };
  const port = valueOf('-p');
  if (port !== undefined) return { host: first ?? everyInterface(netcat), port };
  if (first === undefined || portText(first, 0) !== null) return { host: everyInterface(netcat), port: first ?? usual };
  return { host: first, port: usual };
}

/** Options that both roles and every netcat have in the same way; true when it was one of them. */
function applyOption({ name, value }: GivenOption, netcat: Netcat, options: Values, findings: Findings): boolean {
  const isServer = netcat.has('-l');
  const isNcat = netcat.command.program === 'ncat';
  const time = (option: string): boolean => {
    const ms = millisecondsOf(value);
    if (ms === null) findings.leave(`${name} ${value}`, 'It is no time.');
    else options[option] = ms;
    return true;
  };
  switch (name) {
    case '-4':
      if (!isServer) options.family = '4';
      return true;
    case '-6':
      options[isServer ? 'ipv6Only' : 'family'] = isServer ? true : '6';
      return true;
    case '-l':
    case '-U':
      return true;
    case '-k':
      // Of the traditional one it is SO_KEEPALIVE, of the others it means nothing without -l.
      if (!isServer) options.setKeepAlive = true;
      return true;
    case '-p': {
      const port = portText(value, 0);
      if (isServer) return true;
      if (typeof port === 'number') options.localPort = port;
      else findings.leave(`-p ${value}`, 'It is no port.');
      return true;
    }
    case '-s':
      if (isServer) return !isNcat;
      options.localAddress = value;
      return true;
    case '-w':
      return !isServer && time('connectTimeout');
    case '-i':
      return isNcat && time('setTimeout');
    case '-m': {
      const count = Number(value);
      if (!isServer || !isNcat || !Number.isInteger(count) || count < 1 || count > 1_000_000) return false;
      options.maxConnections = count;
      return true;
    }
    default:
      return false;
  }
}

/** Adds the preset that the command line is, or lists why it is none. */
export function readNetcat(command: Command, findings: Findings): void {
  const { program, args, input } = command;
  const given = readOptions(args, program === 'ncat' ? ncatOptions : ncOptions);
  const byName = new Map(given.options.map(({ name, value }) => [name, value]));
  const netcat: Netcat = {
    command,
    given,
    has: (name) => byName.has(name),
    valueOf: (name) => byName.get(name),
  };
  leaveUnknown(program, given, findings);
  const options: Values = {};
  let isRefused = false;
  for (const option of given.options) {
    const refusal = refusals.get(option.name);
    if (refusal !== undefined) {
      isRefused = true;
      findings.leave(`${program} ${option.name}`, refusal);
    } else if (!applyOption(option, netcat, options, findings)) {
      const shown = option.value === '' ? option.name : `${option.name} ${option.value}`;
      findings.leave(`${program} ${shown}`, reasons.get(option.name) ?? 'An option that is not there.');
    }
  }
  if (isRefused) return;
  const messages: SavedMessage[] = input === null || input.length === 0 ? [] : [bytesMessage('Message', input)];
  const protocol = netcat.has('-l') ? 'tcp-server' : 'tcp-client';
  if (netcat.has('-U')) {
    const path = given.positionals[0] ?? '';
    if (path === '') findings.leave(program, 'The path of the socket is missing.');
    else addPreset(findings, protocol, socketPath(path), options, messages);
    return;
  }
  const { host, port: text } = placeOf(netcat);
  const port = portText(text, protocol === 'tcp-server' ? 0 : 1);
  if (host === '' || port === null) {
    const what = [host, text].filter((part) => part !== '').join(' ');
    findings.leave(`${program} ${what}`.trim(), 'A host and one port as a number are needed.');
    return;
  }
  for (const more of given.positionals.slice(2)) findings.leave(`${program} ${more}`, 'Only one port is taken.');
  addPreset(findings, protocol, addressOf(host, port), options, messages);
}
