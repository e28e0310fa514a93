/**
 * The head of an HTTP/1.1 message: start line and header fields (RFC 9112 §2), read and written byte for byte. The
 * handshake of WebSocket is one such message each way (RFC 6455 §4).
 */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { HANDSHAKE_HEAD_BYTES } from '../../shared/websocket-limits.ts';

/** As it stands on the wire; names keep their case. */
export type Header = readonly [name: string, value: string];

export interface HttpHead {
  /** Request line or status line. */
  readonly start: string;
  readonly headers: readonly Header[];
}

/** Characters of a field name and of a method (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CR = 13;
const LF = 10;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Collects bytes until a head is whole. */
export class HeadReader {
  #bytes = Buffer.alloc(0);

  /** What has come up to now. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /**
   * @param bytes are copied
   * @returns null while the head is not whole; then where it ends in `bytes`, behind the empty line; -1 when it is too long
   */
  push(bytes: Uint8Array): number | null {
    const from = Math.max(0, this.#bytes.length - 3);
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const end = headEnd(this.#bytes, from);
    if (end === null) return this.#bytes.length > HANDSHAKE_HEAD_BYTES ? -1 : null;
    return end > HANDSHAKE_HEAD_BYTES ? -1 : end;
  }
}

/** Lines end with CR LF; a single LF is taken, too, as RFC 9112 §2.2 allows. */
function headEnd(bytes: Uint8Array, from: number): number | null {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] === LF || (bytes[at - 1] === CR && bytes[at - 2] === LF)) return at + 1;
  }
  return null;
}

/** @returns null when a line is no header field */
export function parseHead(bytes: Uint8Array): HttpHead | null {
  const [start = '', ...lines] = decoder.decode(bytes).split(/\r?\n/);
  const headers: [string, string][] = [];
  for (const line of lines) {
    if (line === '') continue;
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      // A value that goes on in the next line (RFC 9112 §5.2).
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!TOKEN.test(name)) return null;
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return { start, headers };
}

export function formatHead(head: HttpHead): Uint8Array {
  return encoder.encode([head.start, ...head.headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'));
}

/** All values of that name, in their order; upper and lower case are the same. */
export function valuesOf(headers: readonly Header[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([one]) => one.toLowerCase() === wanted).map(([, value]) => value);
}

/** The first of them, or null. */
export function valueOf(headers: readonly Header[], name: string): string | null {
  return valuesOf(headers, name)[0] ?? null;
}

/** Parts of a list (RFC 9110 §5.6.1), over all fields of that name, without empty ones. */
export function listOf(headers: readonly Header[], name: string): readonly string[] {
  return splitList(valuesOf(headers, name).join(','));
}

export function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What would end a header field, or start another. */
export function isHeaderValue(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}

/**
 * Reads what a person typed: one `Name: value` a line, empty lines between them.
 * @returns error `bad-option` with `field`
 */
export function parseHeaderLines(text: string, field: string): Outcome<readonly Header[]> {
  const headers: Header[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (!TOKEN.test(name) || !isHeaderValue(line)) {
      const message = `Line ${index + 1} of the headers is no header.`;
      return failure('bad-option', message, 'Write each as Name: value in a line of its own.', { field });
    }
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return success(headers);
}

/** `HTTP/1.1 404 Not Found` (RFC 9112 §4), or null when it is no status line. */
export function parseStatusLine(line: string): { readonly status: number; readonly reason: string } | null {
  const match = /^HTTP\/\d\.\d (\d{3})(?: (.*))?$/.exec(line);
  return match === null ? null : { status: Number(match[1]), reason: (match[2] ?? '').trim() };
}
