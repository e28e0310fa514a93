/** The unfinished file of an export, written synchronously in its worker thread. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/** The system refused to write. */
export class WriteFailure extends Error {
  constructor(cause: unknown) {
    super('The export could not be written', { cause });
  }
}

/** What is asked of the system, so that tests can make each step fail. */
export interface FileCalls {
  open(path: string): number;
  /** @returns bytes written; may be fewer than given */
  write(file: number, bytes: Buffer, offset: number): number;
  sync(file: number): void;
  close(file: number): void;
}

const systemCalls: FileCalls = {
  open: (path) => openSync(path, 'r+'),
  write: (file, bytes, offset) => writeSync(file, bytes, offset),
  sync: fdatasyncSync,
  close: closeSync,
};

export class ExportFile {
  readonly #calls: FileCalls;
  readonly #file: number;

  /** @param path of a file that is there and empty. @throws WriteFailure */
  constructor(path: string, calls: FileCalls = systemCalls) {
    this.#calls = calls;
    this.#file = attempt(() => calls.open(path));
  }

  /** @throws WriteFailure */
  write(bytes: Buffer): void {
    attempt(() => {
      for (let offset = 0; offset < bytes.length;) offset += this.#calls.write(this.#file, bytes, offset);
    });
  }

  /** Everything is on the disk when this returns: only then may it take the place of another file. @throws WriteFailure */
  finish(): void {
    attempt(() => {
      this.#calls.sync(this.#file);
      this.#calls.close(this.#file);
    });
  }
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (problem) {
    throw new WriteFailure(problem);
  }
}
