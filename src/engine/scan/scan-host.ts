/**
 * Runs scans, in a thread of its own (scan-worker.ts) or, in an engine without
 * one, among everything else. They take turns: in each round of the event loop
 * one of them works for a slice, and messages come in between.
 */
import { SCAN_SLICE_MS } from '../../shared/limits.ts';
import { ScanJob, type ScanFailure } from './scan-job.ts';
import type { FromScan, Look, ToScan } from './scan-messages.ts';
import { SearchWindows } from './search-window.ts';

export class ScanHost {
  readonly #post: (message: FromScan) => void;
  /** In the order in which they take turns. */
  readonly #jobs = new Map<number, ScanJob>();
  readonly #windows = new SearchWindows();
  #isScheduled = false;

  constructor(post: (message: FromScan) => void) {
    this.#post = post;
  }

  handle(message: ToScan): void {
    const { job } = message;
    switch (message.type) {
      case 'open':
        this.#jobs.set(job, new ScanJob(message.request, this.#windows));
        break;
      case 'part':
        this.#jobs.get(job)?.add(message.part, message.input, message.from);
        this.#schedule();
        break;
      case 'close':
        this.#end(job);
        break;
    }
  }

  /** Ends all scans. */
  close(): void {
    for (const job of [...this.#jobs.keys()]) this.#end(job);
  }

  #end(job: number): void {
    this.#jobs.get(job)?.close();
    this.#jobs.delete(job);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    for (const [id, job] of this.#jobs) {
      if (!job.hasWork) continue;
      // To the end of the line.
      this.#jobs.delete(id);
      this.#jobs.set(id, job);
      this.#slice(id, job);
      break;
    }
    if ([...this.#jobs.values()].some((job) => job.hasWork)) this.#schedule();
  }

  /** What a slice has found goes in one message: each one takes time on both sides. The first of a job does not wait for more. */
  #slice(id: number, job: ScanJob): void {
    const deadline = performance.now() + SCAN_SLICE_MS;
    const isFirst = !job.hasReported;
    const looks: Look[] = [];
    let failed: ScanFailure | null;
    do {
      failed = job.work(deadline);
      const look = job.report();
      if (look !== null) looks.push(look);
    } while (failed === null && !isFirst && job.hasWork && performance.now() < deadline);
    if (looks.length > 0) this.#post({ type: 'looked', job: id, looks });
    if (failed === null) return;
    this.#end(id);
    this.#post({ type: 'failed', job: id, ...failed });
  }
}
