/**
 * One scan as the engine sees it: hands on the parts of a recording, a few
 * ahead, and tells what was found in them in their order, whoever is done first.
 */
import { failure, type WireError } from '../../shared/errors.ts';
import { SCAN_AHEAD_BYTES, SCAN_AHEAD_MEMORY_BYTES, SCAN_RESTARTS } from '../../shared/limits.ts';
import type { RecordingReader, ScanInput } from '../recording.ts';
import { StatusPace } from '../status-pace.ts';
import type { Look, ScanRequest, ToScan } from './scan-messages.ts';

/** What is looked through. */
export interface ScanSource extends ScanRequest {
  readonly recording: Pick<RecordingReader, 'scan' | 'rows' | 'state'>;
}

/** Who wants to know. */
export interface ScanSink {
  /** These pass, in ascending order over all calls. */
  found(seqs: Float64Array): void;
  /** All records before this one have been looked at. Comes after what was found there. */
  looked(next: number): void;
  /** The scan is given up. Errors: `bad-filter` when the filter is at fault, `internal` when it is not. */
  failed(error: WireError): void;
}

type Message = Extract<ToScan, { readonly type: 'part' }>;

interface ScanPort {
  /** Least time between two looks for what has been added. */
  readonly tailMs: number;
  /** @param weight of what is on its way, with this */
  send(message: Message, weight: number): void;
  closed(): void;
  report(bug: unknown): void;
}

/** A part that is on its way. */
interface Part {
  /** Its bytes on disk, or as much for bytes in memory. */
  readonly weight: number;
  /** What was found in it, while one before it is not done. */
  found: Float64Array[];
  next: number;
  isDone: boolean;
}

export class Scan {
  readonly #job: number;
  readonly #source: ScanSource;
  readonly #sink: ScanSink;
  readonly #port: ScanPort;
  readonly #pace: StatusPace;
  readonly #underWay: Part[] = [];
  /** Number of the first of them. */
  #firstPart = 0;
  #weight = 0;
  /** `seq` of the next record to hand on, and of the next to hear of. */
  #asked = 0;
  #looked = 0;
  /** Where the recording ended when there was nothing more to hand on, nor on its way to the disk. */
  #caughtUp = 0;
  #isFull = false;
  #isOver = false;
  #breakdowns = 0;
  #brokeAt = -1;

  constructor(job: number, source: ScanSource, sink: ScanSink, port: ScanPort) {
    this.#job = job;
    this.#source = source;
    this.#sink = sink;
    this.#port = port;
    this.#pace = new StatusPace(port.tailMs, () => {
      this.#handOn();
      return true;
    });
  }

  /** All records before this one have been looked at, or cannot be read. */
  get position(): number {
    return this.#underWay.length > 0 || this.#isFull ? this.#looked : Math.max(this.#looked, this.#caughtUp);
  }

  get request(): ScanRequest {
    const { terms, kinds, peer } = this.#source;
    return { terms, kinds, peer };
  }

  /** There may be more records. Cheap enough for every record. */
  wake(): void {
    this.#pace.touch();
  }

  close(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#port.closed();
  }

  /** Some of the work was done. */
  looked(looks: readonly Look[]): void {
    if (this.#isOver) return;
    for (const { part: number, found, next, isDone } of looks) {
      const part = this.#underWay[number - this.#firstPart];
      if (part === undefined) continue;
      if (found.length > 0) part.found.push(found);
      part.next = next;
      part.isDone = isDone;
    }
    const ready: Float64Array[] = [];
    for (let head = this.#underWay[0]; head !== undefined; head = this.#underWay[0]) {
      ready.push(...head.found);
      head.found = [];
      this.#looked = Math.max(this.#looked, head.next);
      if (!head.isDone) break;
      this.#underWay.shift();
      this.#firstPart += 1;
      this.#weight -= head.weight;
    }
    if (this.#isFull) this.#handOn();
    for (const seqs of ready) this.#sink.found(seqs);
    this.#sink.looked(this.#looked);
  }

  /** The thread has broken down, and there will be another one: goes on where it stopped, unless that was at fault. */
  restart(): void {
    if (this.#isOver) return;
    this.#breakdowns = this.#brokeAt === this.#looked ? this.#breakdowns + 1 : 1;
    this.#brokeAt = this.#looked;
    this.#firstPart += this.#underWay.length;
    this.#underWay.length = 0;
    this.#weight = 0;
    this.#asked = this.#looked;
    if (this.#breakdowns <= SCAN_RESTARTS) {
      this.wake();
      return;
    }
    this.fail(failure('internal', 'The filter failed.', 'This is a bug; the log has the details.').error);
    this.#port.closed();
  }

  fail(error: WireError): void {
    if (this.#isOver) return;
    this.#stop();
    this.#sink.failed(error);
  }

  #stop(): void {
    this.#isOver = true;
    this.#pace.stop();
  }

  #handOn(): void {
    try {
      while (!this.#isOver) {
        this.#isFull = this.#weight >= SCAN_AHEAD_BYTES;
        if (this.#isFull) return;
        const { recording } = this.#source;
        const { end } = recording.rows;
        const input = recording.scan(this.#asked);
        if (input === null || input.first + input.count <= this.#asked) {
          if (recording.state.waiting === 0) this.#caughtUp = end;
          return;
        }
        this.#send(input);
      }
    } catch (bug) {
      this.#port.report(bug);
      this.fail(failure('internal', 'The filter failed.', 'This is a bug; the log has the details.').error);
      this.#port.closed();
    }
  }

  #send(input: ScanInput): void {
    const weight =
      input.type === 'blocks' ? input.length : input.bytes.length * (SCAN_AHEAD_BYTES / SCAN_AHEAD_MEMORY_BYTES);
    const part = this.#firstPart + this.#underWay.length;
    this.#underWay.push({ weight, found: [], next: input.first, isDone: false });
    this.#weight += weight;
    const from = this.#asked;
    this.#asked = input.first + input.count;
    this.#port.send({ type: 'part', job: this.#job, part, input, from }, this.#weight);
  }
}
