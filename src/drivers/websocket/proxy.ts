/** Through a proxy: which one, and what is said to it. HTTP CONNECT is RFC 9110 §9.3.6, SOCKS 5 RFC 1928. */
import { formatEndpoint, parseEndpoint } from '../../shared/address.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { DriverContext } from '../driver.ts';
import { stopped } from '../net/lookup.ts';
import { converse, type Conversation, type Wire } from '../net/wire.ts';
import type { Place } from './dial.ts';
import { formatHead, HeadReader, parseHead, parseStatusLine, type Header } from './http-head.ts';
import {
  connectMessage,
  greeting,
  passwordMessage,
  readConnectAnswer,
  readMethod,
  readPasswordAnswer,
  SOCKS_TEXT_BYTES,
  type SocksAnswer,
} from './socks5.ts';

export interface Proxy extends Place {
  readonly type: 'http' | 'socks5';
  /** '' when it wants none. */
  readonly name: string;
  readonly password: string;
}

type Context = Pick<DriverContext, 'record'>;

export function proxyName(proxy: Proxy): string {
  return formatEndpoint({ type: 'ip', host: proxy.host, port: proxy.port });
}

/** `proxy-failed`: in the words of all that can go wrong with one. */
export function proxyFailed(proxy: Proxy, what: string, hint: string): Outcome<never> {
  return failure('proxy-failed', `The proxy ${proxyName(proxy)} makes no connection: ${what}.`, hint);
}

const CHECK_TYPE = 'Check that a proxy of this kind listens there.';

function noAnswer(proxy: Proxy, result: Exclude<Conversation<unknown>, { type: 'answer' }>): Outcome<never> {
  if (result.type === 'stopped') return stopped;
  const how = result.type === 'failed' ? result.error.message : 'it closed the connection without an answer';
  return proxyFailed(proxy, how, CHECK_TYPE);
}

async function ask<T extends SocksAnswer>(
  wire: Wire,
  message: Uint8Array,
  read: (bytes: Uint8Array) => T | null,
  stop: AbortSignal,
): Promise<Conversation<T>> {
  let seen: Uint8Array = new Uint8Array(0);
  wire.socket.write(message);
  return converse(
    wire,
    (bytes) => {
      seen = Buffer.concat([seen, bytes]);
      const answer = read(seen);
      return answer === null ? null : { value: answer, rest: seen.subarray(answer.length) };
    },
    stop,
  );
}

async function throughSocks(
  wire: Wire,
  proxy: Proxy,
  to: Place,
  context: Context,
  stop: AbortSignal,
): Promise<Outcome> {
  const say = (direction: 'in' | 'out', message: string): void => {
    context.record('proxy', direction, 0, null, { type: 'socks5', message });
  };
  if ([proxy.name, proxy.password, to.host].some((text) => Buffer.byteLength(text) > SOCKS_TEXT_BYTES)) {
    return proxyFailed(proxy, `SOCKS 5 has no names or passwords longer than ${SOCKS_TEXT_BYTES} bytes`, '');
  }
  const hint = proxy.name === '' ? 'Does it need a name and a password?' : 'Check its name and password.';
  say('out', 'greeting');
  const method = await ask(wire, greeting(proxy.name !== ''), readMethod, stop);
  if (method.type !== 'answer') return noAnswer(proxy, method);
  say('in', method.value.problem ?? (method.value.wantsPassword ? 'name and password, please' : 'no password needed'));
  if (method.value.problem !== null) return proxyFailed(proxy, method.value.problem, hint);
  if (method.value.wantsPassword) {
    say('out', `name ${proxy.name} and password`);
    const answer = await ask(wire, passwordMessage(proxy.name, proxy.password), readPasswordAnswer, stop);
    if (answer.type !== 'answer') return noAnswer(proxy, answer);
    say('in', answer.value.problem ?? 'accepted');
    if (answer.value.problem !== null) return proxyFailed(proxy, answer.value.problem, hint);
  }
  say('out', `connect to ${formatEndpoint({ type: 'ip', ...to })}`);
  const answer = await ask(wire, connectMessage(to.host, to.port), readConnectAnswer, stop);
  if (answer.type !== 'answer') return noAnswer(proxy, answer);
  say('in', answer.value.problem ?? 'connected');
  if (answer.value.problem === null) return success();
  return proxyFailed(proxy, answer.value.problem, `It was asked for ${formatEndpoint({ type: 'ip', ...to })}.`);
}

