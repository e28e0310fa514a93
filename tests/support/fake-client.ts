/**
 * An engine that exists only on paper: sessions of any length whose rows are
 * computed when they are asked for. Answers come by themselves, or one by one
 * when a test holds them.
 */
import type { Client } from '../../src/rpc/client.ts';
import type { Method, Params, Result, SessionStatus } from '../../src/shared/contract.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import { ROW_PREVIEW_BYTES } from '../../src/shared/limits.ts';
import { encodeRecord, FLAG_SYNTHETIC, kindTable, type Meta, type RecordHead } from '../../src/shared/record.ts';

/** One record of a synthetic session. */
export interface FakeRow {
  readonly head: RecordHead;
  readonly meta: Meta | null;
  readonly payload: Uint8Array;
}

/** Kinds of a TCP client, shortly. */
export const fakeKinds = kindTable(['lookup', 'connect', 'data', 'end', 'close']);

export function kindNumber(name: string): number {
  const number = fakeKinds.indexOf(name);
  if (number < 0) throw new Error(`fakeKinds has no ${name}`);
  return number;
}

/** Row `seq`: data, in and out by turns, 1 ms apart, `message 7\n`. */
export function dataRow(seq: number, text = `message ${seq}\n`): FakeRow {
  return {
    head: {
      kind: kindNumber('data'),
      direction: seq % 2 === 0 ? 'in' : 'out',
      flags: 0,
      time: seq * 1_000_000,
      seq,
      peer: 1,
    },
    meta: null,
    payload: new TextEncoder().encode(text),
  };
}

export function eventRow(seq: number, kind: string, meta: Meta = {}): FakeRow {
  const head = { kind: kindNumber(kind), direction: 'none', flags: 0, time: seq * 1_000_000, seq, peer: 1 } as const;
  return { head, meta, payload: new Uint8Array(0) };
}

export interface FakeClientOptions {
  /** Records of the session, 0 by default. */
  readonly end?: number;
  readonly row?: (seq: number) => FakeRow;
  /** Which records a filter lets through, as the n-th one of them; by default each tenth passes. */
  readonly filtered?: { readonly count: (end: number) => number; readonly seqOf: (row: number) => number };
}

type Answers = { readonly [M in Method]?: (params: Params<M>) => Outcome<Result<M>> };

const gapKind = 0;

export class FakeClient implements Client {
  readonly session = 'fake-1';
  /** What was asked, in order. */
  readonly rowCalls: Params<'rows'>[] = [];
  readonly payloadCalls: Params<'payload'>[] = [];
  readonly viewOpens: Params<'view.open'>[] = [];
  readonly viewCloses: Params<'view.close'>[] = [];
  readonly findCalls: Params<'row.find'>[] = [];
  readonly textCalls: Params<'rows.text'>[] = [];
  /** Rows that `rows.text` gives at most. */
  mostCopied = 1000;
  /** The range of records that exist. The row at `first` is a gap row when it is above 0. */
  first = 0;
  end: number;
  startedAt = 0;
  /** Makes the next calls of `rows` and `payload` fail with `gone`. */
  isGone = false;
  readonly views = new Map<number, string>();
  readonly #row: (seq: number) => FakeRow;
  readonly #filtered: NonNullable<FakeClientOptions['filtered']>;
  #nextView = 1;
  #held: (() => void)[] | null = null;

  constructor(options: FakeClientOptions = {}) {
    this.end = options.end ?? 0;
    this.#row = options.row ?? dataRow;
    this.#filtered = options.filtered ?? { count: (end) => Math.ceil(end / 10), seqOf: (row) => row * 10 };
  }

  /** From now on answers wait until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  get heldCount(): number {
    return this.#held?.length ?? 0;
  }

  /** Delivers one held answer, the oldest by default. */
  async release(index = 0): Promise<void> {
    this.#held?.splice(index, 1)[0]?.();
    await settled();
  }

  /** Delivers all held answers and holds no more. */
  async releaseAll(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = null;
    for (const deliver of held) deliver();
    await settled();
  }

  async call<M extends Method>(method: M, params: Params<M>): Promise<Outcome<Result<M>>> {
    const answer = this.#answers[method];
    const outcome = answer === undefined ? failure('not-supported', `The fake has no ${method}.`) : answer(params);
    const held = this.#held;
    if (held !== null) await new Promise<void>((resolve) => held.push(resolve));
    return outcome;
  }

  /** Sends no events: tests hand a `status()` to whom it concerns. */
  on(): () => void {
    return () => undefined;
  }

  onClosed(): void {
    // It never goes away by itself.
  }

  close(): void {
    // Holds nothing.
  }

