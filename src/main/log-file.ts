/**
 * The log file: what the application does and what goes wrong inside of it, for reports of bugs. Some files of a
 * bounded size, the newest without a number. Written at once, line by line, because what is most wanted is the line
 * before the end. A disk that takes nothing costs nothing but the log.
 */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOG_BYTES, LOG_ENTRIES_PER_SECOND, LOG_ENTRY_CHARACTERS, LOG_FILES } from '../shared/app-limits.ts';
import { redact } from './redact.ts';

/** What of the file system it needs; a test makes it fail. */
export interface LogDisk {
  append(path: string, text: string): void;
  /** Bytes of a file; 0 when it is not there. */
  size(path: string): number;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeFolder(path: string): void;
}

const realDisk: LogDisk = {
  append: (path, text) => {
    // For its owner alone.
    appendFileSync(path, text, { mode: 0o600 });
  },
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  rename: renameSync,
  remove: (path) => {
    rmSync(path, { force: true });
  },
  makeFolder: (path) => {
    mkdirSync(path, { recursive: true });
  },
};

export class LogFile {
  readonly path: string;
  readonly #disk: LogDisk;
  readonly #now: () => number;
  /** Bytes of the file by now; null until it has been looked at. */
  #size: number | null = null;
  #second = 0;
  #entries = 0;
  #skipped = 0;

  /** @param now ms since 1970 */
  constructor(path: string, { disk = realDisk, now = Date.now }: { disk?: LogDisk; now?: () => number } = {}) {
    this.path = path;
    this.#disk = disk;
    this.#now = now;
  }

  /** One entry, with its time. Secrets are masked, what is too long is cut, what comes too often is counted. Never throws. */
  write(text: string): void {
    const now = this.#now();
    if (!this.#mayWrite(now)) return;
    const short = redact(text.slice(0, LOG_ENTRY_CHARACTERS)).trimEnd();
    // Lines after the first are indented, so that no text can pass for another entry.
    const body = short.replace(/\r\n?|\n/g, '\n  ').replace(/(?![\n\t])\p{Cc}/gu, ' ');
    this.#append(`${new Date(now).toISOString()} ${body}\n`);
  }

  #mayWrite(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      const skipped = this.#skipped;
      this.#second = second;
      this.#entries = 0;
      this.#skipped = 0;
      if (skipped > 0) this.#append(`${new Date(now).toISOString()} ${skipped} more entries were left out\n`);
    }
    this.#entries += 1;
    if (this.#entries <= LOG_ENTRIES_PER_SECOND) return true;
    this.#skipped += 1;
    return false;
  }

  #append(line: string): void {
    try {
      if (this.#size === null) {
        this.#disk.makeFolder(dirname(this.path));
        this.#size = this.#disk.size(this.path);
      }
      const bytes = Buffer.byteLength(line);
      if (this.#size > 0 && this.#size + bytes > LOG_BYTES) this.#rotate();
      this.#disk.append(this.path, line);
      this.#size += bytes;
    } catch {
      // A full disk, or a folder that nobody may write: looked at again with the next entry.
      this.#size = null;
    }
  }

  /** Each file takes the name of the next older one, the oldest goes. */
  #rotate(): void {
    const name = (age: number): string => (age === 0 ? this.path : `${this.path}.${age}`);
    this.#disk.remove(name(LOG_FILES - 1));
    for (let age = LOG_FILES - 2; age >= 0; age -= 1) {
      if (this.#disk.size(name(age)) > 0) this.#disk.rename(name(age), name(age + 1));
    }
    this.#size = 0;
  }
}
