/** Reads many files of a workspace folder in a thread, so that sockets do not wait for a large folder. */
import { Worker } from 'node:worker_threads';
import type { FilesAnswer, FilesRequest } from './files-messages.ts';
import type { Content, KnownFile } from './known-file.ts';
import type { ListedFile } from './read-known.ts';

export interface ReadFiles {
  readonly files: ReadonlyMap<string, KnownFile>;
  /** What reading all of each file has found, by their places. Nothing when the thread has ended before. */
  readonly checked: Promise<ReadonlyMap<string, Content>>;
}

const nothing: ReadonlyMap<string, Content> = new Map();

export class FilesThread {
  readonly #file: string | URL;
  readonly #end = new Set<() => void>();
  #isEnded = false;

  /** @param file built worker, or its source where Node reads TypeScript */
  constructor(file: string | URL) {
    this.#file = file;
  }

  /** Nobody wants to know any more. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** @returns null when the thread has failed, or was ended: then they are still to be read */
  read(root: string, files: readonly ListedFile[]): Promise<ReadFiles | null> {
    return new Promise((resolve) => {
      const worker = new Worker(this.#file);
      let finish: (contents: ReadonlyMap<string, Content>) => void = () => undefined;
      const checked = new Promise<ReadonlyMap<string, Content>>((done) => {
        finish = done;
      });
      const end = (): void => {
        this.#end.delete(end);
        worker.removeAllListeners();
        // One that fails while it is ended has nothing more to say.
        worker.on('error', () => undefined);
        resolve(null);
        finish(nothing);
        void worker.terminate();
      };
      this.#end.add(end);
      worker.on('message', (answer: FilesAnswer) => {
        if (answer.type === 'read') {
          resolve({ files: answer.files, checked });
          return;
        }
        finish(answer.contents);
        end();
      });
      worker.once('error', end);
      worker.once('exit', end);
      const request: FilesRequest = { root, files };
      worker.postMessage(request);
    });
  }

  /** Ends what is under way, for good. */
  dispose(): void {
    this.#isEnded = true;
    for (const end of [...this.#end]) end();
  }
}
