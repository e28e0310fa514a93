import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeFolder } from '../../src/engine/presets/folder-operations.ts';
import { PresetTree } from '../../src/engine/presets/preset-tree.ts';
import { FILE_TIME_MS, PRESET_BYTES, PRESET_DEPTH, PRESETS_CHECKED_FIRST } from '../../src/shared/preset-limits.ts';
import type { PresetEntry } from '../../src/shared/presets-contract.ts';
import { until, valueOf } from '../support/outcome.ts';
import { PresetBench, presetOf, written } from '../support/preset-bench.ts';

let bench: PresetBench;
beforeEach(async () => {
  bench = await PresetBench.make();
  await bench.open();
});
afterEach(() => bench.dispose());

const only = async (): Promise<PresetEntry> => {
  const [entry, ...more] = await bench.entries();
  if (entry === undefined || more.length > 0) throw new Error('one entry');
  return entry;
};

describe('the list of presets', () => {
  it('says what the tree shows, parents before their children', async () => {
    await bench.put('dir/room.wb.yaml', `${written('Room')}address: ws://x\n`);
    expect(await bench.entries()).toEqual([
      { path: 'dir', type: 'folder', name: 'dir', id: '', protocol: '', address: '', revision: '', error: null },
      {
        path: 'dir/room.wb.yaml',
        type: 'preset',
        name: 'Room',
        id: 'room',
        protocol: 'tcp-client',
        address: 'ws://x',
        revision: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        error: null,
      },
    ]);
  });

  it('leaves out what is somebody else’s', async () => {
    await bench.put('src/main.c', 'int main;');
    await bench.put('docs/deep/readme.md', 'hello');
    await bench.put('.git/x.wb.yaml', written('Git'));
    await bench.put('node_modules/x/x.wb.yaml', written('Library'));
    await bench.put('environments/local.wb.yaml', 'wirebench: 1\nvariables: {}\n');
    await bench.put('docker-compose.yaml', 'a: 1');
    await bench.put('.wb.yaml', written('Nameless'));
    await bench.put('empty/.gitkeep', '');
    await bench.put('mixed/notes.md', 'x');
    await bench.put('mixed/deep/environments/room.wb.yaml', written('Room'));
    expect(await bench.places()).toEqual([
      'empty',
      'mixed',
      'mixed/deep',
      'mixed/deep/environments',
      'mixed/deep/environments/room.wb.yaml',
    ]);
  });

  it('shows broken files with line and column, and leaves them as they are', async () => {
    const text = `${written('Room')}messages:\n  - name: [\n`;
    await bench.put('room.wb.yaml', text);
    expect(await only()).toMatchObject({ type: 'broken', name: 'room', id: '', error: { code: 'bad-preset' } });
    expect((await only()).error?.message).toMatch(/^room\.wb\.yaml, line \d+, column \d+: /);
    expect(await bench.text('room.wb.yaml')).toBe(text);
  });

  it.each([
    ['of a newer Wirebench', 'wirebench: 2\nprotocol: x\n', 'newer-preset'],
    ['that are no text', Uint8Array.of(0xff, 0xfe, 0, 0x77), 'bad-preset'],
    ['that are empty', '', 'bad-preset'],
    ['that are huge', 'x'.repeat(PRESET_BYTES + 1), 'bad-preset'],
    ['that are nested without end', '['.repeat(100_000), 'bad-preset'],
  ])('shows files %s as what they are', async (_, content, code) => {
    await bench.put('room.wb.yaml', content);
    expect(await only()).toMatchObject({ path: 'room.wb.yaml', type: 'broken', error: { code } });
  });

  it('shows a folder that is called like a preset as the folder that it is', async () => {
    await bench.put('room.wb.yaml/deep.wb.yaml', written('Room'));
    expect(await bench.entries()).toMatchObject([{ type: 'folder' }, { type: 'preset', name: 'Room' }]);
  });

  it('derives what a file does not say from where it is', async () => {
    await bench.put('my room.wb.yaml', 'wirebench: 1\nprotocol: tcp-client\n');
    const entry = await only();
    expect(entry).toMatchObject({ type: 'preset', name: 'my room', error: null });
    expect(entry.id).toMatch(/^[a-z0-9-]{1,40}$/);
    const { presets } = await bench.open();
    const { preset, revision } = valueOf(await presets.read('my room.wb.yaml'));
    expect(preset).toMatchObject({ id: entry.id, name: 'my room' });
    valueOf(await presets.save('my room.wb.yaml', preset, revision));
    expect(await bench.text('my room.wb.yaml')).toBe(`wirebench: 1\nid: ${entry.id}\nprotocol: tcp-client\n`);
  });

  it('gives the id to the oldest of several files that say the same', async () => {
    for (const name of ['b', 'a', 'c']) {
      await bench.put(`${name}.wb.yaml`, written('Room'));
      // Times of birth are the system's; a tick between them tells them apart.
      const began = Date.now();
      await until(() => Date.now() > began + 10, 'the clock');
    }
    const entries = await bench.entries();
    const owner = entries.find(({ id }) => id === 'room');
    expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
    for (const { path, error } of entries) {
      if (path === owner?.path) expect(error).toBeNull();
      else expect(error?.message).toBe(`${path} has the same id as ${owner?.path ?? ''}.`);
    }
  });

  it('goes only so deep', async () => {
    const deep = Array.from({ length: PRESET_DEPTH + 3 }, (_, depth) => `d${depth}`).join('/');
    await bench.put(`${deep}/room.wb.yaml`, written('Room'));
    await bench.put('room.wb.yaml', written('Room'));
    const { presets } = await bench.open();
    const { entries, error } = await presets.list();
    expect(error?.message).toContain(`${PRESET_DEPTH} folders deep`);
    expect(entries.some(({ path }) => path === 'room.wb.yaml')).toBe(true);
  });

  it('keeps what was known while the folder cannot be read, and says why', async () => {
    await bench.put('room.wb.yaml', written('Room'));
    const { files } = await bench.open();
    const tree = new PresetTree(files);
    expect((await tree.list()).error).toBeNull();
    await rename(bench.home, `${bench.home}.gone`);
    await tree.refresh();
    const { entries, error } = await tree.list();
    expect(entries).toMatchObject([{ path: 'room.wb.yaml' }]);
    expect(error).toMatchObject({ code: 'file-not-found' });
    await rename(`${bench.home}.gone`, bench.home);
    await tree.refresh();
    expect((await tree.list()).error).toBeNull();
    await tree.dispose();
  });
});

