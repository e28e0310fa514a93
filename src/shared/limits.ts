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

/** Rows between two status events beyond which the next one comes later, after STATUS_DENSE_MS: screens full of rows pass between them anyway. */
export const STATUS_DENSE_ROWS = 1000;
export const STATUS_DENSE_MS = 100;

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

/** Bytes that wait to be sent beyond which only the last ping is answered (RFC 6455 §5.5.3): a flood of pings must not fill the memory. */
export const PONG_BACKLOG_BYTES = 64 * 1024;

/** What a message that waits is counted for besides its bytes: empty ones take memory, too. */
export const QUEUED_MESSAGE_BYTES = 256;

/** Pings whose pong may still come, and whose round trip is then told. */
export const PINGS_REMEMBERED = 100;

/** Longest path of a Unix-domain socket in UTF-8 bytes on Linux: `sun_path` holds 108 with the closing zero (unix(7)). */
export const UNIX_PATH_BYTES = 107;

/** Longest host name in characters (RFC 1035 §2.3.4, without the closing dot). */
export const HOST_CHARACTERS = 253;

/** What the memory driver takes for "the system's buffer" of one direction: about that of a socket, so that back-pressure shows in tests. */
export const MEMORY_PIPE_BYTES = 64 * 1024;

/** Largest time that Node's timers take, in ms: 2^31 - 1 (Node docs, `setTimeout`). */
export const TIMER_MAX_MS = 2_147_483_647;

/** Longest wait between two attempts to connect again, unless a person says otherwise: a server that is back is noticed soon. */
export const RECONNECT_MAX_DELAY_MS = 30_000;

/** Most attempts that can be asked for: weeks, at the longest wait. */
export const RECONNECT_MOST = 100_000;

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

/** Longest run of bytes that is looked for in many records at once; of a longer text the rest is compared where it is found. */
export const SCAN_NEEDLE_BYTES = 1024;

/** Texts that are looked for at once, such as alternatives of an expression: a pass over the bytes for each of more is no gain. */
export const SCAN_NEEDLES_MOST = 4;

/** Average length of records up to which a regular expression is tried on many of them at once: for longer ones calling it costs little. */
export const SCAN_SWEEP_BYTES = 2048;

/** Bytes of records that a scan holds at a time: they fit in a processor's cache, so that reading and searching them is one pass over memory. A larger record is read by itself. */
export const SCAN_WINDOW_BYTES = 512 * 1024;

/** The same where records are looked at by a regular expression: watching over it costs something each time that the window is left. */
export const SCAN_WIDE_WINDOW_BYTES = 4 * 1024 * 1024;

/** Bytes of a recording that may be on their way to a scan: on disk only their places travel, and a busy engine must not let it starve. */
export const SCAN_AHEAD_BYTES = 128 * 1024 * 1024;

/** The same for records in memory, which have to be copied. */
export const SCAN_AHEAD_MEMORY_BYTES = 4 * 1024 * 1024;

/** What has to be on its way before a second thread helps. */
export const SCAN_SHARED_BYTES = 32 * 1024 * 1024;

/** Threads that scan. Two take most of the time that reading files takes off the one that compares; more would only wait for memory. */
export const SCAN_THREADS_MOST = 2;

/** Least time between two looks for what a session has added, for each filter. */
export const SCAN_TAIL_MS = 33;

/** How long the thread that scans stays when there is no filter: the next letter of one that is typed comes within this. */
export const SCAN_IDLE_MS = 10_000;

/** How often a scan that takes its thread down at the same place is begun again. */
export const SCAN_RESTARTS = 1;

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

/** How often a regular expression is cut off at one record before it is given up: a busy machine can take the time away, too. */
export const FILTER_REGEX_TRIES = 8;

/** How long it may take to try a regular expression on the names of a recording's kinds, before a scan begins. */
export const FILTER_PLAN_MS = 500;

/** Largest message on a WebSocket between window and engine: the largest payload of a call, with room for what surrounds it. */
export const WIRE_FRAME_BYTES = MESSAGE_BYTES + 1024 * 1024;

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

/** Longest text of one option, in characters: room for some certificates in PEM, or for many headers. */
export const OPTION_CHARACTERS = 64 * 1024;

/** Longest filter, in characters: far more than anybody types, little enough to read at each row. */
export const FILTER_CHARACTERS = 1000;

/** Longest filter that the engine takes, in characters: what was typed, and what the window puts in front of it. */
export const FILTER_QUERY_CHARACTERS = FILTER_CHARACTERS + 24;

