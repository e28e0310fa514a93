/** `wscat` as a preset. Source: bin/wscat 6.1 of github.com/websockets/wscat. */
import { textMessage } from './found-message.ts';
import { readOptions, type GivenOption, type OptionSpec } from './command-options.ts';
import { addPreset, leaveUnknown, type Command } from './command-parts.ts';
import { ClientOptions, listenAddress } from './command-websocket.ts';
import type { Findings } from './findings.ts';

const flag = (...names: readonly string[]): OptionSpec => ({ names });
const valued = (...names: readonly string[]): OptionSpec => ({ names, takes: 'value' });

const options: readonly OptionSpec[] = [
  valued('-c', '--connect'),
  valued('-l', '--listen'),
  valued('-H', '--header'),
  valued('-s', '--subprotocol'),
  valued('-o', '--origin'),
  valued('--auth'),
  valued('--host'),
  valued('-x', '--execute'),
  valued('-w', '--wait'),
  valued('-p', '--protocol'),
  valued('--proxy'),
  valued('--ca'),
  valued('--cert'),
  valued('--key'),
  { names: ['--passphrase'], takes: 'joined' },
  { names: ['--max-redirects'], takes: 'value' },
  flag('-L', '--location'),
  flag('-n', '--no-check'),
  flag('-P', '--show-ping-pong'),
  flag('--slash'),
  flag('--no-color'),
];

const reasons: ReadonlyMap<string, string> = new Map([
  ['-w', 'The session stays open until somebody closes it.'],
  ['-P', 'Pings and pongs are always shown.'],
  ['--slash', 'Ping, pong and close are buttons.'],
  ['--no-color', 'It changes only what is printed.'],
  ['--ca', 'The file is not read: paste the certificate into the option ca.'],
  ['--cert', 'Certificates of the client are not there.'],
  ['--key', 'Certificates of the client are not there.'],
  ['--passphrase', 'Certificates of the client are not there.'],
]);

function apply({ name, value }: GivenOption, client: ClientOptions): boolean {
  switch (name) {
    case '-c':
    case '-l':
    case '-x':
    case '--max-redirects':
      return true;
    case '-H':
      client.header(value);
      return true;
    case '-s':
      client.subprotocols(value);
      return true;
    case '-o':
      client.values.origin = value;
      return true;
    case '--auth':
      client.basic(value);
      return true;
    case '--host':
      client.header(`Host: ${value}`);
      return true;
    case '-p':
      client.header(`Sec-WebSocket-Version: ${value}`);
      return true;
    case '--proxy':
      client.proxy('http', value);
      return true;
    case '-n':
      client.values.rejectUnauthorized = false;
      return true;
    default:
      return false;
  }
}

/** Adds the preset that the command line is, or lists why it is none. */
export function readWscat({ args, input }: Command, findings: Findings): void {
  const given = readOptions(args, options);
  leaveUnknown('wscat', given, findings);
  for (const word of given.positionals) findings.leave(`wscat ${word}`, 'A word that belongs to no option.');
  const valueOf = (name: string): string | undefined => given.options.find((option) => option.name === name)?.value;
  const client = new ClientOptions(findings);
  const listens = valueOf('-l');
  for (const option of given.options) {
    const { name, value } = option;
    if (name === '-L') client.redirects(Number(valueOf('--max-redirects') ?? 10) || 0);
    else if (name === '-l' || (listens === undefined && apply(option, client))) continue;
    else findings.leave(`wscat ${name} ${value}`.trim(), reasons.get(name) ?? 'An option that is not there.');
  }
  const messages = given.options
    .filter(({ name }) => name === '-x')
    .map(({ value }, index) => textMessage(`Message ${index + 1}`, value, null, 'wscat -x'));
  if (input !== null) {
    const lines = new TextDecoder().decode(input).split('\n');
    if (lines.at(-1) === '') lines.pop();
    messages.push(...lines.map((line, index) => textMessage(`Line ${index + 1}`, line, null, 'standard input')));
  }
  if (listens !== undefined) {
    addPreset(findings, 'websocket-server', listenAddress(listens, true), {}, messages);
    return;
  }
  const url = valueOf('-c') ?? '';
  if (url === '') {
    findings.leave('wscat', 'An address is needed: -c and a URL, or -l and a port.');
    return;
  }
  const address = /^(?:[a-z][a-z0-9.+-]*:\/\/|\{\{)/i.test(url) ? url : `ws://${url}`;
  addPreset(findings, 'websocket-client', address, client.finish(), messages);
}