async function throughHttp(wire: Wire, proxy: Proxy, to: Place, context: Context, stop: AbortSignal): Promise<Outcome> {
  const target = formatEndpoint({ type: 'ip', ...to });
  const credentials = Buffer.from(`${proxy.name}:${proxy.password}`).toString('base64');
  const request = (authorization: string): Uint8Array => {
    const headers: Header[] = [['Host', target]];
    if (proxy.name !== '') headers.push(['Proxy-Authorization', `Basic ${authorization}`]);
    return formatHead({ start: `CONNECT ${target} HTTP/1.1`, headers });
  };
  context.record('proxy', 'out', 0, request('•••'), { type: 'http' });
  wire.socket.write(request(credentials));
  const reader = new HeadReader();
  const result = await converse(
    wire,
    (bytes) => {
      const end = reader.push(bytes);
      if (end === null) return null;
      const whole = reader.bytes;
      return end === -1
        ? { value: whole, rest: whole.subarray(whole.length) }
        : { value: whole.subarray(0, end), rest: whole.subarray(end) };
    },
    stop,
  );
  if (result.type !== 'answer') return noAnswer(proxy, result);
  const status = parseStatusLine(parseHead(result.value)?.start ?? '');
  context.record('proxy', 'in', 0, result.value, { type: 'http', ...status });
  if (status === null) return proxyFailed(proxy, 'what it answers is not HTTP', CHECK_TYPE);
  if (status.status >= 200 && status.status < 300) return success();
  const words = `it answered ${`${status.status} ${status.reason}`.trim()}`;
  if (status.status !== 407) return proxyFailed(proxy, words, `It was asked for ${target}.`);
  return proxyFailed(
    proxy,
    words,
    proxy.name === '' ? 'It needs a name and a password.' : 'Check its name and password.',
  );
}

/** Makes a connection to a proxy one to `to`. Whatever comes out, the socket is the caller's. */
export function throughProxy(
  wire: Wire,
  proxy: Proxy,
  to: Place,
  context: Context,
  stop: AbortSignal,
): Promise<Outcome> {
  return (proxy.type === 'socks5' ? throughSocks : throughHttp)(wire, proxy, to, context, stop);
}

export interface ProxyOptions {
  readonly proxy: 'none' | 'system' | 'http' | 'socks5';
  readonly proxyAddress: string;
  readonly proxyName: string;
  readonly proxyPassword: string;
}

/** @returns null when none is to be used; errors `bad-option` with `field`, `proxy-failed` for what the environment says */
export function chooseProxy(
  options: ProxyOptions,
  to: Place & { readonly secure: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Outcome<Proxy | null> {
  if (options.proxy === 'none') return success(null);
  if (options.proxy === 'system') return systemProxy(to, environment);
  const endpoint = parseEndpoint(options.proxyAddress, 'client');
  if (endpoint.ok && endpoint.value.type === 'ip') {
    const { host, port } = endpoint.value;
    return success({ type: options.proxy, host, port, name: options.proxyName, password: options.proxyPassword });
  }
  const problem = endpoint.ok ? 'The address of the proxy is a path.' : endpoint.error.message;
  return failure('bad-option', problem, 'Write host:port, for example 127.0.0.1:3128.', { field: 'proxyAddress' });
}

/** The variables as curl and most others read them (curl(1), "ENVIRONMENT"). */
function systemProxy(
  to: Place & { readonly secure: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Outcome<Proxy | null> {
  const read = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const variable = to.secure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const named = read(variable) === '' ? 'ALL_PROXY' : variable;
  const text = read(named);
  if (text === '' || isExcluded(to, read('NO_PROXY'))) return success(null);
  const bad = failure(
    'proxy-failed',
    `${named} in the environment is no address of a proxy.`,
    'It should be http://host:port or socks5://host:port.',
  );
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    const isSocks = /^socks(5h?)?:$/.test(url.protocol);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if ((!isSocks && url.protocol !== 'http:') || host === '') return bad;
    return success({
      type: isSocks ? 'socks5' : 'http',
      host,
      port: url.port === '' ? (isSocks ? 1080 : 80) : Number(url.port),
      name: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    });
  } catch {
    return bad;
  }
}

/** `*`, or names with what belongs to them, each with a port where only that is meant. */
function isExcluded(to: Place, list: string): boolean {
  const host = to.host.toLowerCase();
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase().replace(/^\*?\./, '')) ?? [];
      if (port !== undefined && Number(port) !== to.port) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}
