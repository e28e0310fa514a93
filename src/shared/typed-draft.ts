/** A message as it was typed, in its one format. */
import { z } from 'zod';
import { MESSAGE_BYTES } from './limits.ts';
import { lineEndings, textEncodings } from './message-forms.ts';

export const typedDraftSchema = z.strictObject({
  type: z.literal('draft'),
  format: z.enum(['Text', 'Hex', 'Base64', 'JSON']),
  content: z.string().max(MESSAGE_BYTES),
  lineEnding: z.enum(lineEndings),
  /** Of format Text; the others are what they are. */
  encoding: z.enum(textEncodings),
});
export type TypedDraft = Omit<z.infer<typeof typedDraftSchema>, 'type'>;
