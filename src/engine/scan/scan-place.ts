/** Where scans run: a thread, or, in an engine without one, here. */
import { Worker } from 'node:worker_threads';
import { ScanHost } from './scan-host.ts';
import type { FromScan, ScanRequest, ToScan } from './scan-messages.ts';

interface PlaceEvents {
  receive(message: FromScan): void;
  /** It is no more, and nobody has ended it. At most once; nothing comes after it. */
  brokeDown(bug: unknown): void;
}

/** Which memory goes with a message, so that it is not copied. */
function transferred(message: ToScan): ArrayBuffer[] {
  return message.type === 'part' && message.input.type === 'bytes' ? [message.input.bytes.buffer] : [];
}

export class ScanPlace {
  readonly #post: (message: ToScan) => void;
  readonly #stop: () => Promise<void>;
  /** Parts that have been sent and are not done, by their jobs. */
  readonly #open = new Map<number, number>();
  #isOver = false;

  /** @param path built scan-worker.ts; null: no thread */
  constructor(path: string | URL | null, events: PlaceEvents) {
    const receive = (message: FromScan): void => {
      if (this.#isOver) return;
      if (message.type === 'looked') this.#count(message.job, -message.looks.filter(({ isDone }) => isDone).length);
      events.receive(message);
    };
    if (path === null) {
      const host = new ScanHost(receive);
      this.#post = (message) => {
        host.handle(message);
      };
      this.#stop = () => {
        host.close();
        return Promise.resolve();
      };
      return;
    }
    const worker = new Worker(path, { name: 'scan' });
    const brokeDown = (bug: unknown): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.brokeDown(bug);
    };
    // A filter that is still open does not keep the process.
    worker.unref();
    worker.on('message', receive);
    worker.on('error', brokeDown);
    worker.on('exit', (code) => {
      brokeDown(new Error(`A thread that scans has ended with code ${code}`));
    });
    this.#post = (message) => {
      worker.postMessage(message, transferred(message));
    };
    this.#stop = async () => {
      await worker.terminate();
    };
  }

  /** Parts that are waiting here, or looked through. */
  get load(): number {
    let parts = 0;
    for (const underWay of this.#open.values()) parts += underWay;
    return parts;
  }

  /** @param request what the job looks for, in case it is new here */
  send(message: ToScan & { readonly type: 'part' }, request: ScanRequest): void {
    const { job } = message;
    if (!this.#open.has(job)) this.#post({ type: 'open', job, request });
    this.#open.set(job, (this.#open.get(job) ?? 0) + 1);
    this.#post(message);
  }

  /** Does nothing when there is no such job here. */
  close(job: number): void {
    if (this.#open.delete(job)) this.#post({ type: 'close', job });
  }

  /** Resolves when nothing of it is left. */
  end(): Promise<void> {
    this.#isOver = true;
    return this.#stop();
  }

  #count(job: number, parts: number): void {
    const underWay = this.#open.get(job);
    if (underWay !== undefined) this.#open.set(job, underWay + parts);
  }
}