describe('reading the folder again', () => {
  it('reads only the files that may have changed', async () => {
    const read: string[] = [];
    await bench.dispose();
    bench = await PresetBench.make({
      read: (path, most) => {
        read.push(path.slice(path.lastIndexOf('/') + 1));
        return nodeFolder.read(path, most);
      },
    });
    const { files } = await bench.open();
    for (const name of ['a', 'b']) await bench.put(`${name}.wb.yaml`, written(name));
    const tree = new PresetTree(files);
    await tree.list();
    // What changed a moment ago could change again within the same tick of the file system.
    read.length = 0;
    await tree.refresh();
    expect(new Set(read)).toEqual(new Set(['a.wb.yaml', 'b.wb.yaml']));
    const later = Date.now() + 2 * FILE_TIME_MS;
    const clock = vi.spyOn(Date, 'now').mockReturnValue(later);
    await tree.refresh();
    await bench.put('b.wb.yaml', written('c'));
    read.length = 0;
    await tree.refresh();
    expect(new Set(read)).toEqual(new Set(['b.wb.yaml']));
    clock.mockRestore();
    await tree.dispose();
  });

  it('sees a change that leaves size and time as they were', async () => {
    const { files } = await bench.open();
    const tree = new PresetTree(files);
    const time = new Date(2020, 1, 1);
    for (const name of ['a', 'b', 'c']) {
      await bench.put('x.wb.yaml', written(name));
      await utimes(join(bench.home, 'x.wb.yaml'), time, time);
      await tree.refresh();
      expect((await tree.list()).entries).toMatchObject([{ name }]);
    }
    await tree.dispose();
  });

  it('tells only when something is different', async () => {
    const { files } = await bench.open();
    const tree = new PresetTree(files);
    let changes = 0;
    tree.onChanged.add(() => (changes += 1));
    await bench.put('a.wb.yaml', written('a'));
    for (let round = 0; round < 3; round += 1) await tree.refresh();
    expect(changes).toBe(1);
    await bench.put('readme.md', 'x');
    await tree.refresh();
    expect(changes).toBe(1);
    await rm(join(bench.home, 'a.wb.yaml'));
    await tree.refresh();
    expect(changes).toBe(2);
    await tree.dispose();
  });
});

describe('ten thousand presets', () => {
  it('are listed at once, and the broken ones among them found soon after', async () => {
    const text = `${written('Room')}messages:\n  - name: a\n    content: hello\n`;
    for (let folder = 0; folder < 100; folder += 1) {
      await mkdir(join(bench.home, `f${folder}`));
      const names = Array.from({ length: 100 }, (_, index) => `f${folder}/p${index}.wb.yaml`);
      await Promise.all(
        names.map((name, index) => bench.put(name, text.replace('id: room', `id: r-${folder}-${index}`))),
      );
    }
    const broken = `${text.replace('id: room', 'id: broken')}notes: [\n`;
    await bench.put('f99/p99.wb.yaml', broken);
    const { files } = await bench.open();
    const tree = new PresetTree(files);
    const began = performance.now();
    const { entries, error } = await tree.list();
    process.stdout.write(`10,000 presets listed in ${Math.round(performance.now() - began)} ms, `);
    expect(error).toBeNull();
    expect(entries).toHaveLength(10_100);
    expect(PRESETS_CHECKED_FIRST).toBeLessThan(10_000);
    const isFound = async (): Promise<boolean> =>
      (await tree.list()).entries.some(({ path, type }) => path === 'f99/p99.wb.yaml' && type === 'broken');
    let found = await isFound();
    tree.onChanged.add(() => void isFound().then((value) => (found ||= value)));
    await until(() => found, 'the broken file', 5_000_000);
    const again = performance.now();
    await tree.refresh();
    process.stdout.write(`and again in ${Math.round(performance.now() - again)} ms\n`);
    await tree.dispose();
  });

  it('do not hide a preset that is saved meanwhile', async () => {
    for (let index = 0; index < 2 * PRESETS_CHECKED_FIRST; index += 1) {
      await bench.put(`p${index}.wb.yaml`, written(`p${index}`));
    }
    const { presets } = await bench.open();
    await presets.list();
    valueOf(await presets.save('p1.wb.yaml', presetOf('new'), null));
    expect((await presets.list()).entries.find(({ path }) => path === 'p1.wb.yaml')).toMatchObject({ name: 'new' });
  });
});
