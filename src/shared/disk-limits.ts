/** Limits of writing recordings to the device itself, past the system's cache (ADR 16). */

/** What a device writes without reading before it, in bytes: a page, which is a multiple of the sectors of all disks of today. */
export const DISK_ALIGN_BYTES = 4096;

/** Least bytes of a block that gets up to a page of padding: below, recordings of little traffic would grow by it. */
export const DISK_ALIGN_FROM_BYTES = 64 * 1024;

/** Least bytes that are written to the device itself: a call for less takes longer than the copy that it saves. */
export const DISK_DEVICE_BYTES = 512 * 1024;

/** Writes that go through the system's cache after the device was found to be slower than what comes: the cache takes in a burst. */
export const DISK_CACHED_WRITES = 64;
