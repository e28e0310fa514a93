import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { Scanner } from '../../src/engine/scan/scanner.ts';
import { View } from '../../src/engine/view.ts';
import { parseFilter, type FilterTerm } from '../../src/shared/filter.ts';
import { decodeRecords, FLAG_SYNTHETIC, kindTable, type RecordView } from '../../src/shared/record.ts';
import { errorOf, turn, valueOf } from '../support/outcome.ts';

const kinds = kindTable(['data', 'connect']);
const DATA = kinds.indexOf('data');
const CONNECT = kinds.indexOf('connect');
const views: View[] = [];
const bugs: unknown[] = [];
let scanner: Scanner;

/** Looks for what was added at once: these tests wait for it time and again. */
function makeScanner(worker: URL | null): Scanner {
  return new Scanner({ worker, tailMs: 1, report: (bug) => bugs.push(bug) });
}

interface Bench<R extends RecordingReader> {
  readonly recording: R;
  readonly view: View;
  /** How often the view said that it has changed. */
  readonly changes: () => number;
  /** Resolves when the view says that it has changed and this holds. */
  when(condition: () => boolean): Promise<void>;
  done(): Promise<void>;
  rows(from?: number, count?: number): Promise<RecordView[]>;
}

interface MemoryBench extends Bench<MemoryRecording> {
  add(text: string, peer?: number): void;
}

function openOn<R extends RecordingReader>(
  recording: R,
  filter: string | readonly FilterTerm[],
  peer: number | null = null,
): Bench<R> {
  let changes = 0;
  const waiting = new Set<() => void>();
  const source = {
    recording,
    kinds,
    scanner,
    changed: () => {
      changes += 1;
      for (const look of waiting) look();
    },
  };
  const view = new View(1, source, typeof filter === 'string' ? valueOf(parseFilter(filter)) : filter, peer);
  views.push(view);
  const when = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    recording,
    view,
    changes: () => changes,
    when,
    done: () => when(() => view.status.scanned === view.status.total),
    async rows(from = 0, count = 500) {
      return decodeRecords(valueOf(await view.read(from, count)).rows);
    },
  };
}

function open(filter: string, recording = new MemoryRecording(), peer: number | null = null): MemoryBench {
  const bench = openOn(recording, filter, peer);
  return {
    ...bench,
    add(text, of = 1) {
      add(recording, text, of);
      bench.view.wake();
    },
  };
}

function add(recording: MemoryRecording, text: string, peer = 1): void {
  recording.append(DATA, 1, 0, peer, new TextEncoder().encode(text), null);
}

beforeEach(() => {
  scanner = makeScanner(null);
});

afterEach(async () => {
  for (const view of views.splice(0)) view.close();
  await scanner.dispose();
  expect(bugs.splice(0)).toEqual([]);
});

const places = [
  ['without a thread', null],
  ['in a thread of its own', new URL('../../src/engine/scan/scan-worker.ts', import.meta.url)],
] as const;

describe.each(places)('a filtered view, %s', (_, worker) => {
  beforeEach(() => {
    scanner = makeScanner(worker);
  });

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
    const bench = open('-/n.edle/', recording);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    await bench.done();
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
    expect(bench.changes()).toBeGreaterThan(1);
    expect(bench.changes()).toBeLessThan(20_000);
    expect(bench.view.status).toMatchObject({ first: 0, end: 200_000 });
  });

  it('stops when it is closed', async () => {
    const bench = open('x');
    bench.view.close();
    bench.add('x');
    await turn();
    await turn();
    expect(bench.view.status.end).toBe(0);
    expect(bench.changes()).toBe(0);
  });

  it('gives up an expression that would hold everything up, says so, and lets others go on', async () => {
    const recording = new MemoryRecording();
    add(recording, 'aaa');
    add(recording, `${'a'.repeat(40)}b`);
    add(recording, 'aaaa');
    const bench = open('/^(a+)+$/', recording);
    const other = open('aaaa', recording);
    await bench.when(() => bench.view.status.error !== null);
    const error = errorOf(await bench.view.read(0, 10));
    expect(error).toMatchObject({ code: 'bad-filter' });
    expect(error.message).toContain('record 1');
    expect(bench.view.status.error).toEqual(error);
    await other.done();
    expect((await other.rows()).map((row) => row.seq)).toEqual([1, 2]);
  });

  it('reports a bug, says that it has failed, and looks no further', async () => {
    const bug = new Error('A broken disk');
    const recording = new MemoryRecording();
    add(recording, 'x');
    let scans = 0;
    recording.scan = () => {
      scans += 1;
      throw bug;
    };
    const bench = open('x', recording);
    await bench.when(() => bench.view.status.error !== null);
    expect(bench.view.status.error?.code).toBe('internal');
    expect(errorOf(await bench.view.read(0, 1))).toEqual(bench.view.status.error);
    expect(bugs.splice(0)).toEqual([bug]);
    expect(bench.changes()).toBe(1);
    bench.view.wake();
    await turn();
    await turn();
    expect(scans).toBe(1);
  });

  it('looks through one long record, too', async () => {
    const recording = new MemoryRecording(64 * 1024 * 1024);
    recording.append(DATA, 1, 0, 1, new Uint8Array(16 * 1024 * 1024), null);
    add(recording, 'behind it');
    const bench = open('-hex:01 -needle', recording);
    await bench.done();
    expect(bench.view.status).toMatchObject({ end: 2, scanned: 2 });
  });

  it('finds the row of a record, or the one behind it, or the last', async () => {
    const bench = open('match', new MemoryRecording(200, 400));
    expect(bench.view.find(0)).toBeNull();
    for (let count = 0; count < 8; count += 1) {
      bench.add((count % 2 === 0 ? 'match' : 'other').padEnd(40));
      await bench.done();
    }
    const { first, end } = bench.view.status;
    const { firstKept } = bench.recording;
    expect(bench.view.find(0)).toBe(first);
    expect(bench.view.find(firstKept - 1)).toBe(first);
    for (let seq = firstKept; seq < 12; seq += 1) {
      const row = bench.view.find(seq) ?? -1;
      const [found] = await bench.rows(row, 1);
      expect(found?.seq).toBe(Math.min(seq % 2 === 0 ? seq : seq + 1, 6));
    }
    expect(bench.view.find(1_000_000)).toBe(end - 1);
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

describe('a filtered view', () => {
  it('gives up an expression that the engine of the language refuses, and says so', async () => {
    const regex = /x/;
    regex.test = () => {
      throw new SyntaxError('Invalid regular expression: /x/: Regular expression too large');
    };
    const recording = new MemoryRecording();
    add(recording, 'x');
    const bench = openOn(recording, [{ type: 'regex', regex, negated: false }]);
    await bench.when(() => bench.view.status.error !== null);
    expect(bench.view.status.error).toMatchObject({ code: 'bad-filter' });
    expect(bench.view.status.error?.message).toContain('too large');
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
