import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { Session } from '../../src/engine/session.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import { FILE_CHUNK_BYTES, FILE_CHUNKS_IN_FLIGHT } from '../../src/shared/limits.ts';
import { errorOf, turn, until, valueOf } from '../support/outcome.ts';
import { script, scriptedSpec, type ScriptedDriver } from '../support/scripted-driver.ts';

const config = { protocol: 'scripted', address: 'here', options: {} };
const sessions: Session[] = [];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-send-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
});

async function open(peers = 1, spec = scriptedSpec): Promise<{ session: Session; driver: ScriptedDriver }> {
  const scripted = script(undefined, spec);
  const session = new Session('s', scripted.module, config, new MemoryRecording(), (bug) => {
    throw bug;
  });
  sessions.push(session);
  valueOf(await session.open(config));
  for (let peer = 1; peer <= peers; peer += 1) scripted.last.connect(`10.0.0.${peer}:7`);
  return { session, driver: scripted.last };
}

const bytes = (length: number): { type: 'bytes'; bytes: Uint8Array } => ({
  type: 'bytes',
  bytes: new Uint8Array(length),
});

async function file(name: string, content: Uint8Array | string): Promise<{ type: 'file'; path: string }> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { type: 'file', path };
}

/** A driver whose writes complete only when the test says so. */
function holdWrites(driver: ScriptedDriver): ((outcome: Outcome) => void)[] {
  const held: ((outcome: Outcome) => void)[] = [];
  driver.onSend = () => new Promise((resolve) => held.push(resolve));
  return held;
}

describe('sending bytes', () => {
  it('says how many bytes went to how many connections', async () => {
    const { session } = await open(3);
    expect(valueOf(await session.send(null, bytes(5), null))).toMatchObject({ bytes: 5, peers: 3 });
    expect(valueOf(await session.send(2, bytes(5), null))).toMatchObject({ bytes: 5, peers: 1 });
  });

  it('reaches only connections that can still take something', async () => {
    const { session, driver } = await open(4);
    driver.context.peerChanged(1, 'half-closed-local');
    driver.context.peerChanged(2, 'half-closed-remote');
    driver.context.peerChanged(3, 'reset');
    expect(valueOf(await session.send(null, bytes(1), null)).peers).toBe(2);
    expect(driver.calls.filter((call) => call.startsWith('send'))).toEqual(['send 2 1', 'send 4 1']);
  });

  it('is refused when nothing is open or nobody is there', async () => {
    const { session, driver } = await open(0);
    expect(errorOf(await session.send(null, bytes(1), null)).code).toBe('not-open');
    expect(errorOf(await session.send(9, bytes(1), null)).code).toBe('not-found');
    driver.context.peerChanged(driver.connect(), 'closed');
    expect(errorOf(await session.send(1, bytes(1), null)).code).toBe('not-open');
    await session.close();
    expect(errorOf(await session.send(null, bytes(1), null)).code).toBe('not-open');
  });

  it('gives the error of the one connection as it is', async () => {
    const { session, driver } = await open();
    const pipe = failure('broken-pipe', '10.0.0.1:7 takes no more data (EPIPE).', '', { errno: 'EPIPE' });
    driver.onSend = () => Promise.resolve(pipe);
    expect(await session.send(1, bytes(1), null)).toEqual(pipe);
  });

  it('says how many of how many failed when it was for all', async () => {
    const { session, driver } = await open(3);
    const pipe = failure('broken-pipe', 'It takes no more data (EPIPE).', 'Connect again.', { errno: 'EPIPE' });
    driver.onSend = (peer) => Promise.resolve(peer === 1 ? success() : pipe);
    const error = errorOf(await session.send(null, bytes(1), null));
    expect(error).toMatchObject({ code: 'broken-pipe', errno: 'EPIPE', hint: 'Connect again.' });
    expect(error.message).toContain('2 of 3');
    expect(error.message).toContain('10.0.0.2:7');
    driver.onSend = () => Promise.resolve(pipe);
    expect(errorOf(await session.send(null, bytes(1), null)).message).toContain('all 3');
  });

  it('runs the action afterwards on the connections that were reached, and only on those', async () => {
    const { session, driver } = await open(3);
    driver.onSend = (peer) => Promise.resolve(peer === 2 ? failure('broken-pipe', 'No.') : success());
    errorOf(await session.send(null, bytes(1), 'end'));
    expect(driver.calls.filter((call) => call.startsWith('act'))).toEqual(['act end 1', 'act end 3']);
  });

  it('refuses an unknown action before anything is sent', async () => {
    const { session, driver } = await open();
    for (const name of ['nothing', '__proto__', 'stop']) {
      expect(errorOf(await session.send(null, bytes(1), name)).code).toBe('bad-request');
    }
    expect(driver.calls).toEqual(['open']);
  });

  it('says when the message went but the action failed', async () => {
    const { session, driver } = await open();
    const refused = failure('not-open', 'It has ended.');
    driver.onAct = () => Promise.resolve(refused);
    expect(await session.send(1, bytes(1), 'end')).toEqual(refused);
  });
});

