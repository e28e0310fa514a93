/** One scan: looks through the parts that it is given, a slice of time at a time. */
import { failure, type WireError } from '../../shared/errors.ts';
import {
  FILTER_PLAN_MS,
  FILTER_REGEX_MS,
  FILTER_REGEX_TRIES,
  SCAN_WIDE_WINDOW_BYTES,
  SCAN_WINDOW_BYTES,
} from '../../shared/limits.ts';
import { factsOf, wireErrorOf } from '../../shared/system-error.ts';
import type { ScanInput } from '../recording.ts';
import { runLimited } from '../time-limit.ts';
import { BlockScan, type RecordBlock } from './block-scan.ts';
import { FoundList } from './found-list.ts';
import { PartReader } from './part-reader.ts';
import type { Look, ScanRequest } from './scan-messages.ts';
import { ScanPlan } from './scan-plan.ts';
import type { SearchWindow, SearchWindows } from './search-window.ts';

interface Part {
  readonly part: number;
  readonly input: ScanInput;
  readonly from: number;
}

interface Tools {
  readonly plan: ScanPlan;
  readonly window: SearchWindow;
  readonly reader: PartReader;
  readonly scan: BlockScan;
}

/** What a scan says when it is given up. */
export interface ScanFailure {
  readonly error: WireError;
  readonly bug: string | null;
}

export class ScanJob {
  readonly #request: ScanRequest;
  readonly #windows: SearchWindows;
  readonly #parts: Part[] = [];
  readonly #found = new FoundList();
  /** Made at the first slice: a filter may be one that cannot be run. */
  #tools: Tools | null = null;
  #current: Part | null = null;
  /** Its next block, until the scan has begun with it. */
  #block: RecordBlock | null = null;
  /** The part that is done and has not been reported. */
  #done: Part | null = null;
  #hasNews = false;
  #hasReported = false;
  /** The record at which an expression was cut off last, and how often. */
  #stuckAt = -1;
  #cuts = 0;

  constructor(request: ScanRequest, windows: SearchWindows) {
    this.#request = request;
    this.#windows = windows;
  }

  get hasWork(): boolean {
    return this.#current !== null || this.#done !== null || this.#parts.length > 0;
  }

  get hasReported(): boolean {
    return this.#hasReported;
  }

  add(part: number, input: ScanInput, from: number): void {
    this.#parts.push({ part, input, from });
  }

  close(): void {
    this.#parts.length = 0;
    this.#current = null;
    this.#done = null;
    this.#block = null;
    if (this.#tools === null) return;
    this.#tools.reader.close();
    this.#windows.give(this.#tools.window);
    this.#tools = null;
  }

  /**
   * Looks on until it is late or a part is done, which must be reported then.
   * @param deadline as `performance.now()`
   * @returns why the scan is given up, or null
   */
  work(deadline: number): ScanFailure | null {
    try {
      while (this.hasWork && this.#done === null) {
        if (!this.#step(deadline)) return this.#tooSlow();
        if (performance.now() >= deadline) break;
      }
      return null;
    } catch (bug) {
      return this.#failureOf(bug);
    }
  }

  /** What has come about since the last time; null when nothing has. */
  report(): Look | null {
    const about = this.#done ?? this.#current;
    if (about === null || !this.#hasNews) return null;
    const isDone = this.#done !== null;
    this.#done = null;
    this.#hasNews = false;
    this.#hasReported = true;
    const next = isDone ? about.input.first + about.input.count : this.#next;
    return { part: about.part, next, isDone, found: this.#found.take() };
  }

  get #next(): number {
    if (this.#tools === null) return this.#current?.input.first ?? 0;
    const { scan, reader } = this.#tools;
    return scan.isDone ? (this.#block?.first ?? reader.seq) : scan.seq;
  }

  /** @returns false when it takes too long */
  #step(deadline: number): boolean {
    this.#hasNews = true;
    this.#tools ??= this.#makeTools();
    if (this.#tools === null) return false;
    const { reader, scan } = this.#tools;
    if (!scan.isDone || this.#block !== null || reader.isReady) return this.#look(this.#tools, deadline);
    if (this.#current === null) {
      this.#current = this.#parts.shift() ?? null;
      if (this.#current !== null) reader.begin(this.#current.input);
      return true;
    }
    this.#block = reader.next();
    if (this.#block === null) {
      this.#done = this.#current;
      this.#current = null;
    }
    return true;
  }

  #look(tools: Tools, deadline: number): boolean {
    if (!tools.plan.filter.isCostly) {
      this.#lookAtBlocks(tools, deadline);
      return true;
    }
    const next = this.#next;
    const isOnTime = runLimited(() => {
      this.#lookAtBlocks(tools, deadline);
    }, FILTER_REGEX_MS);
    if (isOnTime || tools.scan.calmDown() || this.#next !== next) return true;
    this.#cuts = this.#stuckAt === next ? this.#cuts + 1 : 1;
    this.#stuckAt = next;
    return this.#cuts < FILTER_REGEX_TRIES;
  }

  /** Looks through what is in the window. May be cut off anywhere, and goes on there when it is called again. */
  #lookAtBlocks({ reader, scan }: Tools, deadline: number): void {
    do {
      if (!scan.isDone) {
        scan.run(deadline);
      } else if (this.#block !== null) {
        const isWanted = this.#block.first + this.#block.count > (this.#current?.from ?? 0);
        if (isWanted && scan.begin(this.#block) && !reader.isIntact()) scan.leave();
        this.#block = null;
      } else if (reader.isReady) {
        this.#block = reader.next();
      } else {
        return;
      }
    } while (performance.now() < deadline);
  }

  /** @returns null when making the plan took too long: it tries the expression on the names of kinds */
  #makeTools(): Tools | null {
    const made: { plan?: ScanPlan } = {};
    runLimited(() => {
      made.plan = new ScanPlan(this.#request);
    }, FILTER_PLAN_MS);
    const { plan } = made;
    if (plan === undefined) return null;
    const room = plan.filter.isCostly ? SCAN_WIDE_WINDOW_BYTES : SCAN_WINDOW_BYTES;
    const window = this.#windows.take();
    window.prepare(plan.needles ?? []);
    const scan = new BlockScan(plan, window, this.#found, () => this.#current?.from ?? 0);
    return { plan, window, reader: new PartReader(window, room), scan };
  }

  #tooSlow(): ScanFailure {
    const record = this.#stuckAt < 0 ? 'the name of a kind' : `record ${this.#stuckAt}`;
    const message = `The regular expression takes too long on ${record}.`;
    return {
      error: failure('bad-filter', message, 'Avoid repetitions inside of repetitions, such as (a+)+.').error,
      bug: null,
    };
  }

  #failureOf(bug: unknown): ScanFailure {
    // An expression is compiled when it is first used, and may turn out to be too large then.
    if (bug instanceof Error && bug.name === 'SyntaxError') {
      const message = 'The regular expression is too large.';
      return { error: failure('bad-filter', message, 'Use smaller counts in its repetitions.').error, bug: null };
    }
    const input = this.#current?.input;
    if (input?.type === 'blocks' && factsOf(bug).syscall === 'open') {
      return { error: wireErrorOf(bug, input.path), bug: null };
    }
    const text = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    return {
      error: failure('internal', 'The filter failed.', 'This is a bug; the log has the details.').error,
      bug: text,
    };
  }
}
