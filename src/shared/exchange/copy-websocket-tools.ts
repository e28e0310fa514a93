/** `websocat` (1.x) and `wscat` that do what a WebSocket session does. Sources: as of command-websocat.ts and command-wscat.ts. */
import { success, type Outcome } from '../errors.ts';
import {
  handshakeHeaders,
  messageOf,
  placeOf,
  textOfBytes,
  webSocketPlace,
  type CopyMessage,
  type CopyOptions,
  type CopySource,
} from './copy-job.ts';
import { piped, type ShellCopy } from './copy-tcp-tools.ts';
import { shellQuote } from './shell-quote.ts';

/** Where a server listens, as both programs need it: without a scheme, and a host that is not left open. */
function listenPlace(address: string): Outcome<{ host: string; port: string }> {
  const place = placeOf(address.replace(/^\s*wss?:\/\/([^/]*)\/?\s*$/i, '$1'), 'server');
  if (!place.ok) return place;
  const value = 'path' in place.value ? { host: place.value.path, port: '' } : place.value;
  return success({ host: value.host === '' ? '127.0.0.1' : value.host, port: value.port });
}

/** Nothing of it can be told apart from a shorter one: both programs have no words for TLS of their own. */
function noteTls(source: CopySource, program: string, notes: string[]): void {
  if (/^\s*wss:/i.test(source.address))
    notes.push(`${program} is told nothing of a certificate: this server is without TLS`);
}

function websocatClient(source: CopySource, options: CopyOptions): Outcome<ShellCopy> {
  const place = webSocketPlace(source.address, options);
  if (!place.ok) return place;
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const words = ['websocat'];
  if (message !== null) words.push('-n', message.kind === 'binary' ? '-b' : '-t');
  if (message !== null) words.push(...lineMode(message));
  if (options.flag('rejectUnauthorized') === false) words.push('-k');
  const joined = (name: string, value: string): void => {
    if (value !== '') words.push(`--${name}=${value}`);
  };
  joined('origin', options.text('origin'));
  joined('protocol', options.names('subprotocols').join(', '));
  if (place.value.user !== null) joined('basic-auth', place.value.user);
  for (const [name, value] of handshakeHeaders(options)) joined('header', `${name}: ${value}`);
  joined('tls-domain', options.text('servername'));
  const interval = options.number('pingInterval');
  if (interval !== null && interval >= 1000) joined('ping-interval', String(Math.round(interval / 1000)));
  const proxy = options.text('proxy');
  if (proxy === 'socks5') joined('socks5', options.text('proxyAddress'));
  else if (proxy !== '' && proxy !== 'none') notes.push(`websocat has no proxy of the kind ${proxy}`);
  words.push(place.value.url);
  return success({
    command: piped(message, words.map(shellQuote).join(' ')),
    notes: [...notes, ...options.left('websocat')],
  });
}

/** A line is a message there. Several lines in one need another end, which none of them has. */
function lineMode(message: CopyMessage): readonly string[] {
  if (message.type === 'file') return ['--no-line'];
  if (!message.bytes.includes(0x0a)) return [];
  return message.bytes.includes(0) ? ['--no-line'] : ['-0'];
}

