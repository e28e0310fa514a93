import { chmod, mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EXPORTS_AT_ONCE } from '../../src/shared/limits.ts';
import { append, endExports, exportBench, faultyWorkers, inMemory, onDisk } from '../support/export-bench.ts';
import { ExportWindow, importJsonl, sourceOf, type ExportBench } from '../support/exported.ts';
import { errorOf, turn, valueOf } from '../support/outcome.ts';

afterEach(endExports);

describe('the file of an export', () => {
  it('takes the place of another only when it is finished, and keeps its permissions', async () => {
    const made = await exportBench(faultyWorkers.stuck);
    const recording = inMemory();
    for (let index = 0; index < 60_000; index += 1) append(recording, 'x'.repeat(100));
    await writeFile(made.path(), 'the old one');
    await chmod(made.path(), 0o640);
    const stuck = await made.start(recording);
    await made.window.until(({ bytes }) => bytes > 0);
    expect((await made.read()).toString()).toBe('the old one');
    valueOf(await made.exports.cancel(made.window, stuck));
    expect(await made.files()).toEqual(['exported']);
    const good = await exportBench();
    await good.run(recording, { path: made.path() });
    expect(importJsonl(await made.read()).records).toHaveLength(60_000);
    expect((await stat(made.path())).mode & 0o777).toBe(0o640);
  });

  it('is that to which a symbolic link leads', async () => {
    const made = await exportBench();
    await writeFile(made.path('real'), 'old');
    await symlink('real', made.path('link'));
    const recording = inMemory();
    append(recording, 'new');
    expect(await made.run(recording, { path: made.path('link'), format: 'raw', direction: 'in' })).toMatchObject({
      path: made.path('real'),
    });
    expect((await made.read('real')).toString()).toBe('new');
  });

  it('is refused where it cannot be', async () => {
    const made = await exportBench();
    const recording = onDisk(made);
    append(recording, 'one');
    await recording.flush();
    await mkdir(made.path('folder'));
    await writeFile(made.path('file'), '');
    const attempt = async (path: string): Promise<unknown> =>
      errorOf(await made.exports.start(made.window, sourceOf(recording), made.params({ path: made.path(path) })));
    expect(await attempt('missing/file')).toMatchObject({ code: 'file-not-found', errno: 'ENOENT' });
    expect(await attempt('file/below')).toMatchObject({ code: 'file-not-found', errno: 'ENOTDIR' });
    expect(await attempt('folder')).toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('is a folder'),
    });
    expect(await attempt('recording/000001.wbr')).toMatchObject({ code: 'not-supported', field: 'path' });
    expect(await attempt('recording/index.wbx')).toMatchObject({ code: 'not-supported' });
    expect(await attempt('x'.repeat(300))).toMatchObject({ code: 'storage-failed', errno: 'ENAMETOOLONG' });
    const other = await exportBench(undefined, made.folder);
    expect(errorOf(await other.exports.start(other.window, sourceOf(inMemory()), made.params()))).toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('is in a folder of recordings'),
    });
    const notDevice = await made.exports.start(made.window, sourceOf(recording), made.params({ path: '/dev/null' }));
    expect(errorOf(notDevice).message).toBe('/dev/null is not a regular file.');
    expect((await made.files()).sort()).toEqual(['file', 'folder', 'recording']);
  });

  it('is refused in a folder that may not be written', async () => {
    const made = await exportBench();
    // Nothing but the system's own folders is closed to root.
    const isRoot = process.getuid?.() === 0;
    const closed = isRoot ? '/sys' : made.path('closed');
    if (!isRoot) await mkdir(closed, { mode: 0o500 });
    const path = `${closed}/wirebench-export`;
    const error = errorOf(await made.exports.start(made.window, sourceOf(inMemory()), made.params({ path })));
    expect(['EACCES', 'EPERM', 'EROFS']).toContain(error.errno);
    expect(error.message).toContain(path);
  });

  it('is gone when the disk is full in the middle, and the error says what to do', async () => {
    const made = await exportBench(faultyWorkers.fullDisk);
    const recording = inMemory();
    for (let index = 0; index < 60_000; index += 1) append(recording, 'x'.repeat(100));
    const failed = await made.run(recording);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'disk-full', errno: 'ENOSPC' } });
    expect(failed.error?.message).toContain(made.path());
    expect(await made.files()).toEqual([]);
    expect(made.bugs).toEqual([]);
  });

  it('is not there when its folder is removed meanwhile', async () => {
    const made = await exportBench();
    await mkdir(made.path('folder'));
    const recording = inMemory();
    append(recording, 'one');
    const id = await made.start(recording, { path: made.path('folder/file') });
    await rm(made.path('folder'), { recursive: true });
    const ended = await made.window.end(id);
    // The thread may have been quick enough: then the file went with its folder.
    if (ended.state === 'failed') expect(ended.error).toMatchObject({ code: 'file-not-found', errno: 'ENOENT' });
    expect(await made.files()).toEqual([]);
  });
});

