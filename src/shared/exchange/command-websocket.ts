/** What `websocat` and `wscat` have in common. */
import { REDIRECTS_MOST } from '../websocket-limits.ts';
import { millisecondsOf, type Values } from './command-parts.ts';
import type { Findings } from './findings.ts';

/** Options of a WebSocket client, put together from those of a command line. */
export class ClientOptions {
  readonly values: Values = {};
  readonly #headers: string[] = [];
  readonly #subprotocols: string[] = [];
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** `Name: value`, as `-H` takes it. */
  header(text: string): void {
    const colon = text.indexOf(':');
    const name = text.slice(0, colon).trim();
    const value = text.slice(colon + 1).trim();
    if (colon < 1 || /\p{Cc}/u.test(text)) this.#findings.leave(`header ${text}`, 'It is not Name: value.');
    else if (/^origin$/i.test(name)) this.values.origin = value;
    else if (/^cookie$/i.test(name)) this.values.cookies = value;
    else if (/^sec-websocket-protocol$/i.test(name)) this.subprotocols(value);
    else if (/^authorization$/i.test(name) && /^bearer\s+\S/i.test(value)) {
      Object.assign(this.values, { auth: 'bearer', authToken: value.replace(/^bearer\s+/i, '') });
    } else this.#headers.push(`${name}: ${value}`);
  }

  subprotocols(text: string): void {
    this.#subprotocols.push(
      ...text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
  }

  /** `name:password`. */
  basic(text: string): void {
    const colon = text.indexOf(':');
    Object.assign(this.values, {
      auth: 'basic',
      authName: colon === -1 ? text : text.slice(0, colon),
      authPassword: colon === -1 ? '' : text.slice(colon + 1),
    });
  }

  proxy(kind: 'http' | 'socks5', address: string): void {
    const bare = address.replace(/^[a-z0-9]+:\/\//i, '').replace(/\/$/, '');
    const at = bare.lastIndexOf('@');
    Object.assign(this.values, { proxy: kind, proxyAddress: bare.slice(at + 1) });
    if (at === -1) return;
    const [name = '', ...password] = bare.slice(0, at).split(':');
    Object.assign(this.values, { proxyName: name, proxyPassword: password.join(':') });
  }

  seconds(option: string, name: string, text: string): void {
    const ms = millisecondsOf(text);
    if (ms === null) this.#findings.leave(`${option} ${text}`, 'It is no time.');
    else this.values[name] = ms;
  }

  redirects(count: number): void {
    this.values.redirects = Math.min(Math.max(Math.trunc(count), 0), REDIRECTS_MOST);
  }

  reconnect(): void {
    Object.assign(this.values, { reconnect: 'always', reconnectLimit: 0 });
  }

  finish(): Values {
    const values = { ...this.values };
    if (this.#headers.length > 0) values.headers = this.#headers.join('\n');
    if (this.#subprotocols.length > 0) values.subprotocols = this.#subprotocols.join(', ');
    return values;
  }
}

/** What a server is told to listen on: a port alone is one interface, or all of them. */
export function listenAddress(text: string, everyInterface: boolean): string {
  return /^\d+$/.test(text) ? `${everyInterface ? '*' : '127.0.0.1'}:${text}` : text;
}
