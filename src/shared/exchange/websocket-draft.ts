/** A WebSocket client that an import describes: address, headers and authorization, as the options of ours. */
import { TIMER_MAX_MS } from '../limits.ts';
import { isOnlyVariables } from '../preset-secrets.ts';
import type { SavedMessage } from '../preset.ts';
import { REDIRECTS_MOST } from '../websocket-limits.ts';
import type { Findings, OptionValues } from './findings.ts';
import type { Templates } from './templates.ts';

/** What the handshake writes by itself; other tools show these headers without their values. */
const ownHeaders = new Set([
  'connection',
  'upgrade',
  'host',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Percent-encodes a part of a query; variables in it stay, and so does what is encoded already. */
function encodePart(text: string): string {
  return text.replace(/\{\{[^{}]*\}\}|%[0-9a-fA-F]{2}|[^{%]+|[{%]/g, (piece) =>
    /^(\{\{|%[0-9a-fA-F]{2})/.test(piece) ? piece : encodeURIComponent(piece.replace(/\p{Cs}/gu, '\u{FFFD}')),
  );
}

export interface Parameter {
  readonly name: string;
  readonly value: string;
}

export class WebSocketDraft {
  readonly #name: string;
  readonly #folders: readonly string[];
  readonly #findings: Findings;
  readonly #templates: Templates;
  readonly #options: Record<string, string | number | boolean> = {};
  readonly #headers: string[] = [];
  readonly #subprotocols: string[] = [];
  readonly #messages: SavedMessage[] = [];
  #address = '';
  #notes = '';

  constructor(folders: readonly string[], name: string, findings: Findings, templates: Templates) {
    this.#folders = folders;
    this.#name = name;
    this.#findings = findings;
    this.#templates = templates;
  }

  get where(): string {
    return [...this.#folders, this.#name].join(' / ');
  }

  leave(what: string, why: string): void {
    this.#findings.leave(`${this.where} › ${what}`, why);
  }

  #convert(text: string, what: string): string {
    return this.#templates.convert(text, `${this.where} › ${what}`);
  }

  /**
   * @param parameters of the query, appended
   * @param inPath what stands for `:name` in the path
   */
  address(url: string, parameters: readonly Parameter[] = [], inPath: readonly Parameter[] = []): void {
    let address = this.#convert(url.trim(), 'address').replace(/^http(s?):/i, 'ws$1:');
    if (address !== '' && !/^(wss?:\/\/|\{\{)/i.test(address)) address = `ws://${address}`;
    for (const { name, value } of inPath) {
      const place = `:${name.replace(/^:/, '')}`;
      const text = encodePart(this.#convert(value, `:${name}`));
      const [path = '', ...rest] = address.split('?');
      // Behind scheme and host.
      const parts = path.split('/').map((part, index) => (index > 2 && part === place ? text : part));
      address = [parts.join('/'), ...rest].join('?');
    }
    const query = parameters
      .map(({ name, value }) =>
        [name, value].map((part) => encodePart(this.#convert(part, `parameter ${name}`))).join('='),
      )
      .join('&');
    if (query !== '') address += (address.includes('?') ? '&' : '?') + query;
    const user = /^(wss?:\/\/)([^/?#@]*)@/i.exec(address);
    if (user !== null) {
      address = (user[1] ?? '') + address.slice(user[0].length);
      const [name = '', ...password] = (user[2] ?? '').split(':').map((part) => this.#decoded(part));
      this.#setBasic(name, password.join(':'));
    }
    this.#address = address;
  }

  #decoded(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      // A lone percent sign: it was meant as it stands.
      return text;
    }
  }

  header(rawName: string, rawValue: string): void {
    const name = this.#convert(rawName.trim(), 'header');
    const value = this.#convert(rawValue.trim(), `header ${rawName}`);
    const lower = name.toLowerCase();
    if (name === '') return;
    if (ownHeaders.has(lower)) this.leave(`header ${name}`, 'The handshake writes it by itself.');
    else if (!TOKEN.test(name.replace(/\{\{[^{}]*\}\}/g, 'x')) || /[\p{Cc}]/u.test(value)) {
      this.leave(`header ${name}`, 'It has a character that no header can have.');
    } else if (lower === 'sec-websocket-protocol') this.subprotocols(value.split(','));
    else if (lower === 'origin') this.#options.origin = value;
    else if (lower === 'cookie') this.#options.cookies = value;
    else if (lower === 'authorization' && /^bearer\s/i.test(value)) this.#setBearer(value.slice(7).trim());
    else if (lower === 'authorization' && !isOnlyVariables(value)) {
      const scheme = /^\S+\s/.exec(value)?.[0] ?? '';
      this.#headers.push(`${name}: ${scheme}${this.#secret(value.slice(scheme.length), 'authorization')}`);
    } else this.#headers.push(`${name}: ${value}`);
  }

  subprotocols(names: readonly string[]): void {
    this.#subprotocols.push(...names.map((name) => name.trim()).filter((name) => name !== ''));
  }

  basic(name: string, password: string): void {
    this.#setBasic(this.#convert(name, 'name'), this.#convert(password, 'password'));
  }

  bearer(token: string): void {
    this.#setBearer(this.#convert(token, 'token'));
  }

  #setBasic(name: string, password: string): void {
    Object.assign(this.#options, {
      auth: 'basic',
      authName: name,
      authPassword: this.#secret(password, 'password'),
    });
  }

  #setBearer(token: string): void {
    Object.assign(this.#options, { auth: 'bearer', authToken: this.#secret(token, 'token') });
  }

  /** What stands in the file for a secret: a variable whose value goes to the key store. */
  #secret(value: string, what: string): string {
    if (value.trim() === '' || isOnlyVariables(value)) return value;
    const { vault } = this.#findings;
    const name = vault.freeName(`${this.#name.trim().replace(/\s+/g, '-')}-${what}`.slice(-80));
    const problem = vault.add(name, value, true);
    if (problem !== null) {
      this.leave(what, problem);
      return '';
    }
    this.leave(what, `It is kept as the secret {{${name}}} of the environment, not in the file.`);
    return `{{${name}}}`;
  }

  /** Does not check the certificate of the server. */
  insecure(): void {
    this.#options.rejectUnauthorized = false;
  }

  followRedirects(count: number): void {
    this.#options.redirects = Math.min(Math.max(Math.trunc(count), 0), REDIRECTS_MOST);
  }

  /** @param name of an option that is a time in ms */
  time(name: 'handshakeTimeout' | 'reconnectDelay' | 'connectTimeout' | 'pingInterval', ms: number): void {
    this.#options[name] = Math.min(Math.max(Math.round(ms), 0), TIMER_MAX_MS);
  }

  option(name: string, value: string | number | boolean): void {
    this.#options[name] = value;
  }

  notes(text: string): void {
    this.#notes = text;
  }

  message(message: SavedMessage): void {
    this.#messages.push(message);
  }

  finish(): void {
    const options: Record<string, string | number | boolean> = { ...this.#options };
    if (this.#headers.length > 0) options.headers = this.#headers.join('\n');
    if (this.#subprotocols.length > 0) options.subprotocols = this.#subprotocols.join(', ');
    const checked: OptionValues = options;
    this.#findings.preset(this.#folders, {
      name: this.#name,
      protocol: 'websocket-client',
      address: this.#address,
      options: checked,
      notes: this.#notes,
      messages: this.#messages,
    });
  }
}
