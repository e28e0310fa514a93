import { constants, openSync, closeSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceWriter } from '../../src/engine/disk/device-writer.ts';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { DiskWriter } from '../../src/engine/disk/disk-writer.ts';
import { BlockBuffer } from '../../src/engine/disk/block-buffer.ts';
import { failure } from '../../src/shared/errors.ts';
import { reserveFast } from '../../src/shared/fast-memory.ts';
import { DISK_ALIGN_BYTES, DISK_CACHED_WRITES, DISK_DEVICE_BYTES } from '../../src/shared/disk-limits.ts';

const isLinux = process.platform === 'linux';
let folder = '';
const memory = reserveFast(DISK_DEVICE_BYTES + DISK_ALIGN_BYTES);
memory.forEach((_, index) => {
  memory[index] = index * 7 + (index >> 8);
});
const large = memory.subarray(0, DISK_DEVICE_BYTES);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-device-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Whether the file system of the temporary folder can do it at all: one in memory may not. */
async function canDo(): Promise<boolean> {
  const fd = openSync(join(folder, 'probe'), constants.O_RDWR | constants.O_CREAT);
  const writer = new DeviceWriter(fd);
  try {
    return (await writer.write([large], 0)) !== null;
  } finally {
    await writer.close();
    closeSync(fd);
  }
}

describe.runIf(isLinux)('writing to the device', () => {
  it.each([
    ['begins within a page of the file', () => [large], 100],
    ['begins within a page of memory', () => [memory.subarray(1, 1 + DISK_DEVICE_BYTES)], 0],
    ['ends within a page', () => [large, memory.subarray(0, 100)], 0],
    ['is less than is worth it', () => [memory.subarray(0, DISK_ALIGN_BYTES)], 0],
    ['is anywhere else in memory', () => [new Uint8Array(DISK_DEVICE_BYTES)], 0],
  ])('is left to the caller when what is written %s', async (_what, buffers, position) => {
    const fd = openSync(join(folder, 'unfit'), constants.O_RDWR | constants.O_CREAT);
    const writer = new DeviceWriter(fd);
    expect(await writer.write(buffers(), position)).toBeNull();
    await writer.close();
    closeSync(fd);
    expect(await readFile(join(folder, 'unfit'))).toHaveLength(0);
  });

  it('is left to the caller when the file cannot be opened once more', async () => {
    const writer = new DeviceWriter(-1);
    expect(await writer.write([large], 0)).toBeNull();
    await writer.close();
  });

  it('makes one file with what goes through the cache in between', async () => {
    const path = join(folder, 'mixed');
    const file = await nodeDiskFiles.open(path, 'create');
    const small = Buffer.alloc(DISK_ALIGN_BYTES, 'small');
    expect(await file.write([small], 0)).toBe(small.length);
    expect(await file.write([large], small.length, true)).toBe(large.length);
    expect(await file.write([small], small.length + large.length)).toBe(small.length);
    expect(await file.write([large], 2 * small.length + large.length, true)).toBe(large.length);
    const expected = Buffer.concat([small, large, small, large]);
    const read = new Uint8Array(expected.length);
    expect(await file.read(read, 0)).toBe(expected.length);
    expect(expected.equals(read)).toBe(true);
    await file.close();
    expect(expected.equals(await readFile(path))).toBe(true);
  });

  it('goes to the file that was opened, though another one has its name now', async () => {
    if (!(await canDo())) return;
    const path = join(folder, 'replaced');
    const file = await nodeDiskFiles.open(path, 'create');
    await rm(path);
    const other = await nodeDiskFiles.open(path, 'create');
    expect(await file.write([large], 0, true)).toBe(large.length);
    expect((await other.stat()).size).toBe(0);
    expect((await file.stat()).size).toBe(large.length);
    await file.close();
    await other.close();
  });

  it('writes nowhere once it is closed: the number of the file may be another one’s', async () => {
    const path = join(folder, 'later');
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT);
    const writer = new DeviceWriter(fd);
    await writer.write([large], 0);
    await writer.close();
    const { size } = await stat(path);
    expect(await writer.write([large], size)).toBeNull();
    expect((await stat(path)).size).toBe(size);
    closeSync(fd);
  });

  it('leaves no handle behind', async () => {
    const handles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const before = await handles();
    const file = await nodeDiskFiles.open(join(folder, 'handles'), 'create');
    await file.write([large], 0, true);
    await file.close();
    expect(await handles()).toBe(before);
  });
});

describe('the writer', () => {
  it('leaves some writes to the cache once the device is slower than what comes', async () => {
    const asked: boolean[] = [];
    const error = failure('storage-failed', 'It failed.').error;
    const writer: DiskWriter = new DiskWriter(
      {
        prepare: () => Promise.resolve(0),
        write: (buffers, _skip, toDevice) => {
          asked.push(toDevice);
          return Promise.resolve(buffers.reduce((sum, { length }) => sum + length, 0));
        },
        written: () => undefined,
        idle: () => undefined,
        changed: () => undefined,
        errorOf: () => error,
      },
      Infinity,
      1000,
      1,
    );
    let seq = 0;
    const push = (count: number): void => {
      for (let made = 0; made < count; made += 1) {
        const block = new BlockBuffer(256).begin(seq, 0);
        seq += 1;
        block.append(4, 1, 0, 1, null, new Uint8Array(44));
        block.seal(0, null);
        writer.push(block);
      }
    };
    push(1);
    await writer.drained();
    expect(asked).toEqual([true]);
    asked.length = 0;
    // Seven blocks of 140 bytes are 980, eight are more than may wait.
    push(8);
    await writer.drained();
    expect(asked).toEqual(new Array(8).fill(false));
    asked.length = 0;
    push(1);
    for (let more = 0; more < DISK_CACHED_WRITES; more += 1) {
      await writer.drained();
      push(1);
    }
    await writer.drained();
    expect(asked.filter((toDevice) => !toDevice)).toHaveLength(DISK_CACHED_WRITES - 8);
    expect(asked.at(-1)).toBe(true);
    await writer.stopped();
  });
});
