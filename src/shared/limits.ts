/**
 * Every limit of the workbench, once, with the reason for its value.
 * Sizes are bytes, times are milliseconds unless the name says otherwise.
 */

/** Size of one block of a recording. Large enough that bookkeeping is nothing per record, small enough to drop one at a time. */
export const RECORDING_BLOCK_BYTES = 1024 * 1024;

/** How much of a session the in-memory recording keeps. The newest part stays; a gap row counts the rest. */
export const RECORDING_MEMORY_BYTES = 64 * 1024 * 1024;

/** Payload bytes that travel with a row of the list. Fills the widest preview column; the whole payload is asked for by number. */
export const ROW_PREVIEW_BYTES = 320;

/** Most rows in one answer. A tall window shows about a hundred; this leaves room to prefetch and bounds one answer to well under a MiB. */
export const ROWS_PER_CALL = 500;

/** Most payload bytes in one answer: Detail reads further on demand, so that one huge message cannot stall the port. */
export const PAYLOAD_PER_CALL = 1024 * 1024;

/** Most connections in one answer of the connections list. */
export const PEERS_PER_CALL = 500;

/** Closed connections that a server session remembers in its grid. Their records stay in the recording. */
export const CLOSED_PEERS_KEPT = 1000;

/** Least time between two status events of one session: 30 a second is as often as anybody can see. */
export const STATUS_INTERVAL_MS = 33;

/** Least time between two status events of a session that is watched in the background: its mark has to be right, not quick. */
export const STATUS_BACKGROUND_MS = 500;

/** Bytes on their way to a window beyond which it gets no status events: it does not read, and memory is not for keeping old news. */
export const EVENT_BACKLOG_BYTES = 1024 * 1024;

/** Chunk in which a file is read and sent. A multiple of the socket's high-water mark, so that a send is a few writes and not thousands. */
export const FILE_CHUNK_BYTES = 256 * 1024;

/** Chunks of a file that may wait for their write to complete. Two keep the socket busy while the next is read. */
export const FILE_CHUNKS_IN_FLIGHT = 4;

/** Largest message that the composer sends at once (files have no limit, they are streamed). */
export const MESSAGE_BYTES = 16 * 1024 * 1024;

/** How long `close()` lets queued bytes leave before the socket is destroyed. */
export const CLOSE_GRACE_MS = 1000;

/** Happy Eyeballs: how long one address is tried before the next (Node: `autoSelectFamilyAttemptTimeout`, RFC 8305 §5 recommends 250 ms). */
export const ATTEMPT_TIMEOUT_MS = 250;

/** Longest path of a Unix-domain socket in UTF-8 bytes on Linux: `sun_path` holds 108 with the closing zero (unix(7)). */
export const UNIX_PATH_BYTES = 107;

/** Longest host name in characters (RFC 1035 §2.3.4, without the closing dot). */
export const HOST_CHARACTERS = 253;

/** What the memory driver takes for "the system's buffer" of one direction: about that of a socket, so that back-pressure shows in tests. */
export const MEMORY_PIPE_BYTES = 64 * 1024;

/** Largest time that Node's timers take, in ms: 2^31 - 1 (Node docs, `setTimeout`). */
export const TIMER_MAX_MS = 2_147_483_647;

/**
 * Longest idle time before the first keep-alive probe: Linux takes at most 32 767 s (`MAX_TCP_KEEPIDLE`).
 * Node ignores the system's refusal of more, so that the delay would silently stay as it was.
 */
export const KEEP_ALIVE_DELAY_MAX_MS = 32_767_000;

/** Longest that a slice of a filter scan may hold the event loop. */
export const SCAN_SLICE_MS = 6;

/** Steps of a search, about one per byte that is looked at, after which a scan looks at the clock: a fraction of a slice, also where each step is slow. */
export const SCAN_LOOK_STEPS = 64 * 1024;

/** Steps that walking on by one record counts for. */
export const SCAN_RECORD_STEPS = 32;

/** Largest workspace document that is read or saved. Drafts are text; beyond this something else is wrong. */
export const WORKSPACE_BYTES = 8 * 1024 * 1024;

/** Open tabs that are kept over a restart. */
export const TABS_KEPT = 100;

