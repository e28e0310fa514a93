/**
 * Takes secrets out of what people read: errors, facts, descriptions of events. The bytes of a message are what was on
 * the wire, and stay as they are.
 */
import { domainToASCII } from 'node:url';
import { MASK } from '../../shared/credentials.ts';
import type { WireError } from '../../shared/errors.ts';
import { SHORT_SECRET_CHARACTERS } from '../../shared/preset-limits.ts';

/** Characters at which a text is cut where it is too long to be quoted. */
const CUT = '…';

/** Says nothing about an address. */
const SCHEME = /^(?:wss?|https?|tcp|unix)$/iu;

type Value = string | number | boolean | null;

export class SecretMask {
  /** Every form in which a secret may appear, longest first: in lower case, as they are compared. */
  #forms: readonly string[] = [];
  /** And whether they were used in an address. */
  readonly #secrets = new Map<string, boolean>();
  #pattern: RegExp | null = null;

  /** Secrets that were used, and are not shown from now on. @param isInAddress parts of them are not, either */
  add(secrets: Iterable<string>, isInAddress = false): void {
    let isNew = false;
    for (const secret of secrets) {
      const known = this.#secrets.get(secret);
      if (secret === '' || known === true || known === isInAddress) continue;
      this.#secrets.set(secret, isInAddress);
      isNew = true;
    }
    if (!isNew) return;
    const forms = new Set([...this.#secrets].flatMap(([secret, inAddress]) => formsOf(secret, inAddress)));
    forms.delete('');
    this.#forms = [...forms].sort((one, other) => other.length - one.length);
    this.#pattern = new RegExp(this.#forms.map(patternOf).join('|'), 'giu');
  }

  text(text: string): string {
    if (this.#pattern === null) return text;
    return this.#maskCut(text.replace(this.#pattern, MASK));
  }

  error(error: WireError): WireError {
    if (this.#pattern === null) return error;
    return { ...error, message: this.text(error.message), hint: this.text(error.hint) };
  }

  /** Facts of a socket, or what a row says of an event. */
  values<V extends Value>(values: Readonly<Record<string, V>>): Readonly<Record<string, V | string>> {
    if (this.#pattern === null) return values;
    const masked = Object.entries(values).map(([name, value]) => {
      return [name, typeof value === 'string' ? this.text(value) : value] as const;
    });
    return Object.fromEntries(masked);
  }

  /** A bug, for the log. */
  bug(bug: unknown): unknown {
    if (this.#pattern === null) return bug;
    if (!(bug instanceof Error)) return typeof bug === 'string' ? this.text(bug) : bug;
    const masked = new Error(this.text(bug.message));
    masked.stack = this.text(bug.stack ?? '');
    return masked;
  }

  /** What was quoted may have been cut in the middle of a secret. */
  #maskCut(text: string): string {
    let masked = text;
    for (let at = masked.indexOf(CUT); at !== -1; at = masked.indexOf(CUT, at + 1)) {
      const before = masked.slice(0, at).toLowerCase();
      const length = Math.max(0, ...this.#forms.map((form) => overlap(before, form.toLowerCase())));
      if (length < SHORT_SECRET_CHARACTERS) continue;
      masked = masked.slice(0, at - length) + MASK + masked.slice(at);
      at += MASK.length - length;
    }
    return masked;
  }
}

/** How many characters at the end of `text` are the beginning of `form`; 0 when fewer than a short secret has. */
function overlap(text: string, form: string): number {
  for (let length = Math.min(text.length, form.length); length >= SHORT_SECRET_CHARACTERS; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

/** A secret as it is, and as others write it. */
function formsOf(secret: string, isInAddress: boolean): readonly string[] {
  const lines = secret.split(/\r\n|[\r\n]/u);
  const parts = new Set<string>([secret, secret.trim(), ...lines, ...(isInAddress ? addressParts(secret) : [])]);
  for (const part of [...parts]) {
    const quoted = JSON.stringify(part);
    parts.add(quoted.slice(1, -1));
    parts.add(part.replace(/\p{Cc}/gu, '\u{FFFD}'));
    if (part.length <= 255) parts.add(domainToASCII(part));
    // Half a surrogate pair cannot be encoded.
    if (!/\p{Cs}/u.test(part)) {
      parts.add(encodeURIComponent(part));
      parts.add(encodeURI(part));
    }
  }
  // A part that is short says little, and would be masked in the middle of other words.
  return [...parts].filter((part) => part === secret || part.trim().length >= SHORT_SECRET_CHARACTERS);
}

/** What is quoted of an address by itself: host, port, name, parts of the path. */
function addressParts(secret: string): readonly string[] {
  const inBrackets = /\[([^\]]+)\]/u.exec(secret)?.[1] ?? '';
  return [inBrackets, ...secret.trim().split(/[:/?#@[\]&=]+/u)].filter((part) => !SCHEME.test(part));
}

function patternOf(form: string): string {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
  if (form.length >= SHORT_SECRET_CHARACTERS) return escaped;
  return `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`;
}
