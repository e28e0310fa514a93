/** Names and strings of DNS as text: the presentation format of RFC 1035 §5.1. */

/** In a name all other signs stand behind a backslash: some mean something else in a zone file, or to who types one. */
const PLAIN_IN_NAMES = /^[a-z0-9_*/-]$/i;

function escapeOf(byte: number, plain: RegExp): string {
  // Nothing but what can be seen stands for itself; a space would end the name.
  if (byte < 0x21 || byte > 0x7e) return `\\${String(byte).padStart(3, '0')}`;
  const character = String.fromCharCode(byte);
  return plain.test(character) ? character : `\\${character}`;
}

/** One label, with `\.` for a dot that is part of it and `\DDD` for what cannot be seen. */
export function labelText(label: Uint8Array): string {
  let text = '';
  for (const byte of label) text += escapeOf(byte, PLAIN_IN_NAMES);
  return text;
}

const PLAIN_IN_STRINGS = /^[^"\\]$/;

/** A `<character-string>` in quotes: every byte that is no visible ASCII character is `\DDD`. */
export function quotedText(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) text += byte === 0x20 ? ' ' : escapeOf(byte, PLAIN_IN_STRINGS);
  return `${text}"`;
}

/** Names are the same whatever the case of their ASCII letters (RFC 4343). Both with their final dot. */
export function isSameName(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}

/** Only ASCII letters: other characters are escapes by now. */
export function foldName(name: string): string {
  return name.toLowerCase();
}

const XN_LABEL = /(?<![^.\s])xn--[a-z0-9-]+/gi;

/**
 * The text with its international names as a person writes them; null when there are none.
 * @param toUnicode of one label (`url.domainToUnicode`); '' when it is none
 */
export function unicodeOf(text: string, toUnicode: (label: string) => string): string | null {
  const shown = text.replace(XN_LABEL, (label) => toUnicode(label) || label);
  return shown === text ? null : shown;
}