describe('sending a file', () => {
  it('delivers exactly its bytes, in order, to every connection', async () => {
    const { session, driver } = await open(2);
    const content = randomBytes(FILE_CHUNK_BYTES * 7 + 123);
    const hashes = new Map([1, 2].map((peer) => [peer, createHash('sha256')]));
    driver.onSend = async (peer, chunk) => {
      await turn();
      hashes.get(peer)?.update(chunk);
      return success();
    };
    const sent = valueOf(await session.send(null, await file('whole.bin', content), null));
    expect(sent).toMatchObject({ bytes: content.length, peers: 2 });
    const expected = createHash('sha256').update(content).digest('hex');
    for (const hash of hashes.values()) expect(hash.digest('hex')).toBe(expected);
    expect(session.status([]).sending).toBeNull();
  });

  it('keeps few chunks in flight, shows its progress and leaves the chunks alone until they are taken', async () => {
    const { session, driver } = await open();
    const total = FILE_CHUNK_BYTES * 9;
    const content = Uint8Array.from({ length: total }, (_, index) => Math.floor(index / FILE_CHUNK_BYTES));
    const held: { readonly chunk: Uint8Array; readonly done: (outcome: Outcome) => void }[] = [];
    driver.onSend = (_, chunk) => new Promise((done) => held.push({ chunk, done }));
    const sending = session.send(1, await file('slow.bin', content), null);
    for (let index = 0; index < 9; index += 1) {
      await until(() => held.length > index, `chunk ${index}`);
      await turn();
      expect(held.length - index).toBeLessThanOrEqual(FILE_CHUNKS_IN_FLIGHT);
      const chunk = held[index]?.chunk ?? new Uint8Array();
      expect(chunk).toHaveLength(FILE_CHUNK_BYTES);
      expect(chunk.every((byte) => byte === index)).toBe(true);
      expect(session.status([]).sending).toEqual({ sent: index * FILE_CHUNK_BYTES, total });
      held[index]?.done(success());
      await turn();
    }
    valueOf(await sending);
  });

  it('can be cancelled while the peer takes nothing', async () => {
    const { session, driver } = await open();
    const held = holdWrites(driver);
    const sending = session.send(1, await file('stuck.bin', new Uint8Array(FILE_CHUNK_BYTES * 9)), 'end');
    await until(() => held.length === FILE_CHUNKS_IN_FLIGHT, 'the first chunks');
    session.cancelSend();
    const error = errorOf(await sending);
    expect(error.code).toBe('cancelled');
    expect(error.message).toContain(`${FILE_CHUNK_BYTES * FILE_CHUNKS_IN_FLIGHT} of ${FILE_CHUNK_BYTES * 9} bytes`);
    expect(session.status([]).sending).toBeNull();
    expect(driver.calls).not.toContain('act end 1');
    for (const done of held) done(success());
  });

  it('goes on for the others when one connection breaks, and says so', async () => {
    const { session, driver } = await open(2);
    const taken = new Map<number, number>();
    driver.onSend = (peer, chunk) => {
      if (peer === 1 && (taken.get(1) ?? 0) > 0) return Promise.resolve(failure('connection-reset', 'Reset.'));
      taken.set(peer, (taken.get(peer) ?? 0) + chunk.length);
      return Promise.resolve(success());
    };
    const size = FILE_CHUNK_BYTES * 5;
    const error = errorOf(await session.send(null, await file('half.bin', new Uint8Array(size)), null));
    expect(error.code).toBe('connection-reset');
    expect(error.message).toContain('1 of 2');
    expect(taken.get(2)).toBe(size);
  });

  it('stops when the only connection breaks', async () => {
    const { session, driver } = await open();
    driver.onSend = () => Promise.resolve(failure('connection-reset', 'Reset.'));
    const error = errorOf(await session.send(1, await file('broken.bin', new Uint8Array(FILE_CHUNK_BYTES * 50)), null));
    expect(error.code).toBe('connection-reset');
    expect(driver.calls.length).toBeLessThan(10);
  });

  it('refuses a second file while one is on its way', async () => {
    const { session, driver } = await open();
    const held = holdWrites(driver);
    const source = await file('first.bin', 'first');
    const first = session.send(1, source, null);
    await until(() => held.length === 1, 'the first chunk');
    expect(errorOf(await session.send(1, source, null)).code).toBe('not-supported');
    held[0]?.(success());
    valueOf(await first);
  });

  it('takes an empty file for what it is', async () => {
    const { session } = await open();
    expect(valueOf(await session.send(1, await file('empty', ''), null))).toMatchObject({ bytes: 0, peers: 1 });
  });

  it('names a file that is not there, that is a folder or that is no file', async () => {
    const { session, driver } = await open();
    const missing = join(folder, 'missing');
    expect(errorOf(await session.send(1, { type: 'file', path: missing }, null))).toMatchObject({
      code: 'file-not-found',
      errno: 'ENOENT',
    });
    expect(errorOf(await session.send(1, { type: 'file', path: missing }, null)).message).toContain(missing);
    await mkdir(join(folder, 'folder'), { recursive: true });
    expect(errorOf(await session.send(1, { type: 'file', path: join(folder, 'folder') }, null)).message).toContain(
      'is a folder',
    );
    if (process.platform !== 'win32') {
      expect(errorOf(await session.send(1, { type: 'file', path: '/dev/zero' }, null)).code).toBe('file-unreadable');
    }
    expect(errorOf(await session.send(1, { type: 'file', path: 'a\0b' }, null)).message).toContain('a\0b');
    expect(driver.calls).toEqual(['open']);
  });

  it('says how much was there when the file shrinks under its hands', async () => {
    const { session, driver } = await open();
    const source = await file('shrinking.bin', new Uint8Array(FILE_CHUNK_BYTES * 9));
    const held = holdWrites(driver);
    const sending = session.send(1, source, null);
    await until(() => held.length === FILE_CHUNKS_IN_FLIGHT, 'the first chunks');
    await truncate(source.path, 10);
    for (const done of held) done(success());
    const error = errorOf(await sending);
    expect(error.code).toBe('file-unreadable');
    expect(error.message).toContain(source.path);
  });

  it('survives that the file is deleted while it is sent, as the system keeps it', async () => {
    if (process.platform === 'win32') return;
    const { session, driver } = await open();
    const source = await file('deleted.bin', new Uint8Array(FILE_CHUNK_BYTES * 9));
    let sent = 0;
    driver.onSend = async (_, chunk) => {
      await rm(source.path, { force: true });
      sent += chunk.length;
      return success();
    };
    valueOf(await session.send(1, source, null));
    expect(sent).toBe(FILE_CHUNK_BYTES * 9);
  });
});

