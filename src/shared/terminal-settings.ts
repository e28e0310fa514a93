/** How a tab's terminal looks and what it does with keys: remembered with the tab. */
import { z } from 'zod';
import { nothingAllowed } from './escape-permissions.ts';
import { lineEndings } from './message-forms.ts';
import {
  TERMINAL_FONT_MAX,
  TERMINAL_FONT_MIN,
  TERMINAL_FONT_USUAL,
  TERMINAL_SCROLLBACK_MAX,
  TERMINAL_SCROLLBACK_USUAL,
} from './terminal-limits.ts';

/** `key`: each key leaves at once. `line`: a line is typed, mended and sent with Enter. */
const terminalInputs = ['key', 'line'] as const;

/**
 * What a line feed does: `raw` moves down and no more, as on a terminal whose peer writes CR LF; `newline` begins a
 * new line; `auto` goes by the first line feed of each connection.
 */
const terminalLineFeeds = ['auto', 'raw', 'newline'] as const;

/** How fast a recording is played: all at once, or 1 or 10 times as fast as it was. */
const terminalSpeeds = ['once', '10', '1'] as const;
export type TerminalSpeed = (typeof terminalSpeeds)[number];

const isAllowed = z.boolean().default(false);
const allow = z.object({
  title: isAllowed,
  clipboard: isAllowed,
  links: isAllowed,
  reports: isAllowed,
  window: isAllowed,
});

/** Whether what is typed is shown although the peer does not send it back, and what Enter sends. */
const typing = z.object({ echo: z.boolean(), ending: z.enum(lineEndings) });
export type TypingSettings = z.infer<typeof typing>;

export const terminalSettingsSchema = z.object({
  /** px */
  fontSize: z.number().int().min(TERMINAL_FONT_MIN).max(TERMINAL_FONT_MAX).default(TERMINAL_FONT_USUAL),
  /** Lines above the screen. */
  scrollback: z.number().int().min(0).max(TERMINAL_SCROLLBACK_MAX).default(TERMINAL_SCROLLBACK_USUAL),
  input: z.enum(terminalInputs).default('line'),
  /** A server of plain text wants lines, and does not send back what it gets. */
  byLine: typing.default({ echo: true, ending: '\\n' }),
  /** Whatever reads keys, as a shell does, wants what the key of a terminal sends, and shows it itself. */
  byKey: typing.default({ echo: false, ending: '\\r' }),
  /** In a recording, also what was sent. */
  sent: z.boolean().default(false),
  lineFeed: z.enum(terminalLineFeeds).default('auto'),
  /** What escape sequences of the peer may do (escape-permissions.ts). */
  allow: allow.default({ ...nothingAllowed }),
  speed: z.enum(terminalSpeeds).default('once'),
});
export type TerminalSettings = z.infer<typeof terminalSettingsSchema>;
