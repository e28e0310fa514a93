/**
 * A file on its way to one or more connections. It is read in chunks, and
 * only a few of them wait for their write to complete, so a file of any size
 * takes little memory. All connections get each chunk at the same time: the
 * slowest sets the pace.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { failure, success, type Outcome, type WireError } from '../shared/errors.ts';
import { FILE_CHUNK_BYTES, FILE_CHUNKS_IN_FLIGHT } from '../shared/limits.ts';
import { wireErrorOf } from '../shared/system-error.ts';
import type { Target, TargetResult } from './broadcast.ts';
import { homePath } from './home-path.ts';

/** Holds back what would make more records while the disk is behind. */
export interface Brake {
  readonly isHeld: boolean;
  untilFree(): Promise<void>;
}

/** Opens a regular file, and says how many bytes it has. Errors: `file-not-found`, `file-unreadable` and others of the system. */
export async function openToSend(
  typed: string,
): Promise<Outcome<{ readonly file: FileHandle; readonly size: number }>> {
  const path = homePath(typed);
  try {
    // Before opening: opening a pipe would wait for its writer.
    const found = await stat(path);
    if (!found.isFile()) {
      const what = found.isDirectory() ? 'it is a folder' : 'it is not a regular file';
      return failure('file-unreadable', `${path} could not be read: ${what}.`, 'Choose a regular file.');
    }
    return success({ file: await open(path, 'r'), size: found.size });
  } catch (problem) {
    return { ok: false, error: wireErrorOf(problem, path) };
  }
}

interface Lane {
  readonly target: Target;
  inFlight: number;
  error: WireError | null;
}

export class FileSend {
  readonly #path: string;
  readonly #lanes: readonly Lane[];
  readonly #send: (peer: number, bytes: Uint8Array) => Promise<Outcome>;
  readonly #brake: Brake;
  readonly #progress: () => void;
  /** Chunks that nobody uses at the moment. */
  readonly #buffers: Uint8Array[] = [];
  #cancelled = false;
  #wake: () => void = () => undefined;
  #offset = 0;
  #sent = 0;
  #total = 0;

  /** @param send completes when the system has taken the bytes, which must not change until then */
  constructor(
    path: string,
    targets: readonly Target[],
    send: (peer: number, bytes: Uint8Array) => Promise<Outcome>,
    brake: Brake,
    progress: () => void,
  ) {
    this.#path = path;
    this.#lanes = targets.map((target) => ({ target, inFlight: 0, error: null }));
    this.#send = send;
    this.#brake = brake;
    this.#progress = progress;
  }

  /** Bytes that the system has taken, of all bytes of the file. */
  get status(): { readonly sent: number; readonly total: number } {
    return { sent: this.#sent, total: this.#total };
  }

  /** No further chunk is sent. What waits in a socket stays there. */
  cancel(): void {
    this.#cancelled = true;
    this.#wake();
  }

  /**
   * Sends the bytes that the file has now.
   * @returns how it went for each connection; or the error of the file, which says how much had been sent
   */
  async run(): Promise<Outcome<{ readonly bytes: number; readonly results: readonly TargetResult[] }>> {
    const opened = await openToSend(this.#path);
    if (!opened.ok) return opened;
    const { file, size } = opened.value;
    this.#total = size;
    this.#progress();
    try {
      const problem = (await this.#pump(file)) ?? (await this.#settled());
      if (problem !== null) return { ok: false, error: problem };
    } finally {
      await file.close();
    }
    const results = this.#lanes.map(({ target, error }): TargetResult => {
      return { target, outcome: error === null ? success() : { ok: false, error } };
    });
    return success({ bytes: this.#offset, results });
  }

  async #pump(file: FileHandle): Promise<WireError | null> {
    while (this.#offset < this.#total) {
      await this.#until(
        () => !this.#brake.isHeld && this.#lanes.every((lane) => lane.inFlight < FILE_CHUNKS_IN_FLIGHT),
      );
      if (this.#isGivenUp()) return this.#cancellation();
      const lanes = this.#lanes.filter((lane) => lane.error === null);
      if (lanes.length === 0) return null;
      const chunk = await this.#read(file);
      if (!chunk.ok) return chunk.error;
      if (this.#isGivenUp()) return this.#cancellation();
      const { buffer, length } = chunk.value;
      this.#offset += length;
      let left = lanes.length;
      for (const lane of lanes) {
        void this.#sendTo(lane, buffer.subarray(0, length)).then(() => {
          left -= 1;
          if (left > 0) return;
          this.#sent += length;
          this.#buffers.push(buffer);
          this.#progress();
        });
      }
    }
    return null;
  }

  async #read(file: FileHandle): Promise<Outcome<{ readonly buffer: Uint8Array; readonly length: number }>> {
    const buffer = this.#buffers.pop() ?? new Uint8Array(FILE_CHUNK_BYTES);
    const wanted = Math.min(FILE_CHUNK_BYTES, this.#total - this.#offset);
    try {
      const { bytesRead } = await file.read(buffer, 0, wanted, this.#offset);
      if (bytesRead > 0) return success({ buffer, length: bytesRead });
      return failure(
        'file-unreadable',
        `${this.#path} became shorter while it was sent: ${this.#offset} of ${this.#total} bytes were there.`,
      );
    } catch (problem) {
      const error = wireErrorOf(problem, this.#path);
      return { ok: false, error: { ...error, message: `${error.message} ${this.#offset} bytes had been sent.` } };
    }
  }

  async #sendTo(lane: Lane, chunk: Uint8Array): Promise<void> {
    lane.inFlight += 1;
    const outcome = await this.#send(lane.target.peer, chunk);
    lane.inFlight -= 1;
    if (!outcome.ok) lane.error ??= outcome.error;
    this.#wake();
  }

  async #settled(): Promise<WireError | null> {
    await this.#until(() => this.#lanes.every((lane) => lane.inFlight === 0));
    return this.#cancelled && this.#lanes.some((lane) => lane.inFlight > 0) ? this.#cancellation() : null;
  }

  /** Waits for the condition, or for the person to lose patience. */
  async #until(condition: () => boolean): Promise<void> {
    while (!this.#cancelled && !condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#brake.isHeld) void this.#brake.untilFree().then(resolve);
      });
    }
  }

  /** A function, because it changes while somebody waits. */
  #isGivenUp(): boolean {
    return this.#cancelled;
  }

  #cancellation(): WireError {
    return failure(
      'cancelled',
      `Sending ${this.#path} was cancelled: ${this.#offset} of ${this.#total} bytes had been handed to the system.`,
    ).error;
  }
}