describe('sending a file where each send is a message', () => {
  const messages = { ...scriptedSpec, longestMessage: 4 * FILE_CHUNK_BYTES };

  it('sends it as one, to each connection', async () => {
    const { session, driver } = await open(2, messages);
    const size = 3 * FILE_CHUNK_BYTES + 1;
    const sent = valueOf(await session.send(null, await file('whole', randomBytes(size)), null));
    expect(sent).toMatchObject({ bytes: size, peers: 2 });
    expect(driver.calls.filter((call) => call.startsWith('send'))).toEqual([`send 1 ${size}`, `send 2 ${size}`]);
  });

  it('sends an empty one as an empty message', async () => {
    const { session, driver } = await open(1, messages);
    valueOf(await session.send(1, await file('empty', ''), null));
    expect(driver.calls).toContain('send 1 0');
  });

  it('refuses one that no message can hold, and sends nothing of it', async () => {
    const { session, driver } = await open(1, messages);
    const large = await file('large', new Uint8Array(4 * FILE_CHUNK_BYTES + 1));
    expect(errorOf(await session.send(1, large, null)).code).toBe('message-too-long');
    expect(errorOf(await session.send(1, { type: 'file', path: join(folder, 'none') }, null)).code).toBe(
      'file-not-found',
    );
    expect(driver.calls.some((call) => call.startsWith('send'))).toBe(false);
  });
});
