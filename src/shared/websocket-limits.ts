/** Limits of WebSocket sessions, each with its reason. The others are in limits.ts. */

/** Longest head of a handshake message of HTTP that is read: eight times what browsers and servers usually allow. */
export const HANDSHAKE_HEAD_BYTES = 64 * 1024;

/** Most of the body of a refused handshake that is kept: enough to read what a server says. */
export const HANDSHAKE_BODY_BYTES = 64 * 1024;

/** How long the rest of the body of a refused handshake is waited for: the refusal itself is known already. */
export const HANDSHAKE_BODY_MS = 1000;

/** Redirects of a handshake that can be followed (WHATWG Fetch, HTTP-redirect fetch, step 6). */
export const REDIRECTS_MOST = 20;

/** Longest message of WebSocket that is taken in as long as nothing else is set: a session must not eat up the memory of all. */
export const WEBSOCKET_PAYLOAD_BYTES = 32 * 1024 * 1024;

/** Largest setting of it: a message is one record, which has to fit in the largest block of a recording (DISK_BLOCK_MAX_BYTES) with its head. */
export const WEBSOCKET_PAYLOAD_MOST_BYTES = 63 * 1024 * 1024;

/** Payload from which on a server hands it to the system as it is, behind its head: below, copying it costs less than a second piece of a write. */
export const WEBSOCKET_UNCOPIED_BYTES = 16 * 1024;

/** Most frames that one message is sent in: each is a record of its own, and all of them are made at once. */
export const FRAGMENTS_MOST = 65_536;

/** Between the two parts of a frame that is sent split, in ms: without it a peer mostly gets both in one read. Nobody notices it. */
export const FRAME_SPLIT_MS = 20;

/** Certificates of a chain that are kept and shown: real ones have two to four, and a longer one proves nothing. */
export const CERTIFICATES_SHOWN = 10;

/** What may wait for one client of a WebSocket server that echoes, broadcasts or ticks, in bytes: enough to keep a fast one busy, bearable for a thousand slow ones. */
export const BEHAVIOUR_BACKLOG_BYTES = 1024 * 1024;

/** Plain WebSocket messages of one read that are handed on at once: more than a read holds in practice, and the list fits in a processor's nearest cache. */
export const WEBSOCKET_BATCH_MESSAGES = 1024;

/** Least room for a WebSocket frame that has come in part; it doubles with the bytes that really come. */
export const WEBSOCKET_HELD_BYTES = 4 * 1024;

/** Room for unfinished WebSocket frames that a connection keeps for the next one; more is given back after each large frame. */
export const WEBSOCKET_HELD_KEPT_BYTES = 256 * 1024;
