/** `nc` and `socat` that do what a TCP session does. Sources: nc(1) of netcat-openbsd, socat(1) 1.7.4. */
import { success, type Outcome } from '../errors.ts';
import { messageOf, placeOf, type CopyMessage, type CopyOptions, type CopyPlace, type CopySource } from './copy-job.ts';
import { printfArguments, shellQuote } from './shell-quote.ts';

export interface ShellCopy {
  readonly command: string;
  /** What the command does not say. */
  readonly notes: readonly string[];
}

/** `printf … |` before a command. */
export function piped(message: CopyMessage | null, command: string): string {
  if (message === null) return command;
  if (message.type === 'bytes') return `printf ${printfArguments(message.bytes)} | ${command}`;
  // A path that begins with - would be taken for an option.
  return `cat ${shellQuote(message.path.startsWith('-') ? `./${message.path}` : message.path)} | ${command}`;
}

function isPath(place: CopyPlace | { readonly path: string }): place is { readonly path: string } {
  return 'path' in place;
}

function unused(message: CopyMessage | null, behaviour: string): boolean {
  return message !== null && behaviour !== '' && behaviour !== 'none';
}

export function copyAsNetcat(source: CopySource, options: CopyOptions): Outcome<ShellCopy> {
  const role = source.protocol === 'tcp-server' ? 'server' : 'client';
  const place = placeOf(source.address, role);
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const words: string[] = ['nc'];
  if (role === 'server') words.push('-lk');
  if (isPath(place.value)) {
    const { path } = place.value;
    words.push('-U', path.startsWith('-') ? `./${path}` : path);
  } else {
    const { host, port } = place.value;
    const family = role === 'client' ? options.text('family') : '';
    if (family === '4' || family === '6') words.push(`-${family}`);
    const localPort = role === 'client' ? options.number('localPort') : null;
    const localAddress = role === 'client' ? options.text('localAddress') : '';
    if (localPort !== null) words.push('-p', String(localPort));
    if (localAddress !== '') words.push('-s', localAddress);
    if (role === 'server' && (host === '0.0.0.0' || host === '::')) words.push(host === '::' ? '-6' : '-4');
    if (localAddress.startsWith('-') || host.startsWith('-')) words.push('--');
    const isEverywhere = role === 'server' && /^(\*|0\.0\.0\.0|::)$/.test(host);
    if (!isEverywhere) words.push(host === '' ? '127.0.0.1' : host);
    words.push(port);
    if (role === 'server' && host === '::') options.flag('ipv6Only');
  }
  return success({
    command: piped(message, words.map(shellQuote).join(' ')),
    notes: [...notes, ...options.left('nc')],
  });
}

/** In an address of socat these mean something; variables are for a person to fill in and stay. */
function socatText(text: string): string {
  return text.replace(/\{\{[^{}]*\}\}|[\\,:!"'()[\]{}]/g, (piece) => (piece.length > 1 ? piece : `\\${piece}`));
}

function socatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : socatText(host);
}

const seconds = (ms: number): string => String(ms / 1000);

function socatNetwork(place: CopyPlace, role: 'client' | 'server', options: CopyOptions): string {
  const { host, port } = place;
  const more: string[] = [];
  const add = (text: string, value: string | null): void => {
    if (value !== null && value !== '') more.push(`${text}=${value}`);
  };
  let type: string;
  if (role === 'client') {
    const family = options.text('family');
    type = `TCP${family === '4' || family === '6' ? family : ''}:${socatHost(host)}`;
    const localAddress = options.text('localAddress');
    add('bind', localAddress === '' ? null : socatHost(localAddress));
    add('sourceport', options.number('localPort')?.toString() ?? null);
    const timeout = options.number('connectTimeout');
    if (timeout !== null && timeout > 0) add('connect-timeout', seconds(timeout));
  } else {
    const isIpv6 = host.includes(':') || host === '*';
    type = `TCP${isIpv6 ? '6' : ''}-LISTEN`;
    if (host !== '*') add('bind', host === '' ? '127.0.0.1' : socatHost(host));
    more.push('reuseaddr');
    if (options.flag('ipv6Only') === true) more.push('ipv6only=1');
    else if (host === '*') more.push('ipv6only=0');
    add('backlog', options.number('backlog')?.toString() ?? null);
  }
  if (options.flag('setNoDelay') === true) more.push('nodelay');
  if (options.flag('setKeepAlive') === true) more.push('keepalive');
  const delay = options.number('keepAliveInitialDelay');
  if (delay !== null && delay >= 1000) add('keepidle', String(Math.trunc(delay / 1000)));
  return [`${type}:${port}`, ...more].join(',');
}

export function copyAsSocat(source: CopySource, options: CopyOptions): Outcome<ShellCopy> {
  const role = source.protocol === 'tcp-server' ? 'server' : 'client';
  const place = placeOf(source.address, role);
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const behaviour = role === 'server' ? options.text('behaviour') : '';
  const unix = role === 'server' ? 'UNIX-LISTEN' : 'UNIX-CONNECT';
  let network = isPath(place.value)
    ? `${unix}:${socatText(place.value.path)}`
    : socatNetwork(place.value, role, options);
  if (role === 'server' && (behaviour === 'echo' || behaviour === 'discard')) {
    network += ',fork';
    const most = options.number('maxConnections');
    if (most !== null) network += `,max-children=${most}`;
  }
  if (unused(message, behaviour)) notes.push('the message is not sent: the server answers by itself');
  const words =
    behaviour === 'echo'
      ? [network, 'PIPE']
      : behaviour === 'discard'
        ? ['-u', network, 'OPEN:/dev/null']
        : // Without it, the end of the message would be the end of the connection.
          [message === null ? '-' : '-,ignoreeof', network];
  const command = ['socat', ...words].map(shellQuote).join(' ');
  return success({
    command: behaviour === 'echo' || behaviour === 'discard' ? command : piped(message, command),
    notes: [...notes, ...options.left('socat')],
  });
}