/** Longest path of a file, in characters: PATH_MAX of Linux (limits.h). */
export const PATH_CHARACTERS = 4096;

/** How long the window waits for the tabs before its frame is shown without them: longer looks as if nothing came. */
export const FRAME_SHOWN_MS = 200;

/** Samples of a session's rate that the sparkline shows, one each RATE_SAMPLE_MS: the newest 24 s. */
export const RATE_SAMPLES = 48;

/** Span over which one sample of a session's rate is measured. */
export const RATE_SAMPLE_MS = 500;

/** Most bytes of one read from a socket: as many as Node takes at once. */
export const READ_BYTES = 64 * 1024;

/** Records in one block of a recording on disk, in bytes: enough that a header and a check sum cost nothing, little enough to read for a screen of rows. */
export const DISK_BLOCK_BYTES = 256 * 1024;

/** Neighbouring blocks that the index of a recording takes together, in bytes: a row is found by reading so much, and opening a recording costs 64 bytes for each. */
export const DISK_RUN_BYTES = 4 * DISK_BLOCK_BYTES;

/** Size at which a recording begins its next segment. The quota is kept by whole segments; this is how much goes at once. */
export const DISK_SEGMENT_BYTES = 256 * 1024 * 1024;

/** How long records may stay in memory before they are handed to the system, in ms: what a kill can cost. */
export const DISK_FLUSH_MS = 100;

/** Bytes of one session that may wait for the disk; beyond, reading is paused (or records are dropped). It ends at half of this. */
export const DISK_BEHIND_BYTES = 32 * 1024 * 1024;

/** What is still taken while reading is paused: chunks that were read already, rows about what happens, sends on their way. */
export const DISK_BEHIND_SLACK_BYTES = 32 * 1024 * 1024;

/** Pause between two attempts to write after the disk has refused. */
export const DISK_RETRY_MS = 500;

/** How long closing a recording waits for a disk that does not take its last records. */
export const DISK_CLOSE_MS = 1500;

/** How long the engine waits when the application quits: for a driver that does not end, then for a disk that does not take the rest. */
export const DISPOSE_MS = CLOSE_GRACE_MS + DISK_CLOSE_MS + 500;

/** Blocks that wait to be filled again, for all sessions together (32 MiB): as many as may wait for the disk, so that a burst allocates none anew. */
export const DISK_SPARE_BLOCKS = 128;

/** Most bytes of blocks in one write: enough that the call costs nothing, little enough that blocks come back soon. */
export const DISK_BATCH_BYTES = 4 * 1024 * 1024;

/** Full blocks that wait before a write begins by itself, for DISK_FLUSH_MS at most: a write wakes a thread, which costs as much as recording a hundred messages. */
export const DISK_WRITE_BLOCKS = 4;

/** Least time between two looks whether somebody has removed the file that is written: until then its records go nowhere. */
export const DISK_LINKS_MS = 1000;

/** Full segments that are left to the system before they are made durable (fdatasync): by then it has written most of them back by itself. */
export const DISK_UNSYNCED_SEGMENTS = 4;

/** Oldest segments that are dropped although the system refuses to delete their files: then the folder is at fault, and dropping more would make no room. */
export const DISK_UNDELETED_MOST = 4;

/** Segments that a quota has room for, at least: with fewer, too much of a recording would go at once. */
export const DISK_SEGMENTS_PER_QUOTA = 4;

/** Entries of segments that are gone which an index may hold besides twice what is kept, before it is written anew (64 KiB). */
export const DISK_INDEX_SLACK_ENTRIES = 1024;

/** Longest description at the head of a segment that a reader accepts. It names a recording and its kinds: a few hundred bytes. */
export const DISK_HEADER_BYTES = 1024 * 1024;

/** Largest block that a reader accepts: the largest record there can be, four times over. What claims to be larger is damaged. */
export const DISK_BLOCK_MAX_BYTES = 64 * 1024 * 1024;

/** Largest run of blocks that a reader takes into memory as a whole, not less than DISK_RUN_BYTES. A larger block must hold a single record, and is read in parts. */
export const DISK_WHOLE_BYTES = 1024 * 1024;

/** Beginning of a large record that a reader keeps: its meta and as much of its payload as rows show. */
export const DISK_LARGE_HEAD_BYTES = 64 * 1024;

/** Segments that a reader keeps open. */
export const DISK_OPEN_FILES = 8;

