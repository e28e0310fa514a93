/** What is typed in the composer, or kept as a saved message, as `session.send` takes it. */
import type { Params } from '../../shared/contract.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { encodeMessage, type TypedFormat } from '../../shared/message-format.ts';
import { savedMessageSchema, type SavedMessage } from '../../shared/preset.ts';
import { hasTemplate } from '../../shared/template.ts';
import { composerSchema, type ComposerDraft, type ComposerFormat } from '../../shared/workspace.ts';

export type MessageSource = Params<'session.send'>['source'];

/** Where a draft keeps the text of each format. */
export const keyOf = { Text: 'text', Hex: 'hex', Base64: 'base64', JSON: 'json' } as const satisfies Record<
  TypedFormat,
  string
>;

export function typedFormat(format: ComposerFormat): TypedFormat | null {
  return format === 'File' || format === 'Frame' ? null : format;
}

/** Formats of text; the others are of bytes. */
function isTextual(format: ComposerFormat): boolean {
  return format === 'Text' || format === 'JSON';
}

/** What a draft is sent as; empty where there is no choice. @param kinds those of a protocol that has several */
export function kindOf(draft: ComposerDraft, kinds: readonly string[]): string {
  if (kinds.length === 0 || kinds.includes(draft.kind)) return kinds.length === 0 ? '' : draft.kind;
  const usual = isTextual(draft.format) ? 'text' : 'binary';
  return kinds.includes(usual) ? usual : (kinds[0] ?? '');
}

/** What is sent as text is UTF-8, whatever was chosen for bytes. */
export function effectiveDraft(draft: ComposerDraft, kinds: readonly string[]): ComposerDraft {
  const hasEncoding = draft.format === 'Text' && kindOf(draft, kinds) !== 'text';
  return hasEncoding ? draft : { ...draft, encoding: 'utf8' };
}

/** Whether the engine has to fill something in, at each sending anew. */
export function isTemplate(draft: ComposerDraft): boolean {
  const format = typedFormat(draft.format);
  return format !== null && hasTemplate(draft[keyOf[format]]);
}

/** Not for the format `Frame`. @returns error `bad-message` */
export function messageSource(draft: ComposerDraft, kinds: readonly string[]): Outcome<MessageSource> {
  const format = typedFormat(draft.format);
  if (format === null) {
    if (draft.file !== '') return success<MessageSource>({ type: 'file', path: draft.file });
    return failure('bad-message', 'No file is chosen.', 'Type its path.');
  }
  const effective = effectiveDraft(draft, kinds);
  if (isTemplate(draft)) {
    const { lineEnding, encoding } = effective;
    return success<MessageSource>({ type: 'draft', format, content: draft[keyOf[format]], lineEnding, encoding });
  }
  const encoded = encodeMessage(effective);
  if (!encoded.ok) return encoded;
  // In a protocol of messages, an empty one is a message, too.
  if (encoded.value.length > 0 || kinds.length > 0)
    return success<MessageSource>({ type: 'bytes', bytes: encoded.value });
  return failure('bad-message', 'The message is empty, so nothing was sent.');
}

/** A saved message as a draft that holds nothing else. */
export function draftOf(message: SavedMessage): ComposerDraft {
  const format = typedFormat(message.format);
  const { lineEnding, encoding, kind, frame } = message;
  const typed = format === null ? { file: message.content } : { [keyOf[format]]: message.content };
  return composerSchema.parse({ format: message.format, lineEnding, encoding, kind, frame, ...typed });
}

/** A draft as a message to keep. */
export function messageOf(draft: ComposerDraft, name: string): SavedMessage {
  const format = typedFormat(draft.format);
  const content = format !== null ? draft[keyOf[format]] : draft.format === 'File' ? draft.file : '';
  return savedMessageSchema.parse({
    name,
    format: draft.format,
    content,
    lineEnding: isTextual(draft.format) ? draft.lineEnding : 'none',
    encoding: draft.format === 'Text' ? draft.encoding : 'utf8',
    kind: draft.kind,
    frame: draft.format === 'Frame' ? draft.frame : {},
  });
}
