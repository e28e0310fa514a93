/** Messages of an import, in the format in which a person reads them best. */
import { parseBase64, parseHex } from '../hex-text.ts';
import { jsonProblem } from '../json-syntax.ts';
import { typedForm } from '../message-format.ts';
import { savedMessageSchema, type SavedMessage } from '../preset.ts';
import type { Templates } from './templates.ts';

const plain = savedMessageSchema.parse({});

/** Not checked here: whoever keeps it lists what is too long. */
function messageWith(parts: Partial<SavedMessage>): SavedMessage {
  return { ...plain, ...parts };
}

/** A backslash begins an escape in the format Text. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

const twoBraces = /\{(?=\{)/g;

/** In Text a brace can be written as an escape, in the strings of JSON as well; outside of them there are no two in a row. */
const guardText = (text: string): string => text.replace(twoBraces, '\\x7b');
const guardJson = (text: string): string => text.replace(twoBraces, '\\u007b');

/**
 * A text message. `converted` text may have variables of ours in it.
 * @param templates null: the text has no variables, and a `{{` in it is two braces
 */
export function textMessage(name: string, text: string, templates: Templates | null, where: string): SavedMessage {
  const looksLikeJson = /^\s*[[{]/.test(text);
  const convert = (raw: string, guard: (literal: string) => string): string =>
    templates === null ? guard(raw) : templates.convert(raw, where, guard);
  if (looksLikeJson && jsonProblem(text) === null) {
    return messageWith({ name, format: 'JSON', content: convert(text, guardJson) });
  }
  return messageWith({ name, format: 'Text', content: convert(escaped(text), guardText) });
}

/** Bytes as Text where all of it can be read, else as Hex. */
export function bytesMessage(name: string, bytes: Uint8Array, kind = ''): SavedMessage {
  const text = typedForm(bytes, 'Text') ?? '';
  // Lines and tabs are read well; more escapes than that are read better as hex.
  const isReadable = !/\\x|\\u|\\0/.test(text.replaceAll('\\\\', ''));
  return messageWith(
    isReadable
      ? { name, kind, format: 'Text', content: guardText(text) }
      : { name, kind, format: 'Hex', content: typedForm(bytes, 'Hex') ?? '' },
  );
}

/** A binary message that was written as Base64 or hex digits; null when it is neither. */
export function binaryMessage(name: string, content: string, form: 'Base64' | 'Hex'): SavedMessage | null {
  const parsed = form === 'Hex' ? parseHex(content) : parseBase64(content);
  return parsed.ok ? messageWith({ name, format: form, content, kind: 'binary' }) : null;
}
