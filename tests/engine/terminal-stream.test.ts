import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/engine/session.ts';
import { errorOf, turn, until } from '../support/outcome.ts';
import type { Script, ScriptedDriver } from '../support/scripted-driver.ts';
import { scriptedConfig, SessionBench } from '../support/session-bench.ts';
import { next, openTerminal, readAll, textOf } from '../support/terminal-bench.ts';
import {
  TERMINAL_CHUNK_BYTES,
  TERMINAL_LAG_BYTES,
  TERMINAL_STEP_BYTES,
  TERMINAL_TAIL_BYTES,
} from '../../src/shared/terminal-limits.ts';

const bench = new SessionBench();
let session: Session;
let driver: ScriptedDriver;
let script: Script;
let peer = 0;

beforeEach(async () => {
  ({ session, driver, all: script } = await bench.open());
  peer = driver.connect();
});

afterEach(async () => {
  expect(bench.bugs).toEqual([]);
  await bench.dispose();
});

/** Bytes come in, as one message. */
function receive(bytes: Uint8Array, from = peer): void {
  driver.context.record('data', 'in', from, bytes, null);
}

describe('a terminal on a live session', () => {
  it('waits for what comes in, and answers with it at once', async () => {
    const terminal = await openTerminal(session);
    const waiting = next(terminal);
    await turn();
    driver.receive(peer, 'login: ');
    const chunk = await waiting;
    expect(textOf(chunk)).toBe('login: ');
    expect(chunk).toMatchObject({ peer, direction: 'in', skipped: 0, hasGap: false, isEnd: false });
    terminal.close();
  });

  it('joins what has come meanwhile', async () => {
    const terminal = await openTerminal(session);
    for (const text of ['one ', 'two ', 'three']) driver.receive(peer, text);
    expect(textOf(await next(terminal))).toBe('one two three');
    terminal.close();
  });

  it('leaves out events, and what was sent', async () => {
    const terminal = await openTerminal(session);
    driver.context.record('connect', 'none', peer, null, { local: 'a', remote: 'b' });
    await session.send(null, { type: 'bytes', bytes: new TextEncoder().encode('hello') }, null);
    driver.receive(peer, 'world');
    expect(textOf(await next(terminal))).toBe('world');
    terminal.close();
  });

  it('begins with the last part of what came in before, and says how much was before that', async () => {
    const before = TERMINAL_TAIL_BYTES + 1000;
    receive(Buffer.alloc(before, 'old '));
    driver.receive(peer, 'new');
    const terminal = await openTerminal(session);
    const { chunks, bytes } = await readAll(terminal);
    expect(bytes.length).toBe(TERMINAL_TAIL_BYTES);
    expect(bytes.subarray(-7).toString()).toBe('old new');
    expect(chunks.map(({ skipped }) => skipped)).toEqual([1003, ...chunks.slice(1).map(() => 0)]);
    terminal.close();
  });

  it('begins with the oldest record when it is asked to', async () => {
    receive(Buffer.alloc(TERMINAL_TAIL_BYTES, 'a'));
    receive(Buffer.alloc(TERMINAL_TAIL_BYTES, 'b'));
    const terminal = await openTerminal(session, { from: 'begin' });
    expect((await readAll(terminal)).bytes.length).toBe(2 * TERMINAL_TAIL_BYTES);
    terminal.close();
  });

  it('has what was sent before it was opened when it is asked to, in its place, and nothing that is sent later', async () => {
    driver.receive(peer, 'name? ');
    const send = (text: string): unknown =>
      session.send(null, { type: 'bytes', bytes: new TextEncoder().encode(text) }, null);
    await send('ann\n');
    driver.receive(peer, 'hello ann');
    const terminal = await openTerminal(session, { from: 'begin', sent: true });
    await send('later\n');
    driver.receive(peer, '!');
    const { chunks } = await readAll(terminal);
    expect(chunks.map((chunk) => [chunk.direction, textOf(chunk)])).toEqual([
      ['in', 'name? '],
      ['out', 'ann\n'],
      ['in', 'hello ann!'],
    ]);
    terminal.close();
  });

  it('shows one connection alone when one was chosen', async () => {
    const other = driver.connect('127.0.0.1:9');
    const terminal = await openTerminal(session, { peer: other });
    driver.receive(peer, 'not this');
    driver.receive(other, 'this');
    driver.receive(peer, 'nor this');
    driver.receive(other, ' one');
    expect(textOf(await next(terminal))).toBe('this one');
    terminal.close();
  });

  it('tells connections apart: each chunk is of one', async () => {
    const other = driver.connect('127.0.0.1:9');
    driver.receive(peer, 'first');
    driver.receive(other, 'second');
    const terminal = await openTerminal(session);
    expect((await readAll(terminal)).chunks.map((chunk) => [chunk.peer, textOf(chunk)])).toEqual([
      [peer, 'first'],
      [other, 'second'],
    ]);
    terminal.close();
  });

  it('gives no more than it was asked for, and goes on in the middle of a message', async () => {
    const sent = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
    receive(sent);
    const terminal = await openTerminal(session);
    const { chunks, bytes } = await readAll(terminal, 1024);
    expect(chunks.map(({ bytes: part }) => part.length)).toEqual([1024, 1024, 1024, 1024, 904]);
    expect(bytes.equals(sent)).toBe(true);
    terminal.close();
  });

  it('brings any messages whole and in order, however they are cut', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1000, max: 200_000 })), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: TERMINAL_CHUNK_BYTES }), async (lengths, room) => {
        const run = await bench.open();
        const id = run.driver.connect();
        const all = lengths.map((length, index) => Buffer.alloc(length, index + 1));
        for (const part of all) run.driver.context.record('data', 'in', id, part, null);
        const terminal = await openTerminal(run.session, { from: 'begin' });
        const { bytes } = await readAll(terminal, Math.max(room, 512));
        expect(bytes.equals(Buffer.concat(all))).toBe(true);
        terminal.close();
      }),
      { numRuns: 40 },
    );
  });

  it('goes to the newest bytes when it is far behind, and says how many it left out', async () => {
    const terminal = await openTerminal(session);
    const block = Buffer.alloc(64 * 1024, 'x');
    driver.receive(peer, 'begin');
    expect(textOf(await next(terminal))).toBe('begin');
    const blocks = Math.ceil(TERMINAL_LAG_BYTES / block.length) + 40;
    for (let count = 0; count < blocks; count += 1) receive(block);
    driver.receive(peer, 'end');
    const { chunks, bytes } = await readAll(terminal);
    expect(bytes.length).toBe(TERMINAL_TAIL_BYTES);
    expect(bytes.subarray(-4).toString()).toBe('xend');
    expect(chunks[0]?.skipped).toBe(blocks * block.length + 3 - TERMINAL_TAIL_BYTES);
    expect(chunks.slice(1).every(({ skipped }) => skipped === 0)).toBe(true);
    terminal.close();
  });

  it('leaves nothing out while it is not far behind', async () => {
    const terminal = await openTerminal(session);
    const block = Buffer.alloc(64 * 1024, 'x');
    const blocks = TERMINAL_LAG_BYTES / block.length;
    for (let count = 0; count < blocks; count += 1) receive(block);
    const { chunks, bytes } = await readAll(terminal);
    expect(bytes.length).toBe(TERMINAL_LAG_BYTES);
    expect(chunks.every(({ skipped }) => skipped === 0)).toBe(true);
    terminal.close();
  });

  it('adds up: what was shown and what was left out is what came in, in a flood that goes on', async () => {
    const terminal = await openTerminal(session);
    const block = Buffer.alloc(60_000, 'flood ');
    let received = 0;
    let shown = 0;
    let skipped = 0;
    for (let round = 0; round < 300; round += 1) {
      for (let count = 0; count < 8; count += 1) receive(block);
      received += 8 * block.length;
      const chunk = await next(terminal);
      shown += chunk.bytes.length;
      skipped += chunk.skipped;
    }
    const rest = await readAll(terminal);
    for (const chunk of rest.chunks) skipped += chunk.skipped;
    shown += rest.bytes.length;
    expect(shown + skipped).toBe(received);
    expect(skipped).toBeGreaterThan(received / 2);
    terminal.close();
  });

  it('takes 10 MB without a line break, in pieces of bounded size', async () => {
    const terminal = await openTerminal(session, { from: 'begin' });
    receive(Buffer.alloc(10_000_000, 'A'));
    const { chunks, bytes } = await readAll(terminal);
    expect(bytes.length).toBe(10_000_000);
    expect(Math.max(...chunks.map((chunk) => chunk.bytes.length))).toBeLessThanOrEqual(TERMINAL_CHUNK_BYTES);
    terminal.close();
  });

  it('brings each of the 256 bytes as it is', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const terminal = await openTerminal(session);
    receive(all);
    expect(Buffer.from((await next(terminal)).bytes).equals(all)).toBe(true);
    terminal.close();
  });

  it('passes over what others say, however much it is', async () => {
    const other = driver.connect('127.0.0.1:9');
    for (let index = 0; index < 20_000; index += 1) driver.receive(other, `noise ${index}`);
    driver.receive(peer, 'a word');
    for (let index = 0; index < 20_000; index += 1) driver.receive(other, `noise ${index}`);
    const terminal = await openTerminal(session, { peer });
    expect(textOf(await next(terminal))).toBe('a word');
    for (let index = 0; index < 20_000; index += 1) driver.receive(other, `noise ${index}`);
    driver.receive(peer, 'another');
    expect(textOf(await next(terminal))).toBe('another');
    terminal.close();
  });

  it('ends a chunk where the messages are further apart than was asked for', async () => {
    driver.receive(peer, 'now');
    await until(() => session.recording.rows.end > 0);
    const terminal = await openTerminal(session, { from: 'begin' });
    const before = await next(terminal, 1024, 0);
    expect(before.from).toBe(before.to);
    driver.receive(peer, 'later');
    const after = await next(terminal, 1024, 0);
    expect([textOf(before), textOf(after)]).toEqual(['now', 'later']);
    expect(after.from).toBeGreaterThan(before.from);
    terminal.close();
  });

  it('says that something is missing when records are no longer kept', async () => {
    // More than the memory of a recording holds.
    const block = Buffer.alloc(1024 * 1024, 'x');
    const terminal = await openTerminal(session, { from: 'begin' });
    for (let count = 0; count < 80; count += 1) receive(block);
    const first = await next(terminal);
    expect(first.hasGap).toBe(true);
    expect(first.lost).toBeGreaterThan(0);
    expect(first.lost % block.length).toBe(0);
    terminal.close();
  });

  it('goes on with the next connection of the same session', async () => {
    const terminal = await openTerminal(session);
    driver.receive(peer, 'before');
    expect(textOf(await next(terminal))).toBe('before');
    const waiting = next(terminal);
    await session.close();
    await session.open(scriptedConfig);
    const again = script.last.connect('127.0.0.1:9');
    script.last.receive(again, 'after');
    expect(await waiting).toMatchObject({ peer: again });
    terminal.close();
  });

  it('answers a call that waits when it is closed, and every later one, with the end', async () => {
    const terminal = await openTerminal(session);
    const waiting = next(terminal);
    await turn();
    terminal.close();
    expect(await waiting).toMatchObject({ isEnd: true });
    driver.receive(peer, 'too late');
    expect(await next(terminal)).toMatchObject({ isEnd: true });
  });

  it('refuses a second call while one waits', async () => {
    const terminal = await openTerminal(session);
    const waiting = next(terminal);
    expect(errorOf(await terminal.read(10, Infinity)).code).toBe('bad-request');
    driver.receive(peer, 'x');
    expect(textOf(await waiting)).toBe('x');
    terminal.close();
  });

  it('leaves no listener on the recording, however often one is opened', async () => {
    const { recording } = session;
    const follow = recording.onGrowth.bind(recording);
    let listeners = 0;
    recording.onGrowth = (listener) => {
      const end = follow(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        end();
      };
    };
    for (let count = 0; count < 100; count += 1) (await openTerminal(session)).close();
    expect(listeners).toBe(0);
  });

  it('copies little of the recording at a time', async () => {
    const sizes: number[] = [];
    const { recording } = session;
    const read = recording.read.bind(recording);
    recording.read = async (from, count, preview) => {
      const found = await read(from, count, preview);
      sizes.push(found.rows.length);
      return found;
    };
    const terminal = await openTerminal(session, { from: 'begin' });
    for (let index = 0; index < 1000; index += 1) receive(Buffer.alloc(index % 2 === 0 ? 20 : 65_536, 'x'));
    await readAll(terminal);
    // The headers come on top: at most 4096 of 40 bytes.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(TERMINAL_STEP_BYTES + 4096 * 40);
    terminal.close();
  });
});
