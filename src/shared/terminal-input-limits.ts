/** Limits of what is typed into a terminal, and of what a peer may do there, each with its reason. */

/** Longest text that a peer may put on the clipboard where that is allowed: more than anybody copies by hand. */
export const CLIPBOARD_WRITE_BYTES = 1024 * 1024;

/** Longest line that is edited before it is sent. It is drawn anew at each key; what is longer belongs into the composer. */
export const TYPED_LINE_CHARACTERS = 16 * 1024;

/** Lines that arrow up brings back. */
export const TYPED_LINES_KEPT = 500;
