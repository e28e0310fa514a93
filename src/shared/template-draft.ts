/** A typed message with placeholders, as the bytes that leave: what `encodeMessage` is for text without any. */
import { failure, success, type Outcome } from './errors.ts';
import { encodeText } from './escaped-text.ts';
import { encodeMessage } from './message-format.ts';
import type { Piece, Resolution } from './template-resolve.ts';
import type { TypedDraft } from './typed-draft.ts';
import { composerSchema, type ComposerDraft } from './workspace.ts';

const keys = { Text: 'text', Hex: 'hex', Base64: 'base64', JSON: 'json' } as const;

/**
 * The bytes of a message with its values put in: into Text literally (a backslash in a value is a backslash), into
 * the other formats before they are read, so that a value may be several bytes of hex or a whole part of JSON.
 * @returns errors `unknown-variable`, `bad-message` and `message-too-long`
 */
export function resolveDraft(draft: TypedDraft, resolution: Resolution): Outcome<Uint8Array> {
  const pieces = resolution.pieces(draft.content);
  const { error } = resolution;
  if (error !== null) return { ok: false, error };
  return draft.format === 'Text' ? resolveText(draft, pieces) : resolveOther(draft, pieces);
}

function composed(draft: TypedDraft, content: string): ComposerDraft {
  const { format, lineEnding, encoding } = draft;
  return composerSchema.parse({ format, lineEnding, encoding, [keys[format]]: content });
}

function resolveText(draft: TypedDraft, pieces: readonly Piece[]): Outcome<Uint8Array> {
  // First what was typed, alone: an escape must not begin before a value and take its first characters with it. Spaces
  // in the places of the values keep the positions in messages right.
  const typed = pieces.map(({ part, text, isValue }) => {
    if (isValue) return ' '.repeat(part.source.length);
    return part.type === 'escape' ? text.padEnd(part.source.length) : text;
  });
  const checked = encodeText(typed.join(''), draft.encoding, true);
  if (!checked.ok) return checked;
  const unfit = pieces.find(({ isValue, text }) => isValue && !encodeText(text, draft.encoding, false).ok);
  if (unfit !== undefined) {
    return failure(
      'bad-message',
      `${draft.encoding} cannot hold the value of ${unfit.part.source}.`,
      draft.encoding === 'utf8' ? '' : 'Choose the encoding utf8.',
    );
  }
  const escaped = pieces.map(({ text, isValue }) => (isValue ? text.replaceAll('\\', '\\\\') : text));
  return encodeMessage(composed(draft, escaped.join('')));
}

function resolveOther(draft: TypedDraft, pieces: readonly Piece[]): Outcome<Uint8Array> {
  const encoded = encodeMessage(composed(draft, pieces.map(({ text }) => text).join('')));
  const values = pieces.filter(({ isValue }) => isValue);
  if (encoded.ok || encoded.error.code !== 'bad-message' || values.length === 0) return encoded;
  const names = [...new Set(values.map(({ part }) => part.source))].join(', ');
  const what = `With the ${values.length === 1 ? 'value' : 'values'} of ${names} put in, this is not ${draft.format}`;
  // What is wrong may quote a character of a value.
  if (values.some(({ isSecret }) => isSecret)) return failure('bad-message', `${what}.`);
  return failure('bad-message', `${what}: ${encoded.error.message}`, encoded.error.hint);
}

type Values = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Options, or what is given to an action, with the values put into all that is text.
 * @param own names that mean something else in a value
 * @returns error `unknown-variable` with `field` set to the first at fault
 */
export function resolveValues(
  values: Values,
  resolution: Resolution,
  own: (id: string) => readonly string[] = () => [],
): Outcome<Values> {
  const atFault: string[] = [];
  const resolved = Object.entries(values).map(([id, value]) => {
    const text = typeof value === 'string' ? resolution.text(value, own(id)) : value;
    if (resolution.error !== null) atFault.push(id);
    return [id, text] as const;
  });
  const { error } = resolution;
  const [field] = atFault;
  if (error !== null) return { ok: false, error: field === undefined ? error : { ...error, field } };
  return success(Object.fromEntries(resolved));
}
