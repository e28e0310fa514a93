import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { RecordingState } from '../../src/engine/recording.ts';
import { Session } from '../../src/engine/session.ts';
import { failure, type WireError } from '../../src/shared/errors.ts';
import { FILE_CHUNK_BYTES } from '../../src/shared/limits.ts';
import { errorOf, turn, until, valueOf } from '../support/outcome.ts';
import { script, type Script } from '../support/scripted-driver.ts';
import { recordsOf, scriptedConfig } from '../support/session-bench.ts';

/** Memory that behaves like a disk that is behind when a test says so. */
class SlowRecording extends MemoryRecording {
  override state: RecordingState = { storage: 'disk', id: 'r', waiting: 0, isBehind: false, error: null };
  readonly #stateListeners = new Set<() => void>();

  override onState(listener?: () => void): () => void {
    if (listener !== undefined) this.#stateListeners.add(listener);
    return () => {
      if (listener !== undefined) this.#stateListeners.delete(listener);
    };
  }

  get listeners(): number {
    return this.#stateListeners.size;
  }

  set(isBehind: boolean, error: WireError | null = null): void {
    this.state = { ...this.state, isBehind, error, waiting: isBehind ? 32 * 1024 * 1024 : 0 };
    for (const listener of this.#stateListeners) listener();
  }
}

interface Subject {
  readonly session: Session;
  readonly recording: SlowRecording;
  readonly all: Script;
}

const sessions: Session[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-reading-'));
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
  await rm(folder, { recursive: true });
});

function make(pauses = true): Subject {
  const all = script();
  const recording = new SlowRecording();
  const report = (bug: unknown): void => {
    throw bug;
  };
  const session = new Session('s', all.module, scriptedConfig, recording, report, () => pauses);
  sessions.push(session);
  return { session, recording, all };
}

async function open(pauses = true): Promise<Subject> {
  const subject = make(pauses);
  valueOf(await subject.session.open(scriptedConfig));
  return subject;
}

/** What the driver was told of reading since the last look. */
function readingCalls({ all }: Subject): string[] {
  return all.last.calls.splice(0).filter((call) => /^(pause|resume)/.test(call));
}

async function notesOf({ session }: Subject): Promise<string[]> {
  return (await recordsOf(session)).filter(({ kind }) => kind === 3).map(({ meta }) => String(meta.message));
}

