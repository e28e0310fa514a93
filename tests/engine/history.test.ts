import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, valueOf } from '../support/outcome.ts';
import {
  history,
  HistoryBench,
  messagesOf,
  rowsOf,
  scripted,
  statusOf,
  statusWhen,
  summaryOf,
  when,
} from '../support/history-bench.ts';

let made: HistoryBench;
beforeEach(async () => {
  made = await HistoryBench.make();
});
afterEach(() => made.dispose());

describe('History', () => {
  it('is empty at first, and a session that recorded nothing leaves nothing', async () => {
    const client = made.engine().connect();
    const { session } = valueOf(await client.call('session.create', { config: scripted }));
    valueOf(await client.call('session.remove', { session }));
    expect(await history(client)).toEqual({ recordings: [], total: 0, bytes: 0, folder: made.folder, error: null });
    expect(await readdir(made.folder)).toEqual([]);
  });

  it('shows a session while it is recorded and after its tab is closed', async () => {
    const bench = made.engine();
    const { client, session, recording } = await made.record(bench, ['one', 'two']);
    expect(recording).toMatch(/^\d{8}-\d{6}-[0-9a-f]{8}$/);
    const { startedAt } = await statusOf(client, session);
    const common = {
      recording,
      protocol: 'scripted',
      address: 'here',
      startedAt,
      name: '',
      isPinned: false,
      error: null,
    };
    expect(await summaryOf(client, recording)).toMatchObject({ ...common, state: 'live', session, endedAt: null });
    valueOf(await client.call('session.remove', { session }));
    const summary = await summaryOf(client, recording);
    expect(summary).toMatchObject({ ...common, state: 'closed', session: null, messages: 2 });
    expect(summary?.endedAt).toBeGreaterThanOrEqual(startedAt);
    expect(summary?.bytes).toBeGreaterThan(0);
    expect(summary?.records).toBeGreaterThanOrEqual(4);
    expect((await history(client)).bytes).toBe(summary?.bytes);
    expect((await readdir(join(made.folder, recording))).sort()).toEqual(['000001.wbr', 'index.wbx', 'recording.json']);
  });

  it('shows the preset that a session was made from, and opens its recording by that name', async () => {
    const bench = made.engine();
    const client = bench.connect();
    const { session } = valueOf(await client.call('session.create', { config: scripted, preset: 'Night shift' }));
    valueOf(await client.call('session.open', { session, config: scripted }));
    const { recording } = await statusWhen(client, session, (status) => status.recording.id !== null);
    expect(await summaryOf(client, recording.id ?? '')).toMatchObject({ name: '', preset: 'Night shift' });
    valueOf(await client.call('session.remove', { session }));
    const opened = valueOf(await client.call('recordings.open', { recording: recording.id ?? '' }));
    expect(opened.title).toBe('Night shift');
  });

  it('lists the newest first', async () => {
    const bench = made.engine();
    const ids: string[] = [];
    for (const address of ['a', 'b', 'c']) ids.unshift((await made.past(bench, ['x'], address)).recording);
    expect((await history(bench.connect())).recordings.map(({ recording }) => recording)).toEqual(ids);
  });

  it('opens a recording as a session that can only be read', async () => {
    const bench = made.engine();
    const { client, session: live, recording } = await made.record(bench, ['one', 'two']);
    const before = await rowsOf(client, live);
    valueOf(await client.call('session.remove', { session: live }));
    const opened = valueOf(await client.call('recordings.open', { recording }));
    expect(opened).toMatchObject({ title: 'here', config: scripted });
    expect(opened.kinds.slice(0, 4)).toEqual(['gap', 'state', 'error', 'note']);
    const { session } = opened;
    const rows = await rowsOf(client, session);
    // Closing the tab has added what it did.
    expect(rows.slice(0, before.length)).toEqual(before);
    expect(await messagesOf(client, session)).toEqual(['one', 'two']);
    expect(await statusOf(client, session)).toMatchObject({
      protocol: 'scripted',
      state: 'closed',
      readOnly: true,
      counters: { messagesIn: 2, bytesIn: 6 },
      recording: { storage: 'disk', id: recording, error: null },
    });
    expect(await summaryOf(client, recording)).toMatchObject({ session });
    expect(valueOf(await client.call('peers.names', { session, peers: [1, 2] })).names).toEqual(['10.0.0.1:5', null]);
    const payload = valueOf(await client.call('payload', { session, seq: 2, offset: 1, length: 9 }));
    expect(new TextDecoder().decode(payload.bytes)).toBe('ne');
    expect(valueOf(await client.call('row.find', { session, view: null, at: { seq: 1e9 } })).row).toBe(rows.length - 1);
    expect(valueOf(await client.call('row.find', { session, view: null, at: { time: rows[2]?.time ?? 0 } })).row).toBe(
      2,
    );
  });

  it('refuses to do more than read with it', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['x']);
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    const source = { type: 'bytes' as const, bytes: new Uint8Array(1) };
    const outcomes = [
      await client.call('session.open', { session, config: scripted }),
      await client.call('session.close', { session }),
      await client.call('session.act', { session, action: 'end', peer: null }),
      await client.call('session.send', { session, peer: null, source, then: null }),
      await client.call('session.setReading', { session, peer: null, reading: false }),
    ];
    expect(outcomes.map((outcome) => errorOf(outcome).code)).toEqual(Array.from({ length: 5 }, () => 'read-only'));
    valueOf(await client.call('session.cancelSend', { session }));
    valueOf(await client.call('session.remove', { session }));
    expect(await summaryOf(client, recording)).toMatchObject({ state: 'closed', session: null });
  });

  it('opens a recording once, also for several windows at the same time', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['x']);
    const other = bench.connect();
    const path = join(made.folder, recording);
    const opened = await Promise.all([
      client.call('recordings.open', { recording }),
      other.call('recordings.open', { recording }),
      other.call('recordings.open', { path }),
      client.call('recordings.open', { path: join(path, '000001.wbr') }),
    ]);
    const sessions = new Set(opened.map((outcome) => valueOf(outcome).session));
    expect(sessions.size).toBe(1);
    const [session = ''] = sessions;
    expect(await messagesOf(other, session)).toEqual(['x']);
    valueOf(await client.call('session.remove', { session }));
    const again = valueOf(await other.call('recordings.open', { recording }));
    expect(again.session).not.toBe(session);
    expect(await messagesOf(other, again.session)).toEqual(['x']);
  });

  it('lets two windows look at one recording, each with a filter of its own', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['apple', 'pear', 'apple pie']);
    const other = bench.connect();
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    expect(valueOf(await other.call('recordings.open', { recording })).session).toBe(session);
    const found = async (window: typeof client, filter: string): Promise<number> => {
      const { view } = valueOf(await window.call('view.open', { session, filter, peer: null }));
      const { views } = await statusWhen(window, session, (status) => {
        return status.views.some((one) => one.view === view && one.scanned === one.total);
      });
      return views.find((one) => one.view === view)?.end ?? -1;
    };
    expect(await Promise.all([found(client, 'apple'), found(other, 'pear')])).toEqual([2, 1]);
    expect((await statusOf(client, session)).views).toHaveLength(1);
  });

  it('opens the recording of a session that goes on as that session', async () => {
    const { client, session, recording } = await made.record(made.engine(), ['x']);
    const opened = valueOf(await client.call('recordings.open', { recording }));
    expect(opened).toMatchObject({ session, title: 'here', config: scripted });
    const byPath = await client.call('recordings.open', { path: join(made.folder, recording, '000001.wbr') });
    expect(valueOf(byPath).session).toBe(session);
  });

  it('opens, or deletes, the recording of a tab that is only just being closed', async () => {
    const bench = made.engine();
    const [first, second] = [await made.record(bench, ['x']), await made.record(bench, ['y'])];
    const { client } = first;
    const closed = [first, second].map(({ session }) => client.call('session.remove', { session }));
    const opened = valueOf(await client.call('recordings.open', { recording: first.recording }));
    valueOf(await client.call('recordings.delete', { recording: second.recording }));
    for (const outcome of await Promise.all(closed)) valueOf(outcome);
    expect(opened.session).not.toBe(first.session);
    expect(await messagesOf(client, opened.session)).toEqual(['x']);
    expect((await history(client)).recordings).toMatchObject([{ recording: first.recording, session: opened.session }]);
  });

  it('opens a recording from elsewhere by one of its files or its folder', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['far']);
    const away = join(made.root, 'elsewhere', 'a copy');
    await mkdir(join(made.root, 'elsewhere'));
    await cp(join(made.folder, recording), away, { recursive: true });
    const opened = valueOf(await client.call('recordings.open', { path: join(away, '000001.wbr') }));
    expect(await messagesOf(client, opened.session)).toEqual(['far']);
    expect((await statusOf(client, opened.session)).recording.id).toBeNull();
    expect(valueOf(await client.call('recordings.open', { path: away })).session).toBe(opened.session);
    expect(await history(client)).toMatchObject({ total: 1 });
  });

  it('says what is wrong with what is no recording', async () => {
    const bench = made.engine();
    const { client } = await made.past(bench, ['x']);
    const open = async (path: string): Promise<string> => errorOf(await client.call('recordings.open', { path })).code;
    await writeFile(join(made.root, 'notes.txt'), 'x');
    await mkdir(join(made.root, 'empty'));
    await mkdir(join(made.root, 'odd'));
    await writeFile(join(made.root, 'odd', '000001.wbr'), 'This is no recording at all, but long enough to be one.');
    expect(await open(join(made.root, 'notes.txt'))).toBe('bad-recording');
    expect(await open(join(made.root, 'empty'))).toBe('bad-recording');
    expect(await open(join(made.root, 'odd', '000001.wbr'))).toBe('bad-recording');
    expect(await open(join(made.root, 'none'))).toBe('file-not-found');
    expect(await open(join(made.root, 'none', '000001.wbr'))).toBe('file-not-found');
    const recording = '20260101-000000-00000000';
    expect(errorOf(await client.call('recordings.open', { recording })).code).toBe('not-found');
  });

  it('keeps names and pins, of past recordings and of live ones', async () => {
    const bench = made.engine();
    const past = await made.past(bench, ['x']);
    const live = await made.record(bench, ['y']);
    const { client } = live;
    for (const { recording } of [past, live]) {
      valueOf(await client.call('recordings.update', { recording, name: 'Tuesday’s fault' }));
      valueOf(await client.call('recordings.update', { recording, isPinned: true }));
      expect(await summaryOf(client, recording)).toMatchObject({ name: 'Tuesday’s fault', isPinned: true });
    }
    expect(valueOf(await client.call('recordings.open', { recording: past.recording })).title).toBe('Tuesday’s fault');
    await bench.dispose();
    const next = made.engine().connect();
    for (const { recording } of [past, live]) {
      expect(await summaryOf(next, recording)).toMatchObject({
        name: 'Tuesday’s fault',
        isPinned: true,
        state: 'closed',
      });
    }
    const recording = '20260101-000000-00000000';
    expect(errorOf(await next.call('recordings.update', { recording, name: 'a' })).code).toBe('not-found');
  });

  it('deletes a recording, and gives it back while that can be undone', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['dear']);
    valueOf(await client.call('recordings.delete', { recording }));
    expect((await history(client)).recordings).toEqual([]);
    expect(errorOf(await client.call('recordings.open', { recording })).code).toBe('not-found');
    valueOf(await client.call('recordings.restore', { recording }));
    expect(await summaryOf(client, recording)).toMatchObject({ state: 'closed', messages: 1 });
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    expect(await messagesOf(client, session)).toEqual(['dear']);
    expect(errorOf(await client.call('recordings.restore', { recording })).code).toBe('not-found');
  });

  it('removes a deleted recording for good after a while, and when the engine ends', async () => {
    const quick = made.engine({ undoMs: 1 });
    const { client, recording } = await made.past(quick, ['x']);
    valueOf(await client.call('recordings.delete', { recording }));
    const restore = (): Promise<{ readonly ok: boolean }> => client.call('recordings.restore', { recording });
    const trash = join(made.folder, '.wirebench-trash');
    const left = async (): Promise<number> =>
      (await readdir(trash, { recursive: true })).filter((name) => name.endsWith('.wbr')).length;
    await when(left, (count) => count === 0, 'the files to be gone');
    expect((await restore()).ok).toBe(false);
    const slow = made.engine();
    const other = await made.past(slow, ['y']);
    valueOf(await other.client.call('recordings.delete', { recording: other.recording }));
    expect(await left()).toBe(1);
    await slow.dispose();
    expect(await left()).toBe(0);
  });

  it('does not delete what is being recorded', async () => {
    const { client, session, recording } = await made.record(made.engine(), ['x']);
    expect(errorOf(await client.call('recordings.delete', { recording })).code).toBe('busy');
    expect(await messagesOf(client, session)).toEqual(['x']);
  });

  it('closes the tab of a recording that is deleted', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['x']);
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    const removed: string[] = [];
    client.on('session.removed', (event) => removed.push(event.session));
    valueOf(await client.call('session.watch', { session, on: true }));
    valueOf(await client.call('recordings.delete', { recording }));
    expect(removed).toEqual([session]);
    expect(errorOf(await client.call('rows', { session, view: null, from: 0, count: 1 })).code).toBe('not-found');
  });

  it('tells all windows of changes, but not too often', async () => {
    const bench = made.engine();
    const { client, recording } = await made.past(bench, ['x']);
    const other = bench.connect();
    let events = 0;
    other.on('recordings.changed', () => (events += 1));
    for (let count = 0; count < 50; count += 1) {
      valueOf(await client.call('recordings.update', { recording, name: `name ${count}` }));
    }
    await when(
      () => Promise.resolve(events),
      (count) => count >= 1,
      'an event',
    );
    expect(events).toBeLessThan(10);
  });

  it('shows a recording in the file manager where the host can', async () => {
    const shown: string[] = [];
    const bench = made.engine({}, { reveal: (path) => shown.push(path) });
    const { client, recording } = await made.past(bench, ['x']);
    expect(valueOf(await client.call('app.info', {})).capabilities.reveal).toBe(true);
    valueOf(await client.call('recordings.reveal', { recording }));
    expect(shown).toEqual([join(made.folder, recording)]);
    const plain = made.engine().connect();
    expect(errorOf(await plain.call('recordings.reveal', { recording })).code).toBe('not-supported');
  });

  it('goes on without its summaries', async () => {
    const bench = made.engine();
    const { recording, client } = await made.past(bench, ['x']);
    const { startedAt } = (await summaryOf(client, recording)) ?? { startedAt: 0 };
    await bench.dispose();
    await rm(join(made.folder, recording, 'recording.json'));
    const next = made.engine().connect();
    const summary = await when(
      () => summaryOf(next, recording),
      (found) => found?.state === 'closed',
    );
    expect(summary).toMatchObject({ protocol: 'scripted', address: 'here', startedAt, name: '' });
    expect(summary?.records).toBeGreaterThan(3);
    await writeFile(join(made.folder, recording, 'recording.json'), '{"version":');
    const third = made.engine().connect();
    expect(await summaryOf(third, recording)).toMatchObject({ protocol: 'scripted', startedAt });
  });

  it('keeps no password of an address, neither of a session that goes on nor of one that is over', async () => {
    const bench = made.engine();
    const address = 'wss://anna:hush@example.com/chat';
    const masked = 'wss://anna:•••@example.com/chat';
    const { client, session, recording } = await made.record(bench, ['one'], address);
    for (const isOver of [false, true]) {
      if (isOver) valueOf(await client.call('session.remove', { session }));
      expect((await summaryOf(client, recording))?.address).toBe(masked);
      const opened = valueOf(await client.call('recordings.open', { recording }));
      expect(opened).toMatchObject({ title: masked, config: { address: masked } });
    }
    const folder = join(made.folder, recording);
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(files.filter((text) => text.includes(masked)).length).toBeGreaterThanOrEqual(2);
    expect(files.filter((text) => text.includes('hush'))).toEqual([]);
  });

  it('can be read only by its owner', async () => {
    const { recording } = await made.past(made.engine(), ['x']);
    const folder = join(made.folder, recording);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
  });
});

describe('an engine without a folder for recordings', () => {
  it('records in memory and has no History', async () => {
    const bench = made.engine({}, {});
    const plain = bench.connect();
    expect((await history(plain)).folder).toBe(made.folder);
    const { engineBench } = await import('../support/engine-bench.ts');
    const none = engineBench();
    const client = none.connect();
    try {
      expect(await history(client)).toEqual({ recordings: [], total: 0, bytes: 0, folder: null, error: null });
      const recording = '20260101-000000-00000000';
      expect(errorOf(await client.call('recordings.open', { recording })).code).toBe('not-found');
      expect(errorOf(await client.call('recordings.delete', { recording })).code).toBe('not-found');
      const { session } = valueOf(await client.call('session.create', { config: scripted }));
      expect((await statusOf(client, session)).recording).toMatchObject({ storage: 'memory', error: null });
    } finally {
      await none.dispose();
    }
  });
});
