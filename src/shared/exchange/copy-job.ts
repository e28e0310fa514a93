/** What is to be written down as a command line or as code: the parts of a preset that other programs have as well. */
import { parseEndpoint, type Endpoint } from '../address.ts';
import { failure, success, type Outcome } from '../errors.ts';
import { encodeMessage } from '../message-format.ts';
import type { SavedMessage } from '../preset.ts';
import { composerSchema } from '../workspace.ts';
import type { OptionValues } from './findings.ts';

export interface CopySource {
  readonly protocol: string;
  readonly address: string;
  /** Only what differs from the defaults: whatever is in it and has no match is told of. */
  readonly options: OptionValues;
  /** What is sent when it is open; null: what is typed. */
  readonly message: SavedMessage | null;
}

export type CopyMessage =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly kind: 'text' | 'binary' }
  | { readonly type: 'file'; readonly path: string; readonly kind: 'text' | 'binary' };

/** The options of a preset; each that is asked for counts as said. */
export class CopyOptions {
  readonly #values: OptionValues;
  readonly #used = new Set<string>();

  constructor(values: OptionValues) {
    this.#values = values;
  }

  /** Text; empty when it is not set. */
  text(name: string): string {
    const value = this.#take(name);
    return typeof value === 'string' ? value : '';
  }

  number(name: string): number | null {
    const value = this.#take(name);
    return typeof value === 'number' ? value : null;
  }

  flag(name: string): boolean | null {
    const value = this.#take(name);
    return typeof value === 'boolean' ? value : null;
  }

  /** Lines that are not empty. */
  lines(name: string): readonly string[] {
    return this.text(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }

  /** Names with commas between them. */
  names(name: string): readonly string[] {
    return this.text(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  /** Options that nobody has asked for, as sentences. Long values, which may be certificates or secrets, are left out. */
  left(program: string): readonly string[] {
    return Object.entries(this.#values)
      .filter(([name]) => !this.#used.has(name))
      .map(([name, value]) => {
        const isShort = String(value).length <= 60 && !/password|token|key/i.test(name);
        return `${program} has no option for ${name}${isShort ? `: ${String(value)}` : ''}`;
      });
  }

  #take(name: string): string | number | boolean | null {
    this.#used.add(name);
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? null) : null;
  }
}

/** Host and port as words; either may be a variable. */
export interface CopyPlace {
  readonly host: string;
  readonly port: string;
}

const VARIABLE = /\{\{[^{}]*\}\}/g;

/**
 * Where to, with variables left as they are.
 * @returns error `bad-address` when host and port cannot be told apart
 */
export function placeOf(address: string, role: 'client' | 'server'): Outcome<CopyPlace | { readonly path: string }> {
  // Variables become names and numbers for a while, so that the parser sees an address like any other.
  const variables: string[] = [];
  const hidden = address.replace(VARIABLE, (variable, at: number, whole: string) => {
    variables.push(variable);
    const isPort = whole.slice(0, at).endsWith(':') && at + variable.length === whole.trimEnd().length;
    return isPort ? String(65_535 - variables.length) : `variable-${variables.length - 1}x`;
  });
  const parsed: Outcome<Endpoint> = parseEndpoint(hidden, role);
  if (!parsed.ok) {
    return variables.length === 0
      ? parsed
      : failure(
          'bad-address',
          `${address} is not host:port before its variables are filled in.`,
          'Fill them in first.',
        );
  }
  const shown = (text: string): string =>
    text.replace(/variable-(\d+)x/g, (name, index: string) => variables[Number(index)] ?? name);
  if (parsed.value.type === 'path') return success({ path: shown(parsed.value.path) });
  const { host, port } = parsed.value;
  const variable = variables[65_535 - port - 1];
  const isVariable = variable !== undefined && address.trimEnd().endsWith(`:${variable}`);
  return success({ host: shown(host), port: isVariable ? variable : String(port) });
}

/** The message as bytes, or the file that it is. Null and told of when no program could send it. */
export function messageOf(message: SavedMessage | null, notes: string[]): CopyMessage | null {
  if (message === null) return null;
  const { format, content, lineEnding, encoding } = message;
  const usual = format === 'Text' || format === 'JSON' ? 'text' : 'binary';
  const kind = message.kind === 'text' || message.kind === 'binary' ? message.kind : usual;
  if (format === 'File') return { type: 'file', path: content, kind };
  // A frame has no content of its own; it is refused like what cannot be read.
  const typed = format === 'Frame' ? {} : { [format.toLowerCase()]: content };
  const draft = composerSchema.parse({ format, lineEnding, encoding, ...typed });
  const encoded = encodeMessage(draft);
  if (encoded.ok) return { type: 'bytes', bytes: encoded.value, kind };
  notes.push(`the message is not sent: ${encoded.error.message}`);
  return null;
}

/** The text that bytes are; null when they are not UTF-8. */
export function textOfBytes(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** On one line of a comment, whatever stands in it: a line break would begin a line that is run. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** A WebSocket address, its credentials apart. */
export function webSocketPlace(address: string, options: CopyOptions): Outcome<{ url: string; user: string | null }> {
  const trimmed = address.trim();
  if (!/^(wss?:\/\/|\{\{)/i.test(trimmed) || /[\p{Cc}\s]/u.test(trimmed.replace(VARIABLE, ''))) {
    return failure(
      'bad-address',
      `${commentText(address)} is no address of WebSocket.`,
      'It begins with ws:// or wss://.',
    );
  }
  const user = /^(wss?:\/\/)([^/?#@]*)@/i.exec(trimmed);
  const url = user === null ? trimmed : (user[1] ?? '') + trimmed.slice(user[0].length);
  if (options.text('auth') === 'basic') {
    return success({ url, user: `${options.text('authName')}:${options.text('authPassword')}` });
  }
  return success({ url, user: user === null ? null : decoded(user[2] ?? '') });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: it was meant as it stands.
    return text;
  }
}

/** Headers of the handshake as names and values, with those that have options of their own here. */
export function handshakeHeaders(options: CopyOptions): readonly (readonly [string, string])[] {
  const pairs = options.lines('headers').map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    return colon === -1 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const cookies = options.text('cookies');
  const token = options.text('authToken');
  return [
    ...pairs,
    ...(cookies === '' ? [] : [['Cookie', cookies] as const]),
    ...(options.text('auth') === 'bearer' ? [['Authorization', `Bearer ${token}`] as const] : []),
  ];
}
