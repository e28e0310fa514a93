import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { Turns } from '../../src/engine/turns.ts';
import { View } from '../../src/engine/view.ts';
import { parseFilter, type FilterTerm } from '../../src/shared/filter.ts';
import { SCAN_LOOK_STEPS, SCAN_SLICE_MS } from '../../src/shared/limits.ts';
import { decodeRecords, FLAG_SYNTHETIC, kindTable, type RecordView } from '../../src/shared/record.ts';
import { errorOf, turn, until, valueOf } from '../support/outcome.ts';

const kinds = kindTable(['data', 'connect']);
const DATA = kinds.indexOf('data');
const CONNECT = kinds.indexOf('connect');
const views: View[] = [];

interface Bench {
  readonly recording: MemoryRecording;
  readonly view: View;
  /** How often the view said that it has changed. */
  readonly changes: () => number;
  add(text: string, peer?: number): void;
  done(): Promise<void>;
  rows(from?: number, count?: number): Promise<RecordView[]>;
}

function open(
  filter: string | readonly FilterTerm[],
  recording = new MemoryRecording(),
  peer: number | null = null,
): Bench {
  let changes = 0;
  const source = {
    recording,
    kinds,
    turns: new Turns(),
    changed: () => (changes += 1),
    report: (bug: unknown) => {
      throw bug;
    },
  };
  const terms = typeof filter === 'string' ? valueOf(parseFilter(filter)) : filter;
  const view = new View(1, source, terms, peer);
  views.push(view);
  return {
    recording,
    view,
    changes: () => changes,
    add(text, of = 1) {
      add(recording, text, of);
      view.wake();
    },
    async done() {
      await until(() => view.status.scanned === view.status.total, 'the scan');
      await turn();
    },
    async rows(from = 0, count = 500) {
      return decodeRecords(valueOf(await view.read(from, count)).rows);
    },
  };
}

function add(recording: MemoryRecording, text: string, peer = 1): void {
  recording.append(DATA, 1, 0, peer, new TextEncoder().encode(text), null);
}

afterEach(() => {
  for (const view of views.splice(0)) view.close();
  vi.restoreAllMocks();
});

