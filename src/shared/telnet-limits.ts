/** Limits of Telnet, each with its reason. */

/** Bytes of a subnegotiation that are kept and shown: names of terminals, sizes and modes are far shorter. */
export const TELNET_SUBNEGOTIATION_BYTES = 1024;

/** Bytes after which a subnegotiation without its end is taken for none, so that garbage cannot hide what follows for ever. */
export const TELNET_SUBNEGOTIATION_SPAN_BYTES = 64 * 1024;

/** Rows that one read makes at most. A read of 64 KiB can hold 32 768 commands; nobody reads on, and the bytes are in the row before. */
export const TELNET_ROWS_PER_READ = 1000;

/**
 * Answers that one option of one side gets in one connection. Nobody needs so many; two programs that take each other's
 * answers for requests would go on for ever.
 */
export const TELNET_ANSWERS_PER_OPTION = 100;

/** Window size in characters as long as no terminal has told its own: what terminals have been since the VT100. */
export const TELNET_COLUMNS = 80;
export const TELNET_ROWS = 24;

/** Largest width and height of a window: two bytes each (RFC 1073). */
export const TELNET_SIZE_MAX = 65_535;