/** Bytes of blocks that are looked through at once: enough that the way to a worker costs nothing, little enough to stop in between. */
export const DISK_SCAN_BYTES = 8 * 1024 * 1024;

/** Bytes of a recording that are looked through at opening without the index being written anew: what a kill leaves unindexed, many times over. */
export const DISK_REPAIR_BYTES = 4 * 1024 * 1024;

/** Bytes that are looked through for blocks before others may go on: some milliseconds at most, also where every fourth byte could begin one. */
export const DISK_FIND_TURN_BYTES = 1024 * 1024;

/** Bytes that a worker reads at once when it looks through a recording: several blocks, and still in the processor's cache when they are looked at. */
export const DISK_READ_BYTES = 1024 * 1024;

/** Largest index that is read: a million runs, 256 GiB of records. A larger one is made anew. */
export const DISK_INDEX_BYTES = 64 * 1024 * 1024;

/** Records that a recording can have had, ever: two years of a million a second. A file that numbers its own higher is damaged, or somebody means ill. */
export const DISK_RECORDS_MOST = 2 ** 46;

/** Records that a segment can have: twenty times what one of 256 MiB has when its records are empty, so that another version may write larger ones. */
export const DISK_SEGMENT_RECORDS_MOST = 2 ** 27;

/** Blocks that a reader of recordings keeps, in bytes: a few screens around what is looked at. */
export const DISK_CACHE_BYTES = 8 * 1024 * 1024;

/** Smallest quota: one segment must fit, with room to begin the next. */
export const RECORDING_QUOTA_MIN_BYTES = 1024 * 1024;

/** Default of what one session may take on disk. */
export const RECORDING_SESSION_QUOTA_BYTES = 8 * 1024 ** 3;

/** Default of what all recordings together may take on disk. */
export const RECORDING_TOTAL_QUOTA_BYTES = 20 * 1024 ** 3;

/** Default of how many days a recording is kept. */
export const RECORDING_KEEP_DAYS = 30;

/** Longest name of a recording, in characters. */
export const RECORDING_NAME_CHARACTERS = 200;

/** Recordings that History lists; the older ones are reached by deleting or by opening their file. */
export const RECORDINGS_LISTED = 1000;

/** Time in which the deletion of a recording can be undone. */
export const RECORDING_UNDO_MS = 10_000;

/** Largest summary of a recording that is read: a name, and the addresses of some connections. */
export const RECORDING_SUMMARY_BYTES = 1024 * 1024;

/** Least time between two summaries of a recording that is written: what a kill can cost of its counters in History. */
export const RECORDING_SUMMARY_MS = 3000;

/** Connections whose addresses a summary keeps, so that rows of an opened recording can name them. */
export const RECORDING_PEERS_KEPT = 1000;

/** Age at which what is known of each recording is read anew when somebody looks: another Wirebench may use the folder, too. */
export const RECORDINGS_RESCAN_MS = 60_000;

/** When the folder of recordings is looked through for what has to go, unless somebody looks at it before: not while the window starts. */
export const RECORDINGS_START_MS = 5000;

/** Recordings whose summaries are read at once: as many as there are threads for files in Node. */
export const RECORDINGS_READ_AT_ONCE = 4;

/** How often recordings are looked through for those that are too old. */
export const RECORDINGS_KEEP_CHECK_MS = 24 * 60 * 60 * 1000;

/** Largest settings document that is read. */
export const SETTINGS_BYTES = 1024 * 1024;

/** Buffer in which an export is formatted before it is written: large enough that a write to the file costs nothing per record. */
export const EXPORT_BUFFER_BYTES = 1024 * 1024;

/** Least time between two progress events of an export: ten a second look like motion. */
export const EXPORT_PROGRESS_MS = 100;

/** Parts of a recording that the engine hands to an export ahead, so that the file is not kept waiting while sockets are busy. */
export const EXPORT_PARTS_AHEAD = 4;

/** Exports of one engine at once. Each has a thread of its own; beyond this they would only share the same disk. */
export const EXPORTS_AT_ONCE = 4;

/** Finished exports whose files a window can still show in the file manager. */
export const EXPORTS_REMEMBERED = 100;

/** Payload bytes of each row that copying reads at first; longer payloads are read by themselves, so that one batch stays small. */
export const COPY_PREVIEW_BYTES = 16 * 1024;

/** Rows that copying reads at a time: with their previews at most 4 MiB. */
export const COPY_BATCH_ROWS = 256;
