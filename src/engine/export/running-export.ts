/** One export while it runs: feeds its worker thread, tells how far it is, and leaves either a whole file or none. */
import { Worker } from 'node:worker_threads';
import type { ExportProgress } from '../../shared/contract.ts';
import { failure, type WireError } from '../../shared/errors.ts';
import { EXPORT_PARTS_AHEAD, EXPORT_PROGRESS_MS } from '../../shared/limits.ts';
import type { ExportCounts, ExportTask, FromExport, ToExport } from './export-messages.ts';
import type { RecordingParts } from './recording-parts.ts';
import { finishTarget, removeUnfinished, type TargetFile } from './target-file.ts';

export interface ExportSetting {
  readonly id: number;
  readonly session: string;
  /** Built worker, or its source where Node reads TypeScript. */
  readonly worker: string | URL;
  readonly target: TargetFile;
  readonly task: ExportTask;
  readonly parts: RecordingParts;
  readonly emit: (progress: ExportProgress) => void;
  readonly report: (bug: unknown) => void;
}

/** How an export ends. */
export interface Ending {
  readonly state: 'done' | 'cancelled' | 'failed';
  readonly error: WireError | null;
}

export class RunningExport {
  readonly #setting: ExportSetting;
  readonly #worker: Worker;
  #counts: ExportCounts = { parts: 0, looked: 0, records: 0, bytes: 0 };
  #sent = 0;
  #told = -Infinity;
  #wake: (() => void) | null = null;
  #ending: Ending | null = null;
  /** The file is complete, and takes its name: too late to cancel. */
  #isFinishing = false;
  #settle: () => void = () => undefined;
  /** Resolves when it has ended, its thread is gone, and so is the unfinished file. */
  readonly ended: Promise<Ending>;

  /** @throws when there can be no thread for it */
  constructor(setting: ExportSetting) {
    this.#setting = setting;
    this.#worker = new Worker(setting.worker);
    const settled = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    this.#worker.on('message', (message: FromExport) => {
      this.#hear(message);
    });
    this.#worker.on('error', (bug) => {
      this.#fail(bug);
    });
    this.#worker.on('exit', (code) => {
      this.#fail(new Error(`The thread of an export ended with code ${code}`));
    });
    this.ended = settled.then(() => this.#clean());
    this.#post({ type: 'begin', task: setting.task });
    this.#feed().catch((bug: unknown) => {
      this.#fail(bug);
    });
  }

  get path(): string {
    return this.#setting.target.path;
  }

  /** Ends it early; nothing happens when it has ended, or is about to. */
  end(ending: Ending): void {
    if (this.#isFinishing) return;
    this.#finish(ending);
  }

  #finish(ending: Ending): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    this.#wake?.();
    this.#settle();
  }

  #fail(bug: unknown): void {
    if (this.#ending !== null || this.#isFinishing) return;
    this.#setting.report(bug);
    const { error } = failure('internal', 'The export failed.', 'This is a bug; the log has the details.');
    this.#finish({ state: 'failed', error });
  }

  #post(message: ToExport): void {
    this.#worker.postMessage(message);
  }

  async #feed(): Promise<void> {
    const { parts } = this.#setting;
    for (;;) {
      await this.#room();
      if (this.#ending !== null) return;
      const part = await parts.next();
      // It may have ended while that was read.
      if (this.#hasEnded()) return;
      if (part === null) {
        this.#post({ type: 'end' });
        return;
      }
      this.#sent += 1;
      this.#post({ type: 'part', part });
    }
  }

  #hasEnded(): boolean {
    return this.#ending !== null;
  }

  /** Resolves when the thread may have a further part, or the export has ended. */
  #room(): Promise<void> {
    if (this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }

  #hasRoom(): boolean {
    return this.#ending !== null || this.#sent - this.#counts.parts < EXPORT_PARTS_AHEAD;
  }

  #hear(message: FromExport): void {
    if (this.#ending !== null) return;
    if (message.type === 'failed') {
      this.#finish({ state: 'failed', error: message.error });
      return;
    }
    const { parts, looked, records, bytes } = message;
    this.#counts = { parts, looked, records, bytes };
    if (message.type === 'finished') {
      this.#isFinishing = true;
      void this.#complete(message.error);
      return;
    }
    if (this.#hasRoom()) this.#wake?.();
    const now = performance.now();
    if (now - this.#told < EXPORT_PROGRESS_MS) return;
    this.#told = now;
    this.#tell('running', null);
  }

  async #complete(missing: WireError | null): Promise<void> {
    const named = await finishTarget(this.#setting.target);
    this.#finish(named.ok ? { state: 'done', error: missing } : { state: 'failed', error: named.error });
  }

  async #clean(): Promise<Ending> {
    await this.#worker.terminate();
    const ending: Ending = this.#ending ?? { state: 'cancelled', error: null };
    if (ending.state !== 'done') await removeUnfinished(this.#setting.target);
    this.#tell(ending.state, ending.error);
    return ending;
  }

  #tell(state: ExportProgress['state'], error: WireError | null): void {
    const { id, session, target, parts } = this.#setting;
    const { looked, records, bytes } = this.#counts;
    const total = parts.end - parts.from;
    this.#setting.emit({ export: id, session, path: target.path, state, looked, total, records, bytes, error });
  }
}
