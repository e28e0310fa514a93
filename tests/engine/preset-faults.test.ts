import { chmod, lstat, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FolderFiles } from '../../src/engine/presets/folder-files.ts';
import { nodeFolder, type FolderOperations } from '../../src/engine/presets/folder-operations.ts';
import { FailingSteps } from '../support/failing-file.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { PresetBench, presetOf, written } from '../support/preset-bench.ts';

const benches: PresetBench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.dispose()));
});

async function made(operations: Partial<FolderOperations> = {}): Promise<PresetBench> {
  const bench = await PresetBench.make(operations);
  benches.push(bench);
  return bench;
}

function problem(code: string): Error {
  return Object.assign(new Error(`${code}: made to fail`), { code, syscall: 'write' });
}

/** Fails the operation numbered `failing`; what is on the disk by then stays as it is. */
function failingAt(failing: number, code: string): { operations: FolderOperations; count: () => number } {
  const steps = new FailingSteps(failing, code);
  const counted = <A extends unknown[], R>(run: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      steps.step();
      return run(...args);
    };
  };
  const operations: FolderOperations = {
    mayWrite: counted(nodeFolder.mayWrite),
    lstat: counted(nodeFolder.lstat),
    stamp: counted(nodeFolder.stamp),
    realpath: counted(nodeFolder.realpath),
    list: counted(nodeFolder.list),
    read: counted(nodeFolder.read),
    mkdir: counted(nodeFolder.mkdir),
    mkdirNew: counted(nodeFolder.mkdirNew),
    open: async (path, flags, mode) => {
      steps.step();
      return steps.handle(await nodeFolder.open(path, flags, mode), 'wireben');
    },
    link: counted(nodeFolder.link),
    rename: counted(nodeFolder.rename),
    remove: nodeFolder.remove,
    removeEmpty: counted(nodeFolder.removeEmpty),
  };
  return { operations, count: () => steps.count };
}

const OLD = written('Old');
const NEW = written('New');
const codes = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'ENOENT', 'EPERM'];

describe('writing a file, with each step of the disk failing once', () => {
  it.each(codes)('leaves the old or the new one, whole, and nothing besides (%s)', async (code) => {
    const bench = await made();
    await bench.open();
    let refused = 0;
    for (let failing = 1; ; failing += 1) {
      await bench.put('a.wb.yaml', OLD);
      const { revision } = valueOf(await new FolderFiles(bench.home, bench.base).read('a.wb.yaml'));
      const { operations, count } = failingAt(failing, code);
      const files = new FolderFiles(bench.home, join(bench.base, 'deleted'), undefined, operations);
      const outcome = await files.write('a.wb.yaml', NEW, revision);
      const text = await bench.text('a.wb.yaml');
      expect(await readdir(bench.home)).toEqual(['a.wb.yaml', 'wirebench.yaml']);
      if (count() < failing) {
        valueOf(outcome);
        expect(failing).toBeGreaterThan(9);
        expect(refused).toBeGreaterThan(6);
        return;
      }
      // That a folder cannot be made durable is no failure: the file is there.
      expect(text).toBe(outcome.ok ? NEW : OLD);
      if (!outcome.ok) {
        refused += 1;
        expect(['storage-failed', 'file-not-found', 'conflict']).toContain(outcome.error.code);
        expect(outcome.error.message).toContain('a.wb.yaml');
      }
    }
  });

  it.each(codes)('makes a new one whole or not at all (%s)', async (code) => {
    const bench = await made();
    await bench.open();
    for (let failing = 1; ; failing += 1) {
      const { operations, count } = failingAt(failing, code);
      const files = new FolderFiles(bench.home, join(bench.base, 'deleted'), undefined, operations);
      const outcome = await files.create('dir', 'a', NEW);
      const names = await readdir(join(bench.home, 'dir')).catch(() => []);
      expect(names).toEqual(outcome.ok ? ['a.wb.yaml'] : []);
      if (outcome.ok) expect(await bench.text('dir/a.wb.yaml')).toBe(NEW);
      await rm(join(bench.home, 'dir'), { recursive: true, force: true });
      if (count() < failing) {
        valueOf(outcome);
        expect(failing).toBeGreaterThan(6);
        return;
      }
    }
  });

  it.each(codes)('deletes and restores all of a folder, or nothing (%s)', async (code) => {
    const bench = await made();
    const { presets } = await bench.open();
    for (let failing = 1; ; failing += 1) {
      for (const name of ['a', 'b', 'c']) await bench.put(`dir/deep/${name}.wb.yaml`, written(name));
      const { operations, count } = failingAt(failing, code);
      const files = new FolderFiles(bench.home, join(bench.base, 'deleted'), undefined, operations);
      const parts = { files: ['a', 'b', 'c'].map((name) => `dir/deep/${name}.wb.yaml`), folders: ['dir', 'dir/deep'] };
      const removed = await files.remove('dir', parts);
      const left = (await bench.places()).filter((place) => place.endsWith('.wb.yaml'));
      expect(left).toHaveLength(removed.ok ? 0 : 3);
      if (removed.ok) {
        let restored = await files.restore(removed.value);
        if (!restored.ok) restored = await files.restore(removed.value);
        valueOf(restored);
        for (const name of ['a', 'b', 'c']) expect(await bench.text(`dir/deep/${name}.wb.yaml`)).toBe(written(name));
      }
      if (count() < failing) break;
    }
    expect((await presets.list()).error).toBeNull();
  });

  it('works where there are no hard links, and still replaces nothing', async () => {
    const link = (): Promise<void> => Promise.reject(problem('ENOTSUP'));
    const bench = await made({ link });
    const { presets, files } = await bench.open();
    expect(valueOf(await presets.create('', presetOf('a'))).path).toBe('a.wb.yaml');
    expect(valueOf(await presets.create('', presetOf('a'))).path).toBe('a 2.wb.yaml');
    expect(valueOf(await files.read('a.wb.yaml')).text).toBe(written('a'));
  });

  it('carries what is deleted to another disk and back', async () => {
    const bench = await made({
      rename: (from, to) =>
        from.includes('deleted') === to.includes('deleted') ? rename(from, to) : Promise.reject(problem('EXDEV')),
    });
    const { presets } = await bench.open();
    await bench.put('dir/a.wb.yaml', OLD);
    const undo = valueOf(await presets.delete('dir'));
    expect(await bench.places()).toEqual([]);
    valueOf(await presets.restore(undo));
    expect(await bench.text('dir/a.wb.yaml')).toBe(OLD);
  });
});

