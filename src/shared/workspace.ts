/**
 * What the window remembers over a restart: tabs, drafts, panes, theme.
 * Every field has a default, so that an older document always loads.
 */
import { z } from 'zod';
import {
  ADDRESS_CHARACTERS,
  FILTER_CHARACTERS,
  OPTION_CHARACTERS,
  PATH_CHARACTERS,
  RECENT_KEPT,
  TABS_KEPT,
} from './limits.ts';

const value = z.union([z.string().max(OPTION_CHARACTERS), z.number(), z.boolean(), z.null()]);
const values = z.record(z.string().max(64), value);

export const composerFormats = ['Text', 'Hex', 'Base64', 'JSON', 'File', 'Frame'] as const;
export type ComposerFormat = (typeof composerFormats)[number];
export const lineEndings = ['none', '\\n', '\\r\\n', '\\r', '\\0'] as const;
export type LineEnding = (typeof lineEndings)[number];
/** Encodings of Node's `socket.write(text, encoding)`. */
export const textEncodings = ['utf8', 'utf16le', 'latin1', 'ascii'] as const;
export type TextEncodingName = (typeof textEncodings)[number];

/** A draft keeps the text of each format apart, so that switching loses nothing. */
export const composerSchema = z.object({
  format: z.enum(composerFormats).default('Text'),
  lineEnding: z.enum(lineEndings).default('\\n'),
  encoding: z.enum(textEncodings).default('utf8'),
  text: z.string().default(''),
  hex: z.string().default(''),
  base64: z.string().default(''),
  json: z.string().default(''),
  file: z.string().default(''),
  /** Which of the protocol's kinds of messages it is sent as; empty: the usual one of the format. */
  kind: z.string().max(40).default(''),
  /** Fields of the frame composer that differ from their defaults. */
  frame: values.default({}),
});
export type ComposerDraft = z.infer<typeof composerSchema>;

export const timeFormats = ['relative', 'delta', 'clock'] as const;
export type TimeFormat = (typeof timeFormats)[number];

export const tabSchema = z.object({
  id: z.string().min(1).max(40),
  /** Empty: the tab is named by its address. */
  title: z.string().max(200).default(''),
  protocol: z.string().max(40),
  address: z.string().max(ADDRESS_CHARACTERS),
  options: values.default({}),
  /** The engine's session, found again when only the window was reloaded. */
  session: z.string().max(40).nullable().default(null),
  /** A tab that shows a recording, by its name in History or its place: it can only be read. Null: an ordinary tab. */
  recording: z
    .union([z.object({ recording: z.string().max(80) }), z.object({ path: z.string().min(1).max(PATH_CHARACTERS) })])
    .nullable()
    .default(null),
  composer: composerSchema.default(() => composerSchema.parse({})),
  section: z.enum(['messages', 'connections', 'options', 'socket']).default('messages'),
  detail: z.enum(['Text', 'JSON', 'Hex', 'Frame']).default('Text'),
  /** Whether messages are listed, or the frames that they were on the wire. */
  level: z.enum(['messages', 'frames']).default('messages'),
  /** What was last given to each action that asks for something. */
  actions: z.record(z.string().max(40), values).default({}),
  filter: z.string().max(FILTER_CHARACTERS).default(''),
});
export type TabDocument = z.infer<typeof tabSchema>;

export const themes = ['system', 'dark', 'light'] as const;
export type Theme = (typeof themes)[number];

export const recentSchema = z.object({
  protocol: z.string().max(40),
  address: z.string().max(ADDRESS_CHARACTERS),
  options: values.default({}),
  /** ms since 1970 */
  at: z.number(),
});
export type RecentDocument = z.infer<typeof recentSchema>;

export const workspaceSchema = z.object({
  version: z.literal(1).default(1),
  theme: z.enum(themes).default('system'),
  timeFormat: z.enum(timeFormats).default('relative'),
  sidebar: z.boolean().default(true),
  /** Sizes of panes by name, in percent. */
  panes: z.record(z.string().max(40), z.number().min(0).max(100)).default({}),
  tabs: z.array(tabSchema).max(TABS_KEPT).default([]),
  active: z.string().max(40).nullable().default(null),
  recent: z.array(recentSchema).max(RECENT_KEPT).default([]),
});
export type Workspace = z.infer<typeof workspaceSchema>;

export function emptyWorkspace(): Workspace {
  return workspaceSchema.parse({});
}