describe('a session whose disk is behind', () => {
  it('pauses reading, says why, and goes on when the disk has caught up', async () => {
    const subject = await open();
    subject.recording.set(true);
    expect(readingCalls(subject)).toEqual(['pause all']);
    subject.recording.set(true);
    expect(readingCalls(subject)).toEqual([]);
    expect(subject.session.status([]).recording).toMatchObject({ isBehind: true, waiting: 32 * 1024 * 1024 });
    expect(subject.session.status([]).readingPaused).toBe(false);
    subject.recording.set(false);
    expect(readingCalls(subject)).toEqual(['resume all']);
    const notes = await notesOf(subject);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/^Reading paused: the disk is behind \(32\.0 MiB wait\)\./);
    expect(notes[1]).toMatch(/^Reading resumed after \d+\.\d s: the disk has caught up\.$/);
  });

  it('names the fault of the disk when there is one', async () => {
    const subject = await open();
    subject.recording.set(true, failure('disk-full', 'The disk is full (ENOSPC).').error);
    expect((await notesOf(subject))[0]).toMatch(/^Reading paused: The disk is full \(ENOSPC\)\./);
    expect(subject.session.status([]).recording.error?.code).toBe('disk-full');
  });

  it('leaves paused what the person has paused', async () => {
    const subject = await open();
    const { session, recording, all } = subject;
    const [one, two] = [all.last.connect(), all.last.connect()];
    valueOf(session.setReading(two, false));
    recording.set(true);
    readingCalls(subject);
    recording.set(false);
    expect(readingCalls(subject)).toEqual(['resume all', `pause ${two}`]);
    valueOf(session.setReading(null, false));
    recording.set(true);
    const late = all.last.connect();
    readingCalls(subject);
    recording.set(false);
    expect(readingCalls(subject)).toEqual([]);
    const { peers } = session.peers(0, 10);
    expect(peers.map(({ peer, readingPaused }) => [peer, readingPaused])).toEqual([
      [one, true],
      [two, true],
      [late, true],
    ]);
  });

  it('does what the person wants meanwhile when the disk has caught up', async () => {
    const subject = await open();
    const { session, recording, all } = subject;
    const [one, two] = [all.last.connect(), all.last.connect()];
    valueOf(session.setReading(null, false));
    recording.set(true);
    readingCalls(subject);
    valueOf(session.setReading(two, true));
    expect(readingCalls(subject)).toEqual([]);
    recording.set(false);
    expect(readingCalls(subject)).toEqual([`resume ${two}`]);
    recording.set(true);
    valueOf(session.setReading(null, true));
    valueOf(session.setReading(one, false));
    readingCalls(subject);
    recording.set(false);
    expect(readingCalls(subject)).toEqual(['resume all', `pause ${one}`]);
    expect(session.status([]).readingPaused).toBe(false);
  });

  it('is paused from its start when the disk is behind by then', async () => {
    const subject = make();
    subject.recording.set(true);
    valueOf(await subject.session.open(scriptedConfig));
    expect(readingCalls(subject)).toEqual(['pause all']);
    await subject.session.close();
    subject.recording.set(false);
    expect(readingCalls(subject)).toEqual([]);
    // Open again: nothing of it is left.
    valueOf(await subject.session.open(scriptedConfig));
    expect(readingCalls(subject)).toEqual([]);
  });

  it('goes on reading when what has no room is to be dropped', async () => {
    const subject = await open(false);
    subject.recording.set(true);
    expect(readingCalls(subject)).toEqual([]);
    expect(await notesOf(subject)).toEqual([]);
    expect(subject.session.status([]).recording.isBehind).toBe(true);
  });

  it('lets a file on its way wait', async () => {
    const { session, recording, all } = await open();
    const peer = all.last.connect();
    const path = join(folder, 'file');
    await writeFile(path, new Uint8Array(8 * FILE_CHUNK_BYTES));
    let sent = 0;
    all.last.onSend = () => {
      sent += 1;
      if (sent === 2) recording.set(true);
      return Promise.resolve({ ok: true, value: undefined });
    };
    const sending = session.send(peer, { type: 'file', path }, null);
    await until(() => sent === 2, 'the first chunks');
    for (let count = 0; count < 50; count += 1) await turn();
    const before = sent;
    expect(before).toBeLessThanOrEqual(3);
    recording.set(false);
    expect(valueOf(await sending).bytes).toBe(8 * FILE_CHUNK_BYTES);
    expect(sent).toBe(8);
  });

  it('lets a file that waits be cancelled, or end with its session', async () => {
    const { session, recording, all } = await open();
    const peer = all.last.connect();
    const path = join(folder, 'file');
    await writeFile(path, new Uint8Array(2 * FILE_CHUNK_BYTES));
    recording.set(true);
    const cancelled = session.send(peer, { type: 'file', path }, null);
    await until(() => session.status([]).sending?.total === 2 * FILE_CHUNK_BYTES, 'the file');
    session.cancelSend();
    expect(errorOf(await cancelled).code).toBe('cancelled');
    const ended = session.send(peer, { type: 'file', path }, null);
    await until(() => session.status([]).sending?.total === 2 * FILE_CHUNK_BYTES, 'the file');
    all.last.onSend = () => Promise.resolve(failure('not-open', 'The connection has ended.'));
    await session.close();
    expect(errorOf(await ended).code).toBe('not-open');
  });

  it('lets a message to many wait, and one to a single connection pass', async () => {
    const { session, recording, all } = await open();
    const [one] = [all.last.connect(), all.last.connect()];
    const bytes = new Uint8Array(3);
    const sends = (): number => all.last.calls.filter((call) => call.startsWith('send')).length;
    recording.set(true);
    const toAll = session.send(null, { type: 'bytes', bytes }, null);
    valueOf(await session.send(one, { type: 'bytes', bytes }, null));
    expect(sends()).toBe(1);
    recording.set(false);
    expect(valueOf(await toAll).peers).toBe(2);
    expect(sends()).toBe(3);
  });

  it('leaves nothing behind when it is removed meanwhile', async () => {
    const { session, recording } = await open();
    recording.set(true);
    await session.dispose();
    expect(recording.listeners).toBe(0);
  });
});