/** Closed tabs that can be opened again. */
export const CLOSED_TABS_KEPT = 20;

/** Addresses in the list of recent sessions. */
export const RECENT_KEPT = 12;

/** Time in which the closing of a tab can be undone from its notice. */
export const UNDO_MS = 10_000;

/** Tallest scroll area in px. Chrome cannot place anything below 33.5M px, 16.7M at two device pixels per px; longer lists are scaled to this. */
export const SCROLL_AREA_PX = 8_000_000;

/** Part of a scaled scroll area, at each end, in which one px is one px: room for about 40 000 rows before the scale begins. */
export const SCROLL_EXACT_PX = 1_000_000;

/** Quiet time after which the thumb of a scroll bar is brought in line: longer than the pause between two notches of a wheel. */
export const SCROLL_SETTLE_MS = 160;

/** Rows that are drawn above and below the visible ones, so that a short scroll finds them ready. */
export const ROWS_OVERSCAN = 4;

/** Rows that the window keeps decoded. A few screens in each direction; at most 2 MiB with their previews. */
export const ROWS_CACHED = 4000;

/** Calls for rows or for parts of a payload on their way at once: one may be stale, the other is what is looked at now. */
export const FETCHES_IN_FLIGHT = 2;

/** Pause in typing after which a filter is run. */
export const FILTER_DEBOUNCE_MS = 180;

/** Part in which Detail reads a payload: more than any pane shows at once, little enough to come within a frame. */
export const PAYLOAD_PART_BYTES = 64 * 1024;

/** Parts of one payload that Detail keeps (4 MiB). */
export const PAYLOAD_PARTS_KEPT = 64;

/** Text that Detail shows before it asks whether more is wanted: laying out more at once would be felt. */
export const TEXT_SHOWN_BYTES = 256 * 1024;

/** Largest JSON payload that Detail formats: reading it takes less than a tenth of a second. */
export const JSON_SHOWN_BYTES = 1024 * 1024;

/** Largest payload that is copied to the clipboard. */
export const COPY_BYTES = 16 * 1024 * 1024;

/** Every how many records a block of a recording notes where one starts: a row is found within this many steps, for 4 bytes each. */
export const RECORD_INDEX_STRIDE = 64;

/** Bytes of one payload that a regular expression in a filter looks at. A backtracking expression can take the square of this. */
export const FILTER_REGEX_BYTES = 16 * 1024;

/** How long one slice of a scan with a regular expression may run before it is cut off: a catastrophic expression must not stop the sockets. Well under the 50 ms that the event loop may be held. */
export const FILTER_REGEX_MS = 35;

/** Largest message on a WebSocket between window and engine: the largest payload of a call, with room for what surrounds it. */
export const WIRE_FRAME_BYTES = MESSAGE_BYTES + 1024 * 1024;

/** How long the engine waits for all sessions to end when the application quits. Longer than a graceful close takes. */
export const DISPOSE_MS = 2 * CLOSE_GRACE_MS;

/** Least time between two looks at the connections that are in view: as often as numbers can be read. */
export const PEERS_POLL_MS = 250;

/** Span over which a connection's rate is measured. Shorter and it flickers, longer and it lags. */
export const PEER_RATE_MS = 1000;

/** Open connections that "Send to" offers by name. More are chosen in the Connections grid. */
export const TARGETS_SHOWN = 100;

/** Sent messages that can be called back into the composer. */
export const SENT_KEPT = 50;

/** Longest address that a session takes, in characters: a URL may be long, a host name has at most HOST_CHARACTERS. */
export const ADDRESS_CHARACTERS = 2048;

/** Longest text of one option, in characters: as long as a path. */
export const OPTION_CHARACTERS = 4096;

/** Longest filter, in characters: far more than anybody types, little enough to read at each row. */
export const FILTER_CHARACTERS = 1000;

/** Longest path of a file, in characters: PATH_MAX of Linux (limits.h). */
export const PATH_CHARACTERS = 4096;

/** Samples of a session's rate that the sparkline shows, one each RATE_SAMPLE_MS: the newest 24 s. */
export const RATE_SAMPLES = 48;

/** Span over which one sample of a session's rate is measured. */
export const RATE_SAMPLE_MS = 500;