describe('an export that is not wanted any more', () => {
  async function stuck(): Promise<ExportBench & { readonly id: number }> {
    const made = await exportBench(faultyWorkers.stuck);
    const recording = inMemory();
    for (let index = 0; index < 60_000; index += 1) append(recording, 'x'.repeat(100));
    const id = await made.start(recording);
    await made.window.until(({ bytes }) => bytes > 0);
    return Object.assign(made, { id });
  }

  it('is cancelled at once, wherever it is, and leaves no file', async () => {
    const made = await stuck();
    expect(await made.files()).toHaveLength(1);
    valueOf(await made.exports.cancel(made.window, made.id));
    expect(await made.files()).toEqual([]);
    expect(await made.window.end(made.id)).toMatchObject({ state: 'cancelled', error: null });
    expect(errorOf(await made.exports.cancel(made.window, made.id)).code).toBe('not-found');
    expect(made.bugs).toEqual([]);
  });

  it('can be cancelled at every moment: there is a whole file, or none', async () => {
    const made = await exportBench();
    const recording = inMemory();
    for (let index = 0; index < 30_000; index += 1) append(recording, 'x'.repeat(100));
    for (let moment = 0; moment < 12; moment += 1) {
      const id = await made.start(recording);
      for (let turns = 0; turns < moment * moment * 20; turns += 1) await turn();
      await made.exports.cancel(made.window, id);
      const { state } = await made.window.end(id);
      expect(await made.files()).toEqual(state === 'done' ? ['exported'] : []);
      if (state === 'done') expect(importJsonl(await made.read()).records).toHaveLength(30_000);
      await rm(made.path(), { force: true });
    }
    expect(made.bugs).toEqual([]);
  });

  it('belongs to its window: another cannot cancel it, and it ends with it', async () => {
    const made = await stuck();
    expect(errorOf(await made.exports.cancel(new ExportWindow(), made.id)).code).toBe('not-found');
    made.exports.forgetLink(made.window);
    expect(await made.window.end(made.id)).toMatchObject({ state: 'cancelled' });
    expect(await made.files()).toEqual([]);
  });

  it('fails when its recording is removed', async () => {
    const made = await stuck();
    made.exports.forgetSession('another');
    made.exports.forgetSession('session-1');
    expect(await made.window.end(made.id)).toMatchObject({ state: 'failed', error: { code: 'gone' } });
    expect(await made.files()).toEqual([]);
  });

  it('is cancelled when the engine ends, also while its file is being made', async () => {
    const made = await stuck();
    const starting = made.exports.start(made.window, sourceOf(inMemory()), made.params({ path: made.path('second') }));
    await made.exports.dispose();
    expect(errorOf(await starting).code).toBe('cancelled');
    expect(await made.window.end(made.id)).toMatchObject({ state: 'cancelled' });
    expect(await made.files()).toEqual([]);
    const late = await made.exports.start(made.window, sourceOf(inMemory()), made.params());
    expect(errorOf(late).code).toBe('not-supported');
  });

  it('fails with a bug of its thread, which is reported', async () => {
    const made = await exportBench(faultyWorkers.broken);
    const recording = inMemory();
    append(recording, 'one');
    expect(await made.run(recording)).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    expect(made.bugs.map(String)).toEqual(['Error: A bug in the worker']);
    expect(await made.files()).toEqual([]);
  });
});

describe('what an export is asked for', () => {
  it('must make sense', async () => {
    const made = await exportBench();
    const code = async (more: Parameters<ExportBench['params']>[0]): Promise<string> =>
      errorOf(await made.exports.start(made.window, sourceOf(inMemory()), made.params(more))).code;
    expect(await code({ filter: '/(/' })).toBe('bad-filter');
    expect(await code({ format: 'raw' })).toBe('bad-request');
    expect(await code({ direction: 'in' })).toBe('bad-request');
    expect(await made.files()).toEqual([]);
  });

  it('may not be too much at once', async () => {
    const made = await exportBench(faultyWorkers.stuck);
    const recording = inMemory();
    for (let index = 0; index < 60_000; index += 1) append(recording, 'x'.repeat(100));
    for (let index = 0; index < EXPORTS_AT_ONCE; index += 1) {
      await made.start(recording, { path: made.path(`file ${index}`) });
    }
    const another = await made.exports.start(made.window, sourceOf(recording), made.params());
    expect(errorOf(another)).toMatchObject({ code: 'busy' });
  });

  it('gives up an expression that takes too long', async () => {
    const made = await exportBench();
    const recording = inMemory();
    append(recording, `${'a'.repeat(40)}!`);
    expect(await made.run(recording, { filter: '/(a+)+$/' })).toMatchObject({
      state: 'failed',
      error: { code: 'bad-filter', message: 'The regular expression takes too long on record 0.' },
    });
    expect(await made.files()).toEqual([]);
  });

  it('can be shown where it is when it is done, to its window', async () => {
    const made = await exportBench();
    const { export: id } = await made.run(inMemory());
    expect(valueOf(made.exports.pathOf(made.window, id))).toBe(made.path());
    expect(errorOf(made.exports.pathOf(new ExportWindow(), id)).code).toBe('not-found');
  });
});
