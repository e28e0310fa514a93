/** Looks at imports: short ones at once, others in a thread that has a limit of time and of memory. */
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { failure, type Outcome } from '../../shared/errors.ts';
import { IMPORT_INLINE_CHARACTERS, IMPORT_LOOK_MS, IMPORT_MEMORY_MIB } from '../../shared/exchange/exchange-limits.ts';
import type { Look } from '../../shared/exchange/findings.ts';
import { IMPORT_BYTES } from '../../shared/preset-limits.ts';
import type { Params } from '../../shared/contract.ts';
import { factsOf } from '../../shared/system-error.ts';
import { KeyedQueue } from '../library/keyed-queue.ts';
import { readWhole } from '../whole-file.ts';
import type { ImportAnswer, ImportContent } from './import-messages.ts';

export interface ImportLookerOptions {
  /** Built worker, or its source where Node reads TypeScript; without it everything is looked at at once. */
  readonly worker: string | URL | undefined;
  readonly report: (bug: unknown) => void;
  /** For tests, in ms. */
  readonly patience?: number;
}

export class ImportLooker {
  readonly #options: ImportLookerOptions;
  /** One thread at a time: each may take much memory. */
  readonly #queue = new KeyedQueue();
  #isDisposed = false;
  #cancel: () => void = () => undefined;

  constructor(options: ImportLookerOptions) {
    this.#options = options;
  }

  /** Errors: `bad-import`, and `file-not-found`, `file-unreadable` and others of the file. */
  async look(source: Params<'import.look'>['source']): Promise<Outcome<Look>> {
    if (source.type === 'text') return this.#content({ content: source.text, name: '' });
    const name = basename(source.path);
    const bytes = await readWhole(source.path, IMPORT_BYTES);
    if (bytes.ok) return this.#content({ content: bytes.value, name });
    if (bytes.error.code !== 'message-too-long') return bytes;
    const most = IMPORT_BYTES / (1024 * 1024);
    return failure('bad-import', `${name} is larger than ${most} MiB.`, 'Export it in parts.');
  }

  /** Ends what is under way. */
  dispose(): void {
    this.#isDisposed = true;
    this.#cancel();
  }

  async #content(content: ImportContent): Promise<Outcome<Look>> {
    const { worker } = this.#options;
    if (worker !== undefined && content.content.length > IMPORT_INLINE_CHARACTERS) {
      return this.#queue.run('', () => this.#inThread(worker, content));
    }
    // What reads exports is needed only now.
    const { readImport } = await import('./read-import.ts');
    return readImport(content);
  }

  async #inThread(file: string | URL, content: ImportContent): Promise<ImportAnswer> {
    const cancelled = failure('cancelled', 'The import was not looked at: the window was closed.');
    if (this.#isDisposed) return cancelled;
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: IMPORT_MEMORY_MIB } });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ImportAnswer>((resolve) => {
        this.#cancel = () => {
          resolve(cancelled);
        };
        timer = setTimeout(() => {
          resolve(failure('bad-import', 'The import takes too long to look at.', 'Export it in parts, or as JSON.'));
        }, this.#options.patience ?? IMPORT_LOOK_MS);
        worker.once('message', resolve);
        worker.once('error', (problem) => {
          resolve(this.#failed(problem));
        });
        worker.once('exit', () => {
          resolve(this.#failed(new Error('The thread of an import ended without an answer')));
        });
        worker.postMessage(content);
      });
    } finally {
      clearTimeout(timer);
      worker.removeAllListeners();
      await worker.terminate();
    }
  }

  #failed(problem: unknown): ReturnType<typeof failure> {
    if (factsOf(problem).code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return failure('bad-import', 'The import needs too much memory to look at.', 'Export it in parts, or as JSON.');
    }
    this.#options.report(problem);
    return failure('internal', 'The import could not be looked at.', 'This is a bug; the log has the details.');
  }
}