function websocatServer(source: CopySource, options: CopyOptions): Outcome<ShellCopy> {
  const place = listenPlace(source.address);
  if (!place.ok) return place;
  const notes: string[] = [];
  noteTls(source, 'websocat', notes);
  const message = messageOf(source.message, notes);
  const { host, port } = place.value;
  const bare = host === '*' ? '0.0.0.0' : host;
  const at = port === '' ? bare : `${bare.includes(':') ? `[${bare}]` : bare}:${port}`;
  const behaviour = options.text('behaviour');
  const words = ['websocat'];
  const joined = (name: string, value: string): void => {
    if (value !== '') words.push(`--${name}=${value}`);
  };
  const [subprotocol = '', ...others] = options.names('subprotocols');
  joined('server-protocol', subprotocol);
  if (others.length > 0) notes.push(`websocat speaks one subprotocol only, not ${others.join(', ')}`);
  const [path = '', ...paths] = options.names('paths');
  joined('restrict-uri', path);
  if (paths.length > 0) notes.push(`websocat serves one path only, not ${paths.join(', ')}`);
  for (const header of options.lines('responseHeaders')) joined('server-header', header);
  const most = options.number('maxConnections');
  if (most !== null) joined('conncap', String(most));
  if (port === '') words.push('-t', `ws-l-unix:${at}`, behaviour === 'echo' ? 'mirror:' : '-');
  else if (behaviour === 'echo') words.push('-t', `ws-l:${at}`, 'mirror:');
  else if (behaviour === 'broadcast') words.push('-t', `ws-l:${at}`, 'broadcast:mirror:');
  else words.push('-s', at);
  if (behaviour === 'ticker') notes.push('websocat has no ticker');
  const isBusy = behaviour !== '' && behaviour !== 'none';
  if (message !== null && isBusy) notes.push('the message is not sent: the server answers by itself');
  return success({
    command: piped(isBusy ? null : message, words.map(shellQuote).join(' ')),
    notes: [...notes, ...options.left('websocat')],
  });
}

export function copyAsWebsocat(source: CopySource, options: CopyOptions): Outcome<ShellCopy> {
  return source.protocol === 'websocket-server' ? websocatServer(source, options) : websocatClient(source, options);
}

/** What `wscat -x` can send: text without a zero, which ends an argument of a program. */
function wscatText(message: CopyMessage | null, notes: string[]): string | null {
  if (message === null) return null;
  const text = message.type === 'bytes' && message.kind === 'text' ? textOfBytes(message.bytes) : null;
  if (text !== null && !text.includes('\0')) return text;
  notes.push(message.type === 'file' ? 'wscat sends no files' : 'wscat sends text only: the message is not sent');
  return null;
}

/** For a part of a URL. Half a surrogate pair, which cannot be encoded, becomes U+FFFD. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\u{FFFD}'));
}

export function copyAsWscat(source: CopySource, options: CopyOptions): Outcome<ShellCopy> {
  const notes: string[] = [];
  const message = messageOf(source.message, notes);
  const words = ['wscat'];
  if (source.protocol === 'websocket-server') {
    const place = listenPlace(source.address);
    if (!place.ok) return place;
    noteTls(source, 'wscat', notes);
    if (place.value.host !== '*') notes.push('wscat listens on every interface: other machines may connect');
    if (message !== null) notes.push('wscat sends only what is typed');
    words.push('-l', place.value.port);
    return success({ command: words.map(shellQuote).join(' '), notes: [...notes, ...options.left('wscat')] });
  }
  const place = webSocketPlace(source.address, options);
  if (!place.ok) return place;
  const joined = (name: string, value: string): void => {
    if (value !== '') words.push(`--${name}=${value}`);
  };
  words.push('-c', place.value.url);
  joined('origin', options.text('origin'));
  for (const name of options.names('subprotocols')) joined('subprotocol', name);
  if (place.value.user !== null) joined('auth', place.value.user);
  for (const [name, value] of handshakeHeaders(options)) joined('header', `${name}: ${value}`);
  if (options.flag('rejectUnauthorized') === false) words.push('--no-check');
  const redirects = options.number('redirects');
  if (redirects !== null && redirects > 0) words.push('--location', `--max-redirects=${redirects}`);
  const proxy = options.text('proxy');
  if (proxy === 'http') {
    const name = options.text('proxyName');
    const user = name === '' ? '' : `${encoded(name)}:${encoded(options.text('proxyPassword'))}@`;
    joined('proxy', `http://${user}${options.text('proxyAddress')}`);
  } else if (proxy !== '' && proxy !== 'none') notes.push(`wscat has no proxy of the kind ${proxy}`);
  const text = wscatText(message, notes);
  // It holds the connection open; without it, wscat closes after two seconds.
  if (text !== null) words.push(`--execute=${text}`, '--wait=-1');
  return success({ command: words.map(shellQuote).join(' '), notes: [...notes, ...options.left('wscat')] });
}
