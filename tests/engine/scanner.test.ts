import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { ScanHost } from '../../src/engine/scan/scan-host.ts';
import type { Look } from '../../src/engine/scan/scan-messages.ts';
import type { Scan, ScanSink } from '../../src/engine/scan/scan.ts';
import { Scanner } from '../../src/engine/scan/scanner.ts';
import type { WireError } from '../../src/shared/errors.ts';
import { parseFilter } from '../../src/shared/filter.ts';
import { SCAN_SLICE_MS } from '../../src/shared/limits.ts';
import { kindTable } from '../../src/shared/record.ts';
import { leavingNothing } from '../support/leaks.ts';
import { valueOf } from '../support/outcome.ts';

const worker = new URL('../../src/engine/scan/scan-worker.ts', import.meta.url);
const crashingWorker = new URL('../support/crashing-scan-worker.ts', import.meta.url);
const kinds = kindTable(['data']);
const bugs: unknown[] = [];
const scanners: Scanner[] = [];
let folder = '';

function make(path: URL | null): Scanner {
  const scanner = new Scanner({ worker: path, tailMs: 1, report: (bug) => bugs.push(bug) });
  scanners.push(scanner);
  return scanner;
}

/** A scan with what it has told. */
class Told {
  readonly found: number[] = [];
  error: WireError | null = null;
  messages = 0;
  next = 0;
  scan: Scan | null = null;
  readonly #waiting = new Set<() => void>();
  readonly sink: ScanSink = {
    found: (seqs) => {
      this.found.push(...seqs);
    },
    looked: (next) => {
      this.next = next;
      this.messages += 1;
      this.#tell();
    },
    failed: (error) => {
      this.error = error;
      this.#tell();
    },
  };

