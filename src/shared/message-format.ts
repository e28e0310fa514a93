/** What a person typed in the composer, as the bytes that leave; and bytes as something to type. */
import { failure, success, type Outcome } from './errors.ts';
import { encodeText, toEscapedText } from './escaped-text.ts';
import { parseBase64, parseHex, toBase64, toHex } from './hex-text.ts';
import { jsonProblem } from './json-syntax.ts';
import { MESSAGE_BYTES } from './limits.ts';
import { position } from './text-position.ts';
import type { ComposerDraft, ComposerFormat, LineEnding } from './workspace.ts';

const endings: Readonly<Record<LineEnding, string>> = {
  none: '',
  '\\n': '\n',
  '\\r\\n': '\r\n',
  '\\r': '\r',
  '\\0': '\0',
};

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** The line ending is encoded like the text: in utf16le `\n` is two bytes. */
function withEnding(
  body: Outcome<Uint8Array>,
  draft: ComposerDraft,
  encoding: ComposerDraft['encoding'],
): Outcome<Uint8Array> {
  if (!body.ok || draft.lineEnding === 'none') return body;
  const ending = encodeText(endings[draft.lineEnding], encoding, false);
  return ending.ok ? success(concat(body.value, ending.value)) : ending;
}

function encodeJson(draft: ComposerDraft): Outcome<Uint8Array> {
  const problem = jsonProblem(draft.json);
  if (problem !== null) {
    return failure('bad-message', `This is not JSON at ${position(draft.json, problem.index)}: ${problem.reason}.`);
  }
  return withEnding(encodeText(draft.json, 'utf8', false), draft, 'utf8');
}

function encode(draft: ComposerDraft): Outcome<Uint8Array> {
  switch (draft.format) {
    case 'Text':
      return withEnding(encodeText(draft.text, draft.encoding, true), draft, draft.encoding);
    case 'Hex':
      return parseHex(draft.hex);
    case 'Base64':
      return parseBase64(draft.base64);
    case 'JSON':
      return encodeJson(draft);
    case 'File':
      return failure('bad-message', 'A file is read from the disk while it is sent.');
    case 'Frame':
      return failure('bad-message', 'A frame is made by its protocol.');
  }
}

/**
 * The bytes of a draft in its chosen format.
 * @returns errors `bad-message` (what is wrong and where) and `message-too-long`
 */
export function encodeMessage(draft: ComposerDraft): Outcome<Uint8Array> {
  const encoded = encode(draft);
  if (!encoded.ok || encoded.value.length <= MESSAGE_BYTES) return encoded;
  const bytes = (count: number): string => `${count.toLocaleString('en-US')} bytes`;
  return failure(
    'message-too-long',
    `The message has ${bytes(encoded.value.length)}; at most ${bytes(MESSAGE_BYTES)} are sent at once.`,
    'Send it as a file.',
  );
}

/** Formats in which a message is typed. */
export type TypedFormat = Exclude<ComposerFormat, 'File' | 'Frame'>;

/**
 * Bytes as something to type in a format, such that `encodeMessage` makes the
 * same bytes of it (encoding utf8, no line ending); null where the format has
 * no words for them.
 */
export function typedForm(bytes: Uint8Array, format: TypedFormat): string | null {
  switch (format) {
    case 'Text':
      return toEscapedText(bytes);
    case 'Hex':
      return toHex(bytes);
    case 'Base64':
      return toBase64(bytes);
    case 'JSON': {
      try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        return jsonProblem(text) === null ? text : null;
      } catch {
        return null;
      }
    }
  }
}
