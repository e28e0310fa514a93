import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { homePath } from '../../src/engine/home-path.ts';
import { saveText } from '../../src/engine/save-text.ts';
import { append, inMemory } from '../support/export-bench.ts';
import { ExportBench, sourceOf } from '../support/exported.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-save-'));
  folders.push(folder);
  return folder;
}

describe('an export that is fetched', () => {
  it('waits under a key, in a folder of its own, is taken once, and leaves nothing behind', async () => {
    await leavingNothing(async () => {
      const { bench, downloads } = await ExportBench.withDownloads();
      const recording = inMemory();
      append(recording, 'hello', 'out');
      const done = await bench.run(recording, { path: null, name: 'echo.jsonl' });
      expect(done).toMatchObject({ state: 'done', path: 'echo.jsonl', records: 1 });
      const found = downloads.take(done.download ?? '');
      expect(found?.name).toBe('echo.jsonl');
      expect(await readFile(found?.path ?? '', 'utf8')).toContain('"text":"hello"');
      expect(downloads.take(done.download ?? '')).toBeNull();
      await downloads.remove(found?.path ?? '');
      expect(await bench.files()).toEqual([]);
      await bench.dispose();
    });
  });

  it('is removed when it is cancelled, and with the engine when nobody fetches it', async () => {
    const { bench, downloads } = await ExportBench.withDownloads();
    folders.push(bench.folder);
    const recording = inMemory();
    append(recording, 'hello', 'out');
    const id = await bench.start(recording, { path: null, name: 'a' });
    await bench.exports.cancel(bench.window, id);
    expect((await bench.window.end(id)).download).toBeUndefined();
    const done = await bench.run(recording, { path: null, name: 'b' });
    await bench.exports.dispose();
    expect(downloads.take(done.download ?? '')).toBeNull();
    expect(await readdir(bench.folder)).toEqual([]);
  });

  it('is refused where no browser could fetch it', async () => {
    const bench = await ExportBench.make();
    folders.push(bench.folder);
    const refused = await bench.exports.start(bench.window, sourceOf(inMemory()), bench.params({ path: null }));
    expect(errorOf(refused).code).toBe('not-supported');
    await bench.dispose();
  });
});

describe('a text of the window', () => {
  it('is written as a whole file, and replaces what is there', async () => {
    const path = join(await emptyFolder(), 'report.md');
    expect(valueOf(await saveText(path, 'ž', null))).toEqual({ bytes: 2 });
    await saveText(path, '# Second', null);
    expect(await readFile(path, 'utf8')).toBe('# Second');
    expect(await readdir(dirname(path))).toEqual(['report.md']);
  });

  it('is not written into a recording, nor where there is no folder', async () => {
    const folder = await emptyFolder();
    expect(errorOf(await saveText(join(folder, 'a.md'), 'x', folder)).code).toBe('not-supported');
    expect(errorOf(await saveText(join(folder, 'none', 'a.md'), 'x', null)).code).toBe('file-not-found');
    await writeFile(join(folder, 'file'), '');
    expect(errorOf(await saveText(join(folder, 'file', 'a.md'), 'x', null)).code).toBe('file-not-found');
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('a path that is typed', () => {
  it('may begin with ~ for the own folder, and with nothing else like it', () => {
    expect(homePath('~')).toBe(homedir());
    expect(homePath('~/notes/a.txt')).toBe(`${homedir()}/notes/a.txt`);
    for (const path of ['/a/~/b', '~anna/a', './~', 'a~']) expect(homePath(path)).toBe(path);
  });
});