  /** Resolves when this holds, or the scan was given up. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition() && this.error === null) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #tell(): void {
    for (const look of this.#waiting) look();
  }
}

function open(scanner: Scanner, recording: MemoryRecording, filter: string, names: readonly string[] = kinds): Told {
  const told = new Told();
  const source = { recording, kinds: names, terms: valueOf(parseFilter(filter)), peer: null };
  told.scan = scanner.open(source, told.sink);
  return told;
}

function filled(count: number, text: (seq: number) => string): MemoryRecording {
  const recording = new MemoryRecording(64 * 1024);
  for (let seq = 0; seq < count; seq += 1) recording.append(4, 1, 0, 1, Buffer.from(text(seq)), null);
  return recording;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-scanner-'));
});

afterEach(async () => {
  await Promise.all(scanners.splice(0).map((scanner) => scanner.dispose()));
  await rm(folder, { recursive: true, force: true });
  expect(bugs.splice(0)).toEqual([]);
});

describe('scans in a thread of their own', () => {
  it('begin again where they were when the thread breaks down, and lose and double nothing', async () => {
    const marker = join(folder, 'marker');
    const scanner = make(crashingWorker);
    const recording = filled(20_000, (seq) => `message ${seq}`);
    const calm = open(scanner, recording, 'message');
    await calm.until(() => calm.next === 20_000);
    await writeFile(marker, '');
    const crashing = open(scanner, recording, '7', [...kinds, `crash-once:${marker}`]);
    await crashing.until(() => crashing.next === 20_000);
    recording.append(4, 1, 0, 1, Buffer.from('message at the end'), null);
    calm.scan?.wake();
    await calm.until(() => calm.next === 20_001);
    expect(bugs.splice(0)).toHaveLength(1);
    expect(calm.error).toBeNull();
    expect(calm.found).toEqual(Array.from({ length: 20_001 }, (_, seq) => seq));
    expect(crashing.found).toEqual(
      Array.from({ length: 20_000 }, (_, seq) => seq).filter((seq) => `${seq}`.includes('7')),
    );
  });

  it('are given up when the thread breaks down at the same place again, and the others go on', async () => {
    const marker = join(folder, 'marker');
    await writeFile(marker, '');
    const scanner = make(crashingWorker);
    const recording = filled(1000, (seq) => `message ${seq}`);
    const crashing = open(scanner, recording, 'message', [...kinds, `crash:${marker}`]);
    await crashing.until(() => false);
    expect(crashing.error).toMatchObject({ code: 'internal' });
    const calm = open(scanner, recording, '"message 99"');
    await calm.until(() => calm.next === 1000);
    expect(calm.found).toEqual([99, 990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
    expect(bugs.splice(0).length).toBeGreaterThan(0);
  });

  it('are given up when there is no such thread', async () => {
    const scanner = make(new URL('file:///nowhere/scan-worker.js'));
    const told = open(scanner, filled(10, String), '1');
    await told.until(() => false);
    expect(told.error).toMatchObject({ code: 'internal' });
    expect(bugs.splice(0).length).toBeGreaterThan(0);
  });

  it('leave nothing behind when the engine ends, also in the middle of their work', async () => {
    const recording = filled(100_000, (seq) => `message ${seq}`);
    await leavingNothing(async () => {
      const scanner = new Scanner({ worker, report: (bug) => bugs.push(bug) });
      const told = open(scanner, recording, '-/x.*y/');
      await told.until(() => told.found.length > 0);
      await scanner.dispose();
      const late = open(scanner, recording, 'message');
      expect(late.error).toMatchObject({ code: 'cancelled' });
      const before = told.messages;
      await new Promise((resolve) => setImmediate(resolve));
      expect(told.messages).toBe(before);
    });
  });
});

describe.each([
  ['in a thread of their own', worker],
  ['without a thread', null],
])('scans %s', (_, path) => {
  it('take turns, so that a long one does not hold up a short one', async () => {
    const scanner = make(path);
    // Each record takes the expression some time, and there are many of them.
    const long = open(
      scanner,
      filled(100_000, () => 'x'.repeat(100)),
      '/(x+)+y/',
    );
    const short = open(scanner, filled(1000, String), '99');
    await short.until(() => short.next === 1000);
    expect(short.found).toHaveLength(19);
    expect(long.next).toBeLessThan(100_000);
    long.scan?.close();
  });

  it('tell of what they found a few times for many records, and nothing after they were closed', async () => {
    const scanner = make(path);
    const recording = filled(200_000, (seq) => `message ${seq}`);
    const all = open(scanner, recording, '');
    await all.until(() => all.next === 200_000);
    expect(all.found).toEqual(Array.from({ length: 200_000 }, (_, seq) => seq));
    expect(all.messages).toBeLessThan(20_000);
    const ended = open(scanner, recording, 'message');
    await ended.until(() => ended.found.length > 0);
    ended.scan?.close();
    const { messages } = ended;
    const other = open(scanner, recording, 'message');
    await other.until(() => other.next === 200_000);
    expect(ended.messages).toBe(messages);
  });

  it('follow a recording that grows, and tell how far they are', async () => {
    const scanner = make(path);
    const recording = filled(0, String);
    const told = open(scanner, recording, 'yes');
    const wake = recording.onGrowth(() => told.scan?.wake());
    for (let round = 0; round < 20; round += 1) {
      for (const text of ['yes', 'no', 'yes']) recording.append(4, 1, 0, 1, Buffer.from(text), null);
      await told.until(() => told.next === recording.rows.end);
      expect(told.scan?.position).toBe(recording.rows.end);
    }
    wake();
    expect(told.found).toHaveLength(40);
  });
});

describe('what a slice of a scan has found', () => {
  it('goes in one message, but for the first part, which waits for nothing', async () => {
    const parts = 300;
    const looks: (readonly Look[])[] = [];
    let told = (): void => undefined;
    const host = new ScanHost((message) => {
      if (message.type !== 'looked') return;
      looks.push(message.looks);
      if (looks.flat().filter(({ isDone }) => isDone).length === parts) told();
    });
    const all = new Promise<void>((resolve) => (told = resolve));
    const recording = filled(parts, (seq) => `message ${seq}`);
    const terms = valueOf(parseFilter('message'));
    host.handle({ type: 'open', job: 1, request: { terms, kinds, peer: null } });
    for (let part = 0; part < parts; part += 1) {
      const input = recording.scan(part);
      if (input?.type !== 'bytes') throw new Error('It is in memory');
      host.handle({ type: 'part', job: 1, part, input: { ...input, count: 1 }, from: part });
    }
    await all;
    host.close();
    expect(looks[0]?.map(({ part }) => part)).toEqual([0]);
    // A slice may end in the middle of a part, of which more is told then.
    const done = looks.flat().filter(({ isDone }) => isDone);
    expect(done.map(({ part }) => part)).toEqual([...Array(parts).keys()]);
    expect(looks.flat().flatMap(({ found }) => [...found])).toEqual([...Array(parts).keys()]);
    expect(looks.length).toBeLessThan(parts);
  });
});

describe('a slice of a scan', () => {
  it('is a small part of the time within which a scan must end', () => {
    expect(SCAN_SLICE_MS).toBeLessThan(50 / 4);
  });
});
