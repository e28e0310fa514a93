/** Limits of what comes to the application from outside, and of what it writes about itself, each with its reason. */

/** Characters of a `wirebench://` link: what browsers and mail programs take along, and fits in ARGUMENT_BYTES. */
export const LINK_CHARACTERS = 8000;

/**
 * Bytes of all arguments that a second start hands to the first. They go twice in one message, of which Chromium takes
 * 32 KiB; a longer one ends the instance that runs, with all its sessions.
 */
export const ARGUMENT_BYTES = 12_000;

/** Options in one link: no protocol has half as many. */
export const LINK_OPTIONS = 100;

/** Messages in one link: more belong in a file. */
export const LINK_MESSAGES = 20;

/** Files and links that wait for the window: as many as a person marks in a file manager and opens at once. */
export const HANDOVERS_KEPT = 50;

/** Bytes of one log file; then it becomes an older one. */
export const LOG_BYTES = 1024 * 1024;

/** Log files in all, the one that is written included. */
export const LOG_FILES = 3;

/** Characters of one entry in the log: a long stack, and no message with a payload in it. */
export const LOG_ENTRY_CHARACTERS = 8192;

/** Entries in a second; what is beyond is counted. A bug that comes with each packet must not fill the disk. */
export const LOG_ENTRIES_PER_SECOND = 50;

/** Crashes of the page within CRASH_WINDOW_MS after which it is not loaded again by itself. */
export const CRASHES_IN_A_ROW = 3;
export const CRASH_WINDOW_MS = 60_000;

/** A page that was up for so long and is then killed from outside (not enough memory, a task manager) is no loop. */
export const PAGE_SETTLED_MS = 1000;
