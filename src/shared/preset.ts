/**
 * A preset: what a session is opened with and what is sent to it, as a file
 * that people read, keep in git and edit (docs/presets.md). The JSON Schema
 * that editors complete it by is made from this one.
 */
import { z } from 'zod';
import { ADDRESS_CHARACTERS, OPTION_CHARACTERS } from './limits.ts';
import { composerFormats, lineEndings, textEncodings } from './message-forms.ts';
import { PRESET_FORMAT, PRESET_NAME_CHARACTERS, SAVED_MESSAGES, SAVED_MESSAGE_CHARACTERS } from './preset-limits.ts';

const value = z.union([z.string().max(OPTION_CHARACTERS), z.number(), z.boolean(), z.null()]);
const values = z.record(z.string().max(64), value);

/** A message that is kept with the preset. `{{name}}` in its content stands for a variable. */
export const savedMessageSchema = z.object({
  name: z.string().max(PRESET_NAME_CHARACTERS).default(''),
  format: z.enum(composerFormats).default('Text'),
  /** What is typed in the composer: text, hex, Base64, JSON; for `File` its path; empty for `Frame`. */
  content: z.string().max(SAVED_MESSAGE_CHARACTERS).default(''),
  lineEnding: z.enum(lineEndings).default('none'),
  encoding: z.enum(textEncodings).default('utf8'),
  /** One of the protocol's kinds of messages; empty: the usual one of the format. */
  kind: z.string().max(40).default(''),
  /** For `Frame`: the fields of the frame composer that differ from their defaults. */
  frame: values.default({}),
});
export type SavedMessage = z.infer<typeof savedMessageSchema>;

export const presetSchema = z.object({
  /** Version of the format. */
  wirebench: z.literal(PRESET_FORMAT),
  /** Stays the same when the file is renamed or moved. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().min(1).max(PRESET_NAME_CHARACTERS),
  protocol: z.string().min(1).max(40),
  address: z.string().max(ADDRESS_CHARACTERS).default(''),
  /** Options of the protocol that differ from their defaults. */
  options: values.default({}),
  notes: z.string().max(SAVED_MESSAGE_CHARACTERS).default(''),
  messages: z.array(savedMessageSchema).max(SAVED_MESSAGES).default([]),
});
export type Preset = z.infer<typeof presetSchema>;

/** Ends the name of a preset's file, so that other YAML files of the folder are left alone. */
export const PRESET_SUFFIX = '.wb.yaml';
