/**
 * The engine's side of all scans: starts the threads that they share when the
 * first begins, ends them some time after the last, and begins anew in another
 * one what was not done when one broke down.
 */
import { availableParallelism } from 'node:os';
import { failure } from '../../shared/errors.ts';
import { SCAN_IDLE_MS, SCAN_SHARED_BYTES, SCAN_TAIL_MS, SCAN_THREADS_MOST } from '../../shared/limits.ts';
import { Scan, type ScanSink, type ScanSource } from './scan.ts';
import type { FromScan } from './scan-messages.ts';
import { ScanPlace } from './scan-place.ts';

export interface ScannerOptions {
  /** Built scan-worker.ts; null: no thread of its own, which is for tests and for engines that see little. */
  readonly worker: string | URL | null;
  /** Least time between two looks for what has been added, ms; for tests. */
  readonly tailMs?: number;
  /** Bugs, for the log. */
  readonly report: (bug: unknown) => void;
}

export class Scanner {
  readonly #options: ScannerOptions;
  readonly #scans = new Map<number, Scan>();
  #places: ScanPlace[] = [];
  #idle: ReturnType<typeof setTimeout> | null = null;
  #ending: Promise<unknown> = Promise.resolve();
  #lastJob = 0;
  #isDisposed = false;

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  /** Begins to look through a recording, from its oldest record on. Nothing is told before this returns. */
  open(source: ScanSource, sink: ScanSink): Scan {
    this.#lastJob += 1;
    const job = this.#lastJob;
    const scan: Scan = new Scan(job, source, sink, {
      tailMs: this.#options.tailMs ?? SCAN_TAIL_MS,
      send: (message, weight) => {
        if (this.#scans.has(job)) this.#placeFor(weight).send(message, scan.request);
      },
      closed: () => {
        this.#remove(job);
      },
      report: this.#options.report,
    });
    if (this.#isDisposed) {
      scan.fail(failure('cancelled', 'Wirebench is closing.').error);
      return scan;
    }
    this.#scans.set(job, scan);
    if (this.#idle !== null) clearTimeout(this.#idle);
    scan.wake();
    return scan;
  }

  /** Ends all scans and the threads. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const scan of [...this.#scans.values()]) scan.close();
    this.#end();
    await this.#ending;
  }

  #remove(job: number): void {
    if (!this.#scans.delete(job)) return;
    for (const place of this.#places) place.close(job);
    if (this.#scans.size > 0 || this.#isDisposed) return;
    this.#idle = setTimeout(() => {
      this.#end();
    }, SCAN_IDLE_MS);
    this.#idle.unref();
  }

  #end(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const places = this.#places;
    this.#places = [];
    this.#ending = Promise.all([this.#ending, ...places.map((place) => place.end())]);
  }

  /**
   * Where the next part goes: to the thread with the fewest that wait. A second thread is worth its start only where there
   * is much to look through.
   */
  #placeFor(weight: number): ScanPlace {
    const { worker } = this.#options;
    const [first, ...others] = this.#places;
    if (first === undefined) return this.#start(worker);
    const most = worker === null ? 1 : Math.min(SCAN_THREADS_MOST, availableParallelism());
    if (weight >= SCAN_SHARED_BYTES && this.#places.length < most) return this.#start(worker);
    return others.reduce((least, place) => (place.load < least.load ? place : least), first);
  }

  #start(worker: string | URL | null): ScanPlace {
    const place = new ScanPlace(worker, {
      receive: (message) => {
        this.#receive(message);
      },
      brokeDown: (bug) => {
        this.#brokeDown(place, bug);
      },
    });
    this.#places.push(place);
    return place;
  }

  /** Results that have come are kept: scans go on where these end. */
  #brokeDown(broken: ScanPlace, bug: unknown): void {
    this.#options.report(bug);
    this.#places = this.#places.filter((place) => place !== broken);
    for (const [job, scan] of [...this.#scans]) {
      for (const place of this.#places) place.close(job);
      scan.restart();
    }
  }

  #receive(message: FromScan): void {
    const scan = this.#scans.get(message.job);
    if (scan === undefined) return;
    if (message.type === 'looked') {
      scan.looked(message.looks);
      return;
    }
    if (message.bug !== null) this.#options.report(message.bug);
    scan.fail(message.error);
    this.#remove(message.job);
  }
}
