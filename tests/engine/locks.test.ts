import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { LOCK_NAME } from '../../src/engine/disk/format.ts';
import { Locks } from '../../src/engine/library/lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-locks-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Changes what the lock says. */
async function change(part: Record<string, unknown>): Promise<void> {
  const path = join(folder, LOCK_NAME);
  const lock: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...Object(lock), ...part }));
}

describe('a lock', () => {
  it('is held from when it is written until it is removed, or its engine ends', async () => {
    const [locks, other] = [new Locks(nodeDiskFiles), new Locks(nodeDiskFiles)];
    expect(await other.isHeld(folder)).toBe(false);
    await locks.write(folder);
    expect([await locks.isHeld(folder), await other.isHeld(folder)]).toEqual([true, true]);
    await locks.remove(folder);
    expect(await other.isHeld(folder)).toBe(false);
    await locks.write(folder);
    locks.dispose();
    expect(await other.isHeld(folder)).toBe(false);
    other.dispose();
  });

  it.each([
    ['its process has ended', { pid: 2 ** 31 - 2 }],
    ['its number is none of a process', { pid: 2 ** 40 }],
    ['it was written before the machine was started', { at: 0, started: '' }],
    ['it says nothing of use', { pid: 'x' }],
    ...(process.platform === 'linux'
      ? [['another process has its number now', { started: 'another time' }] as const]
      : []),
  ] as const)('is stale when %s', async (_, part) => {
    const locks = new Locks(nodeDiskFiles);
    await locks.write(folder);
    await change(part);
    expect(await locks.isHeld(folder)).toBe(false);
    locks.dispose();
  });

  it.runIf(process.platform === 'linux')('is held although the clock has jumped: the process says itself', async () => {
    const locks = new Locks(nodeDiskFiles);
    await locks.write(folder);
    await change({ at: 0 });
    expect(await locks.isHeld(folder)).toBe(true);
    locks.dispose();
  });

  it('is stale when it is none', async () => {
    const locks = new Locks(nodeDiskFiles);
    for (const text of ['', 'nonsense', '[]', 'null']) {
      await writeFile(join(folder, LOCK_NAME), text);
      expect(await locks.isHeld(folder)).toBe(false);
    }
    locks.dispose();
  });

  it('of another process is held as long as that lives', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const locks = new Locks(nodeDiskFiles);
    await locks.write(folder);
    // Where the system does not tell processes apart, the number alone has to do.
    await change({ pid: child.pid, started: '', writer: 'another' });
    expect(await locks.isHeld(folder)).toBe(true);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(await locks.isHeld(folder)).toBe(false);
    locks.dispose();
  });
});
