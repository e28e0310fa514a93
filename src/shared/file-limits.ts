/** Limits of files that the window has written or fetched, each with its reason. */

/** Characters of a text that the window has written to a file: a report of every case of a check has some 300 000. */
export const SAVED_TEXT_CHARACTERS = 4 * 1024 * 1024;

/** Characters of a proposed file name: systems take 255 bytes. */
export const FILE_NAME_CHARACTERS = 200;

/** How long a finished export waits to be fetched, ms: a browser does so at once, unless it asks where to save. */
export const DOWNLOAD_KEPT_MS = 10 * 60_000;
