/**
 * Runs scans, in a thread of its own (scan-worker.ts) or, in an engine without
 * one, among everything else. They take turns: in each round of the event loop
 * one of them works for a slice, and messages come in between.
 */
import { SCAN_SLICE_MS } from '../../shared/limits.ts';
import { ScanJob } from './scan-job.ts';
import type { FromScan, ToScan } from './scan-messages.ts';
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
        this.#jobs.set(job, new ScanJob(job, message.request, this.#windows));
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

  #slice(id: number, job: ScanJob): void {
    const deadline = performance.now() + SCAN_SLICE_MS;
    do {
      const failed = job.work(deadline);
      const report = job.report();
      if (report !== null) this.#post(report);
      if (failed === null) continue;
      this.#end(id);
      this.#post({ type: 'failed', job: id, ...failed });
      return;
    } while (job.hasWork && performance.now() < deadline);
  }
}
