/**
 * What the window remembers over a restart: tabs, drafts, panes, theme.
 * Every field has a default, so that an older document always loads.
 */
import { z } from 'zod';
import { ADDRESS_CHARACTERS, FILTER_CHARACTERS, PATH_CHARACTERS, RECENT_KEPT, TABS_KEPT } from './limits.ts';
import { composerFormats, lineEndings, textEncodings } from './message-forms.ts';
import {
  PRESET_NAME_CHARACTERS,
  PRESET_PATH_CHARACTERS,
  SAVED_MESSAGE_CHARACTERS,
  SAVED_MESSAGES,
  TREE_FOLDERS_KEPT,
} from './preset-limits.ts';
import { savedMessageSchema } from './preset.ts';
import { count, optionsSchema } from './schemas.ts';
import { terminalSettingsSchema } from './terminal-settings.ts';

export {
  composerFormats,
  lineEndings,
  textEncodings,
  type ComposerFormat,
  type LineEnding,
  type TextEncodingName,
} from './message-forms.ts';

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
  frame: optionsSchema.default({}),
});
export type ComposerDraft = z.infer<typeof composerSchema>;

export const timeFormats = ['relative', 'delta', 'clock'] as const;
export type TimeFormat = (typeof timeFormats)[number];

/** What a tab shows: which of them there are is the protocol's. */
const sections = ['messages', 'connections', 'terminal', 'answers', 'options', 'socket', 'notes'] as const;

/** The file of the workspace folder that a tab was opened from or saved to. */
const presetLink = z.object({
  /** Where the workspace folder is: another one may be open by now. */
  folder: z.string().max(PATH_CHARACTERS).default(''),
  path: z.string().max(PRESET_PATH_CHARACTERS),
  id: z.string().max(40),
  /** What the file was when the tab last was the same, or took it for its base. */
  revision: z.string().max(80),
  /** Whether the tab holds something that the file does not. */
  isChanged: z.boolean().default(false),
});
export type PresetLink = z.infer<typeof presetLink>;

export const tabSchema = z.object({
  id: z.string().min(1).max(40),
  /** Empty: the tab is named by its address. */
  title: z.string().max(200).default(''),
  protocol: z.string().max(40),
  address: z.string().max(ADDRESS_CHARACTERS),
  options: optionsSchema.default({}),
  /** The engine's session, found again when only the window was reloaded. */
  session: z.string().max(40).nullable().default(null),
  /** A tab that shows a recording, by its name in History or its place: it can only be read. Null: an ordinary tab. */
  recording: z
    .union([z.object({ recording: z.string().max(80) }), z.object({ path: z.string().min(1).max(PATH_CHARACTERS) })])
    .nullable()
    .default(null),
  composer: composerSchema.default(() => composerSchema.parse({})),
  /** The preset that the tab belongs to; null: none. */
  preset: presetLink.nullable().default(null),
  /** Saved messages that are not in a file (yet); null: those of the preset's file. */
  messages: z.array(savedMessageSchema).max(SAVED_MESSAGES).nullable().default(null),
  /** The same of the notes. */
  notes: z.string().max(SAVED_MESSAGE_CHARACTERS).nullable().default(null),
  section: z.enum(sections).default('messages'),
  detail: z.enum(['Text', 'JSON', 'Hex', 'Frame']).default('Text'),
  /** Whether messages are listed, or the frames that they were on the wire. */
  level: z.enum(['messages', 'frames']).default('messages'),
  /** What was last given to each action that asks for something. */
  actions: z.record(z.string().max(40), optionsSchema).default({}),
  filter: z.string().max(FILTER_CHARACTERS).default(''),
  /** The selected record, by its `seq`: shown again where its rows come back (a recording, a window that was reloaded). */
  row: count.nullable().default(null),
  terminal: terminalSettingsSchema.default(() => terminalSettingsSchema.parse({})),
});
export type TabDocument = z.infer<typeof tabSchema>;

export const themes = ['system', 'dark', 'light'] as const;
export type Theme = (typeof themes)[number];

export const recentSchema = z.object({
  protocol: z.string().max(40),
  address: z.string().max(ADDRESS_CHARACTERS),
  options: optionsSchema.default({}),
  /** ms since 1970 */
  at: z.number(),
});
export type RecentDocument = z.infer<typeof recentSchema>;

/** A preset that was opened: found again by where it was, else by its id. */
export const recentPresetSchema = presetLink.pick({ folder: true, path: true, id: true }).extend({
  name: z.string().max(PRESET_NAME_CHARACTERS),
  protocol: z.string().max(40),
  /** ms since 1970 */
  at: z.number(),
});
export type RecentPreset = z.infer<typeof recentPresetSchema>;

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
  recentPresets: z.array(recentPresetSchema).max(RECENT_KEPT).default([]),
  /** Folders of the tree of presets that were opened or closed by hand, by their path. */
  folders: z
    .record(z.string().max(PRESET_PATH_CHARACTERS), z.boolean())
    .refine((folders) => Object.keys(folders).length <= TREE_FOLDERS_KEPT, 'too many')
    .default({}),
  /** Lists of the sidebar that are closed. */
  closedLists: z.array(z.string().max(40)).max(20).default([]),
});
export type Workspace = z.infer<typeof workspaceSchema>;

export function emptyWorkspace(): Workspace {
  return workspaceSchema.parse({});
}
