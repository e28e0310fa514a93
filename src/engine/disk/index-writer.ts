/**
 * Writes `index.wbx` along with the segments. It is a help for opening and
 * nothing depends on it: what it cannot write now it writes later, and what is
 * never written the reader finds in the segments.
 */
import { DISK_INDEX_SLACK_ENTRIES } from '../../shared/limits.ts';
import type { BlockIndex } from './block-index.ts';
import { concat, writeFully } from './write-fully.ts';
import type { DiskFile, DiskFiles } from './disk-files.ts';
import type { SegmentInfo } from './format.ts';
import { encodeEntries, encodeEntry, encodeIndexHeader, INDEX_ENTRY_BYTES } from './index-file.ts';

export class IndexWriter {
  readonly #path: string;
  readonly #files: DiskFiles;
  readonly #index: BlockIndex;
  #file: DiskFile | null = null;
  #position = 0;
  #entries = 0;
  /** Complete runs that are not in the file yet. */
  #pending: Uint8Array[] = [];
  /** `seq` after the last record of the last complete run. */
  #completeTo = 0;
  #info: SegmentInfo | null = null;
  #mustRenew = true;
  #work: Promise<void> | null = null;

  constructor(path: string, files: DiskFiles, index: BlockIndex) {
    this.#path = path;
    this.#files = files;
    this.#index = index;
  }

  /** Bytes that the file takes, or will take with what is complete. */
  get bytes(): number {
    return this.#position + this.#pending.length * INDEX_ENTRY_BYTES;
  }

  /** A segment was begun: its description heads the file when that is made anew. */
  describe(info: SegmentInfo): void {
    this.#info = info;
  }

  /** All runs but the last `open` ones are complete. */
  complete(open: 0 | 1): void {
    const index = this.#index;
    const end = index.length - open;
    for (let run = index.runFrom(this.#completeTo); run < end; run += 1) {
      this.#pending.push(encodeEntry(index.get(run)));
      this.#completeTo = index.endOf(run);
    }
  }

  /** The file, or too much of what it says, is gone: it is made anew at the next `save`. */
  renew(): void {
    this.#mustRenew = true;
  }

  /** Writes what is complete. Never rejects; one at a time, and what comes meanwhile with the next. */
  save(): Promise<void> {
    this.#work ??= this.#save().finally(() => {
      this.#work = null;
    });
    return this.#work;
  }

  /** Hands the rest to the system and makes it durable. */
  async close(): Promise<void> {
    await this.#work;
    await this.save();
    const file = this.#file;
    this.#file = null;
    if (file === null) return;
    await file.sync().catch(() => undefined);
    await file.close().catch(() => undefined);
  }

  async #save(): Promise<void> {
    if (this.#info === null || (this.#pending.length === 0 && !this.#mustRenew)) return;
    const isLarge = this.#entries > 2 * this.#index.length + DISK_INDEX_SLACK_ENTRIES;
    try {
      if (this.#mustRenew || isLarge) await this.#makeAnew(this.#info);
      // A copy: more become complete while these are being written.
      const pending = [...this.#pending];
      if (pending.length === 0 || this.#file === null) return;
      const bytes = concat(pending);
      // At the same place again when it fails: half an entry is never followed by another.
      await writeFully(this.#file, bytes, this.#position);
      this.#position += bytes.length;
      this.#entries += pending.length;
      this.#pending = this.#pending.slice(pending.length);
    } catch {
      // The entries stay pending; the segments are what counts, and they report their own failures.
    }
  }

  /** Writes a file with the complete runs of what is kept, and puts it in the place of the old one. */
  async #makeAnew(info: SegmentInfo): Promise<void> {
    const runs = this.#index.runFrom(this.#completeTo);
    const entries = encodeEntries(this.#index).subarray(0, runs * INDEX_ENTRY_BYTES);
    const bytes = concat([encodeIndexHeader(info), entries]);
    // They are among the entries; and if this fails it has to be done again.
    this.#pending = [];
    this.#mustRenew = true;
    const next = `${this.#path}.new`;
    const file = await this.#files.open(next, 'create');
    try {
      await file.truncate(0);
      await writeFully(file, bytes, 0);
    } finally {
      await file.close();
    }
    // Both closed: Windows renames nothing that is open.
    const old = this.#file;
    this.#file = null;
    await old?.close();
    await this.#files.rename(next, this.#path);
    this.#file = await this.#files.open(this.#path, 'create');
    this.#position = bytes.length;
    this.#entries = runs;
    this.#mustRenew = false;
  }
}