  /** The status as the engine would send it now. */
  status(changes: Partial<SessionStatus> = {}): SessionStatus {
    const counters = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
    return {
      session: this.session,
      protocol: 'tcp-client',
      state: 'open',
      error: null,
      startedAt: this.startedAt,
      local: '127.0.0.1:51234',
      remote: '127.0.0.1:9000',
      facts: {},
      counters,
      peers: { total: 1, open: 1 },
      rows: { first: this.first, end: this.end },
      hasFrames: false,
      recording: {
        bytes: 0,
        lostRecords: this.first,
        lostBytes: 0,
        storage: 'disk',
        id: null,
        waiting: 0,
        isBehind: false,
        error: null,
      },
      readOnly: false,
      readingPaused: false,
      sending: null,
      reconnect: null,
      views: [...this.views.keys()].map((view) => {
        const total = this.end - this.first;
        return { view, first: 0, end: this.#filtered.count(this.end), scanned: total, total, error: null };
      }),
      ...changes,
    };
  }

  readonly #answers: Answers = {
    rows: (params) => {
      this.rowCalls.push(params);
      return this.#rows(params.view, params.from, params.count);
    },
    payload: (params) => {
      this.payloadCalls.push(params);
      const { seq, offset, length } = params;
      if (this.isGone || seq < this.first) return failure('gone', `Record ${seq} is no longer kept.`);
      const { payload } = this.#row(seq);
      return success({ total: payload.length, bytes: payload.slice(offset, offset + length) });
    },
    'view.open': (params) => {
      this.viewOpens.push(params);
      const { filter, peer } = params;
      if (filter === 'bad') return failure('bad-filter', 'The filter is bad.', 'Write a good one.');
      const view = this.#nextView;
      this.#nextView += 1;
      this.views.set(view, `${filter}|${peer ?? ''}`);
      return success({ view });
    },
    'row.find': (params) => {
      this.findCalls.push(params);
      const end = params.view === null ? this.end : this.#filtered.count(this.end);
      const first = params.view === null ? this.first : 0;
      if (end === first) return success({ row: null });
      const seq = 'seq' in params.at ? params.at.seq : Math.ceil(params.at.time / 1_000_000);
      if (params.view === null) return success({ row: Math.max(first, Math.min(end - 1, seq)) });
      let row = 0;
      while (row < end - 1 && this.#filtered.seqOf(row) < seq) row += 1;
      return success({ row });
    },
    'rows.text': (params) => {
      this.textCalls.push(params);
      const rows = Math.min(params.count, this.mostCopied);
      const isCut = rows < params.count;
      return success({ text: `${params.as} of ${rows} from ${params.from}`, rows, isCut });
    },
    'view.close': (params) => {
      this.viewCloses.push(params);
      this.views.delete(params.view);
      return success({});
    },
  };

  #rows(view: number | null, from: number, count: number): Outcome<Result<'rows'>> {
    const first = view === null ? this.first : 0;
    const end = view === null ? this.end : this.#filtered.count(this.end);
    if (view !== null && !this.views.has(view)) return failure('not-found', `There is no view ${view}.`);
    const start = Math.max(from, first);
    const stop = Math.min(start + count, end);
    const packed: Uint8Array[] = [];
    for (let row = start; row < stop; row += 1) {
      packed.push(this.#packed(view === null ? row : this.#filtered.seqOf(row)));
    }
    return success({ first, end, from: start, rows: join(packed) });
  }

  #packed(seq: number): Uint8Array {
    if (seq === this.first && seq > 0) {
      const head = {
        kind: gapKind,
        direction: 'none',
        flags: FLAG_SYNTHETIC,
        time: seq * 1_000_000,
        seq,
        peer: 0,
      } as const;
      return encodeRecord(head, { count: seq + 1, bytes: (seq + 1) * 10, reason: 'memory' }, new Uint8Array(0));
    }
    const { head, meta, payload } = this.#row(seq);
    return encodeRecord(head, meta, payload, ROW_PREVIEW_BYTES);
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** Lets answers that are ready arrive: a bounded number of turns of the microtask queue. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

/** Frames and timers that a test moves by hand. */
export class FakeScheduler {
  #frames: (() => void)[] = [];
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  #now = 0;

  frame(run: () => void): () => void {
    this.#frames.push(run);
    return () => {
      this.#frames = this.#frames.filter((other) => other !== run);
    };
  }

  later(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Draws one frame and lets answers come. */
  async nextFrame(): Promise<void> {
    const frames = this.#frames;
    this.#frames = [];
    for (const run of frames) run();
    await settled();
  }

  /** Draws frames until no more are asked for. */
  async rest(most = 50): Promise<void> {
    for (let count = 0; count < most && this.#frames.length > 0; count += 1) await this.nextFrame();
  }

  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.run();
    await settled();
  }
}