describe('a file that changes while it is saved', () => {
  it('is a conflict, and theirs stays', async () => {
    let isBusy = false;
    const bench: PresetBench = await made({
      open: async (path, flags, mode) => {
        const file = await nodeFolder.open(path, flags, mode);
        // Between the comparison and the replacement.
        if (isBusy && path.endsWith('.tmp')) await bench.put('a.wb.yaml', written('Theirs'));
        return file;
      },
    });
    const { presets } = await bench.open();
    await bench.put('a.wb.yaml', OLD);
    const { preset, revision } = valueOf(await presets.read('a.wb.yaml'));
    isBusy = true;
    expect(errorOf(await presets.save('a.wb.yaml', { ...preset, notes: 'n' }, revision)).code).toBe('conflict');
    expect(await bench.text('a.wb.yaml')).toBe(written('Theirs'));
    expect(await readdir(bench.home)).toEqual(['a.wb.yaml', 'wirebench.yaml']);
  });
});

describe('a file that may not be written', () => {
  it('is not replaced, although its folder would allow it', async () => {
    const bench = await made();
    const { presets } = await bench.open();
    await bench.put('a.wb.yaml', OLD);
    await chmod(join(bench.home, 'a.wb.yaml'), 0o444);
    const { preset, revision } = valueOf(await presets.read('a.wb.yaml'));
    const error = errorOf(await presets.save('a.wb.yaml', { ...preset, notes: 'n' }, revision));
    expect(error).toMatchObject({ code: 'storage-failed' });
    expect(error.message).toContain('write-protected');
    expect(await bench.text('a.wb.yaml')).toBe(OLD);
  });

  it('keeps its permissions when it may', async () => {
    if (process.platform === 'win32') return;
    const bench = await made();
    const { presets } = await bench.open();
    await bench.put('a.wb.yaml', OLD);
    await chmod(join(bench.home, 'a.wb.yaml'), 0o664);
    const { preset, revision } = valueOf(await presets.read('a.wb.yaml'));
    valueOf(await presets.save('a.wb.yaml', { ...preset, notes: 'n' }, revision));
    expect((await lstat(join(bench.home, 'a.wb.yaml'))).mode & 0o777).toBe(0o664);
  });
});

describe('a disk that refuses', () => {
  it.each(['EACCES', 'ENOSPC', 'EROFS'])('is named, with a remedy where there is one (%s)', async (code) => {
    const bench = await made({
      open: (path, flags, mode) =>
        path.endsWith('.tmp') ? Promise.reject(problem(code)) : nodeFolder.open(path, flags, mode),
    });
    const { presets } = await bench.open();
    await bench.put('a.wb.yaml', OLD);
    const { preset, revision } = valueOf(await presets.read('a.wb.yaml'));
    const error = errorOf(await presets.save('a.wb.yaml', { ...preset, notes: 'n' }, revision));
    expect(error).toMatchObject({ code: 'storage-failed', errno: code });
    expect(error.message).toContain('a.wb.yaml could not be saved');
    expect(await bench.text('a.wb.yaml')).toBe(OLD);
  });

  it('leaves a temporary file behind only until nobody can be writing it any more', async () => {
    const bench = await made();
    await bench.open();
    await bench.put('.wirebench-0123456789ab.tmp', 'half');
    await bench.put('.wirebench-ba9876543210.tmp', 'half');
    await writeFile(join(bench.home, 'mine.tmp'), 'x');
    await utimes(join(bench.home, '.wirebench-0123456789ab.tmp'), 1, 1);
    await bench.entries();
    expect(await readdir(bench.home)).toEqual(['.wirebench-ba9876543210.tmp', 'mine.tmp', 'wirebench.yaml']);
  });
});