describe('a filtered view', () => {
  it('finds what is there already and follows what comes', async () => {
    const recording = new MemoryRecording();
    for (const text of ['ping', 'pong', 'ping']) add(recording, text);
    const bench = open('ping', recording);
    await bench.done();
    expect((await bench.rows()).map((row) => row.seq)).toEqual([0, 2]);
    expect(bench.view.status).toEqual({ view: 1, first: 0, end: 2, scanned: 3, total: 3, error: null });
    bench.add('pong');
    bench.add('ping');
    await bench.done();
    expect((await bench.rows()).map((row) => row.seq)).toEqual([0, 2, 4]);
    expect(bench.changes()).toBeGreaterThan(0);
  });

  it('numbers its rows in the order of what was found', async () => {
    const bench = open('x');
    for (let count = 0; count < 20; count += 1) bench.add(count % 2 === 0 ? 'x' : 'y');
    await bench.done();
    const part = valueOf(await bench.view.read(3, 4));
    expect(part).toMatchObject({ first: 0, end: 10, from: 3 });
    expect(decodeRecords(part.rows).map((row) => row.seq)).toEqual([6, 8, 10, 12]);
    expect(valueOf(await bench.view.read(50, 4))).toMatchObject({ from: 10 });
  });

  it('looks at one connection only when it is asked to', async () => {
    const recording = new MemoryRecording();
    add(recording, 'a', 1);
    add(recording, 'a', 2);
    const bench = open('', recording, 2);
    bench.add('a', 2);
    await bench.done();
    expect((await bench.rows()).map((row) => row.seq)).toEqual([1, 2]);
  });

  it('finds events by what their rows say, and bytes by their text', async () => {
    const bench = open('9000');
    bench.recording.append(CONNECT, 0, 0, 1, null, { local: 'a:1', remote: '127.0.0.1:9000' });
    bench.recording.append(CONNECT, 0, 0, 1, null, { local: 'a:1', remote: '127.0.0.1:80' });
    bench.add('port 9000');
    await bench.done();
    expect((await bench.rows()).map((row) => row.seq)).toEqual([0, 2]);
  });

  it('begins with the gap row when records were gone before it could look', async () => {
    const recording = new MemoryRecording(200, 400);
    for (let count = 0; count < 20; count += 1) add(recording, `match ${count}`.padEnd(40));
    const bench = open('match', recording);
    await bench.done();
    const rows = await bench.rows();
    expect(rows[0]).toMatchObject({ flags: FLAG_SYNTHETIC, seq: recording.firstKept - 1 });
    expect(rows.slice(1).map((row) => row.seq)).toEqual(
      Array.from({ length: 20 - recording.firstKept }, (_, index) => recording.firstKept + index),
    );
    expect(bench.view.status.end).toBe(rows.length);
  });

  it('has a gap row in the place of matches that are gone, and keeps the numbers of the others', async () => {
    const bench = open('match', new MemoryRecording(200, 400));
    for (let count = 0; count < 4; count += 1) bench.add(`match ${count}`.padEnd(40));
    await bench.done();
    expect(bench.view.status).toMatchObject({ first: 0, end: 4 });
    for (let count = 4; count < 20; count += 1) {
      bench.add(`match ${count}`.padEnd(40));
      await bench.done();
    }
    const { first, end } = bench.view.status;
    expect(end).toBe(20);
    expect(first).toBe(bench.recording.firstKept - 1);
    const rows = await bench.rows(0, 500);
    expect(rows[0]?.flags).toBe(FLAG_SYNTHETIC);
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 - first }, (_, index) => first + index));
    expect((await bench.rows(first + 2, 1)).map((row) => row.seq)).toEqual([first + 2]);
  });

  it('has no gap row when nothing that it had or did not look at is gone', async () => {
    const bench = open('never', new MemoryRecording(200, 400));
    for (let count = 0; count < 20; count += 1) {
      bench.add(`other ${count}`.padEnd(40));
      await bench.done();
    }
    expect(bench.view.status).toMatchObject({ first: 0, end: 0 });
    expect(await bench.rows()).toEqual([]);
  });

  it('lets other things happen while it scans', async () => {
    const recording = new MemoryRecording();
    for (let count = 0; count < 200_000; count += 1) add(recording, 'some text without it');
    const bench = open('needle', recording);
    let turns = 0;
    while (bench.view.status.scanned < 200_000) {
      await turn();
      turns += 1;
    }
    expect(turns).toBeGreaterThan(2);
    expect(bench.view.status).toMatchObject({ first: 0, end: 0 });
  });

  it('stops when it is closed', async () => {
    const bench = open('x');
    bench.view.close();
    bench.add('x');
    await turn();
    await turn();
    expect(bench.view.status.scanned).toBe(0);
  });

  it('gives up an expression that would hold everything up, and says so', async () => {
    const bench = open('/^(a+)+$/');
    bench.add('aaa');
    bench.add(`${'a'.repeat(40)}b`);
    bench.add('aaaa');
    let outcome = await bench.view.read(0, 10);
    for (let count = 0; count < 1000 && outcome.ok; count += 1) {
      await turn();
      outcome = await bench.view.read(0, 10);
    }
    expect(errorOf(outcome)).toMatchObject({ code: 'bad-filter' });
    expect(errorOf(outcome).message).toContain('record 1');
    expect(bench.view.status.error).toEqual(errorOf(outcome));
    expect(bench.changes()).toBeGreaterThan(0);
  });

  it('gives up an expression that the engine of the language refuses, and says so', async () => {
    const regex = /x/;
    regex.test = () => {
      throw new SyntaxError('Invalid regular expression: /x/: Regular expression too large');
    };
    const recording = new MemoryRecording();
    add(recording, 'x');
    const bench = open([{ type: 'regex', regex, negated: false }], recording);
    await until(() => bench.view.status.error !== null, 'the error');
    expect(bench.view.status.error).toMatchObject({ code: 'bad-filter' });
    expect(bench.view.status.error?.message).toContain('too large');
    expect(bench.changes()).toBeGreaterThan(0);
  });

  it('reports a bug, says that it has failed, and looks no further', async () => {
    const recording = new MemoryRecording();
    add(recording, 'x');
    const bug = new Error('A broken disk');
    let chunks = 0;
    recording.chunk = () => {
      chunks += 1;
      return Promise.reject(bug);
    };
    const bugs: unknown[] = [];
    let changes = 0;
    const source = {
      recording,
      kinds,
      turns: new Turns(),
      changed: () => (changes += 1),
      report: (one: unknown) => bugs.push(one),
    };
    const view = new View(1, source, valueOf(parseFilter('x')), null);
    views.push(view);
    await until(() => view.status.error !== null, 'the error');
    expect(view.status.error?.code).toBe('internal');
    expect(errorOf(await view.read(0, 1))).toEqual(view.status.error);
    expect(bugs).toEqual([bug]);
    expect(changes).toBe(1);
    view.wake();
    await turn();
    await turn();
    expect(chunks).toBe(1);
  });

  it('lets other things happen in the middle of one long record', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += SCAN_SLICE_MS));
    const recording = new MemoryRecording();
    recording.append(DATA, 1, 0, 1, new Uint8Array(16 * SCAN_LOOK_STEPS), null);
    add(recording, 'behind it');
    const bench = open('-hex:01 -needle', recording);
    await bench.done();
    expect(bench.changes()).toBeGreaterThan(16);
    expect(bench.view.status).toMatchObject({ end: 2, scanned: 2 });
  });

  it('finds with an expression what a plain search finds', async () => {
    const recording = new MemoryRecording();
    for (let count = 0; count < 3000; count += 1) add(recording, `message ${count}`);
    const bench = open('/message .*77$/', recording);
    await bench.done();
    expect((await bench.rows()).map((row) => row.seq)).toEqual(
      Array.from({ length: 3000 }, (_, seq) => seq).filter((seq) => String(seq).endsWith('77')),
    );
  });
});

describe('a filtered view, against a plain search', () => {
  it('shows every kept match once and in order, whatever is added when', async () => {
    const step = fc.record({ text: fc.constantFrom('yes', 'no', 'yes and more'), pause: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(20), async (steps, before) => {
        const recording = new MemoryRecording(150, 600);
        const all: string[] = [];
        for (const { text } of steps.slice(0, before)) {
          add(recording, text);
          all.push(text);
        }
        const bench = open('yes', recording);
        for (const { text, pause } of steps.slice(before)) {
          bench.add(text);
          all.push(text);
          if (pause) await bench.done();
        }
        await bench.done();
        const expected = all.flatMap((text, seq) => (seq >= recording.firstKept && text !== 'no' ? [seq] : []));
        const rows = await bench.rows();
        const { first, end } = bench.view.status;
        expect(rows).toHaveLength(end - first);
        expect(rows.filter((row) => row.flags !== FLAG_SYNTHETIC).map((row) => row.seq)).toEqual(expected);
        expect(rows.findIndex((row) => row.flags === FLAG_SYNTHETIC)).toBeLessThanOrEqual(0);
        bench.view.close();
      }),
      { numRuns: 60 },
    );
  });
});
