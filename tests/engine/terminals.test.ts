import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../src/rpc/client.ts';
import type { TerminalChunk } from '../../src/shared/terminal-contract.ts';
import { TERMINAL_CHUNK_BYTES, TERMINALS_PER_WINDOW } from '../../src/shared/terminal-limits.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const config = { protocol: 'scripted', address: 'here', options: {} };
let folder = '';
let bench: EngineBench;
let client: Client;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-terminal-'));
  bench = engineBench({ recordings: { folder } });
  client = bench.connect();
});

afterEach(async () => {
  await bench.dispose();
  await rm(folder, { recursive: true, force: true });
  expect(bench.bugs).toEqual([]);
});

async function openSession(): Promise<{ session: string; peer: number }> {
  const { session } = valueOf(await client.call('session.create', { config }));
  valueOf(await client.call('session.open', { session, config }));
  return { session, peer: bench.driver.last.connect() };
}

async function openTerminal(session: string, from: 'tail' | 'begin' = 'tail', by = client): Promise<number> {
  return valueOf(await by.call('terminal.open', { session, peer: null, from, sent: false })).terminal;
}

async function read(terminal: number, span: number | null = null): Promise<TerminalChunk> {
  return valueOf(await client.call('terminal.read', { terminal, bytes: TERMINAL_CHUNK_BYTES, span }));
}

/** All that a recording holds, to its end. */
async function readToEnd(terminal: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const chunk = await read(terminal);
    if (chunk.isEnd) return Buffer.concat(parts);
    parts.push(chunk.bytes);
  }
}

describe('terminals of a window', () => {
  it('show what a session on disk receives, from what was written long ago to what has just come', async () => {
    const { session, peer } = await openSession();
    const { last: driver } = bench.driver;
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) driver.receive(peer, line);
    const terminal = await openTerminal(session, 'begin');
    const parts: Uint8Array[] = [];
    let length = 0;
    const whole = Buffer.from(lines.join(''));
    while (length < whole.length) {
      const { bytes } = await read(terminal);
      parts.push(bytes);
      length += bytes.length;
    }
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    const waiting = read(terminal);
    driver.receive(peer, 'live');
    expect(Buffer.from((await waiting).bytes).toString()).toBe('live');
  });

  it('show a past recording to its end, with the times of its first and last record', async () => {
    const { session, peer } = await openSession();
    for (let index = 0; index < 20_000; index += 1) bench.driver.last.receive(peer, `row ${index}\r\n`);
    valueOf(await client.call('session.remove', { session }));
    const recording = valueOf(await client.call('recordings.list', {})).recordings[0]?.recording ?? '';
    const past = valueOf(await client.call('recordings.open', { recording }));
    const opened = valueOf(
      await client.call('terminal.open', { session: past.session, peer: null, from: 'begin', sent: false }),
    );
    expect(opened.begins).toBeGreaterThanOrEqual(0);
    expect(opened.ends).toBeGreaterThan(opened.begins);
    const text = (await readToEnd(opened.terminal)).toString();
    expect(text.startsWith('row 0\r\nrow 1\r\n')).toBe(true);
    expect(text.endsWith('row 19999\r\n')).toBe(true);
    expect(text.split('\r\n').length).toBe(20_001);
  });

  it('end with their session: a call that waits is answered, and the terminal is gone', async () => {
    const { session } = await openSession();
    const terminal = await openTerminal(session);
    const waiting = read(terminal);
    valueOf(await client.call('session.remove', { session }));
    expect((await waiting).isEnd).toBe(true);
    const again = await client.call('terminal.read', { terminal, bytes: 1, span: null });
    expect(errorOf(again).code).toBe('not-found');
  });

  it('go on while a session is closed and opened again', async () => {
    const { session } = await openSession();
    const terminal = await openTerminal(session);
    const waiting = read(terminal);
    valueOf(await client.call('session.close', { session }));
    valueOf(await client.call('session.open', { session, config }));
    const peer = bench.driver.last.connect();
    bench.driver.last.receive(peer, 'again');
    expect(Buffer.from((await waiting).bytes).toString()).toBe('again');
  });

  it('belong to one window: another cannot read them', async () => {
    const { session } = await openSession();
    const terminal = await openTerminal(session);
    const other = bench.connect();
    const stolen = await other.call('terminal.read', { terminal, bytes: 1, span: null });
    expect(errorOf(stolen).code).toBe('not-found');
  });

  it('leave nothing behind when their window goes while they wait', async () => {
    const { session } = await openSession();
    await leavingNothing(async () => {
      const other = bench.connect();
      for (let count = 0; count < 10; count += 1) {
        const terminal = await openTerminal(session, 'tail', other);
        void other.call('terminal.read', { terminal, bytes: 1, span: null });
      }
      other.close();
    });
  });

  it('can be opened and closed a hundred times, and none of them counts any more', async () => {
    const { session } = await openSession();
    for (let count = 0; count < 100; count += 1) {
      const terminal = await openTerminal(session);
      const waiting = read(terminal);
      valueOf(await client.call('terminal.close', { terminal }));
      expect((await waiting).isEnd).toBe(true);
    }
    for (let count = 0; count < TERMINALS_PER_WINDOW; count += 1) await openTerminal(session);
    const tooMany = await client.call('terminal.open', { session, peer: null, from: 'tail', sent: false });
    expect(errorOf(tooMany).code).toBe('busy');
  });

  it('refuse what is no size and no time', async () => {
    const { session } = await openSession();
    const terminal = await openTerminal(session);
    for (const params of [
      { terminal, bytes: 0, span: null },
      { terminal, bytes: TERMINAL_CHUNK_BYTES + 1, span: null },
      { terminal, bytes: 1, span: -1 },
      { terminal: -1, bytes: 1, span: null },
    ]) {
      expect(errorOf(await client.call('terminal.read', params)).code).toBe('bad-request');
    }
  });

  it('answer a session that does not exist', async () => {
    const opened = await client.call('terminal.open', { session: 'none', peer: null, from: 'tail', sent: false });
    expect(errorOf(opened).code).toBe('not-found');
  });

  it('miss nothing of what comes while a call is on its way', async () => {
    const { session, peer } = await openSession();
    const terminal = await openTerminal(session);
    for (let turns = 0; turns < 30; turns += 1) {
      const waiting = read(terminal);
      // The call goes on in as many steps of promises as there are before this: another number each time.
      for (let count = 0; count < turns; count += 1) await Promise.resolve();
      bench.driver.last.receive(peer, `turn ${turns}`);
      expect(Buffer.from((await waiting).bytes).toString()).toBe(`turn ${turns}`);
    }
  });
});
