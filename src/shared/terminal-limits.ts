/** Limits of the Terminal view: what is under way between engine and window, and what a person can choose. */

/**
 * Most bytes that one call brings. The next call is made when xterm has taken these, so this is all that is ever under
 * way. xterm draws it in some milliseconds: a window that gets more at once would miss frames.
 */
export const TERMINAL_CHUNK_BYTES = 32 * 1024;

/**
 * How much of each frame a flood gets, ms: about half of one at 60 frames a second. On a quick machine that is some MB
 * each second, more than anybody reads, and on a busy one less.
 */
export const TERMINAL_FRAME_MS = 8;

/**
 * When more bytes than these are waiting, the terminal goes to the newest ones. Long enough that the answer to a
 * command of a person is shown whole, short enough that what is on the screen is at most about a second old.
 */
export const TERMINAL_LAG_BYTES = 4 * 1024 * 1024;

/** Where a terminal begins on a session that already ran, and after it went to the newest bytes: some thousand lines. */
export const TERMINAL_TAIL_BYTES = 256 * 1024;

/** Payload bytes that one look at the recording copies at most: more than a chunk would be read twice. */
export const TERMINAL_STEP_BYTES = 128 * 1024;

/** Records that one look at the recording takes at most. */
export const TERMINAL_STEP_ROWS = 4096;

/** Records that are looked at to find where the tail begins: on a session where others talk, it begins with less. */
export const TERMINAL_WALK_ROWS = 256 * 1024;

/** Payload bytes of all these records: reading them from a disk must not take noticeably long. */
export const TERMINAL_WALK_BYTES = 64 * 1024 * 1024;

/** Terminals of one window: one for each tab that is kept open, and then some for those that are just being closed. */
export const TERMINALS_PER_WINDOW = 200;

/** Longest stretch of the recording, in ns, that a paced replay takes at once: longer, and it would not look alive. */
export const TERMINAL_SPAN_NS = 60_000_000_000;

/** Sizes of the type, px: smaller cannot be read, larger is for a beamer. */
export const TERMINAL_FONT_MIN = 8;
export const TERMINAL_FONT_MAX = 32;
export const TERMINAL_FONT_USUAL = 13;

/** Lines above the screen. xterm keeps 12 bytes for each cell: 100,000 lines of 100 columns are some 120 MB. */
export const TERMINAL_SCROLLBACK_MAX = 100_000;
export const TERMINAL_SCROLLBACK_USUAL = 5000;
