import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PresetFolder } from '../../src/engine/presets/preset-folder.ts';
import { PRESET_BYTES } from '../../src/shared/preset-limits.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { PresetBench, presetOf, written } from '../support/preset-bench.ts';

let bench: PresetBench;
let presets: PresetFolder;
beforeEach(async () => {
  bench = await PresetBench.make();
  presets = (await bench.open()).presets;
});
afterEach(() => bench.dispose());

const create = async (folder: string, name: string): Promise<string> =>
  valueOf(await presets.create(folder, presetOf(name))).path;

describe('saving a preset', () => {
  it('keeps what else is in the file, and tells the new revision', async () => {
    await bench.put('room.wb.yaml', `# mine\n${written('Room')}team: blue\n`);
    const { preset, revision } = valueOf(await presets.read('room.wb.yaml'));
    const saved = valueOf(await presets.save('room.wb.yaml', { ...preset, address: 'x:1' }, revision));
    expect(await bench.text('room.wb.yaml')).toBe(`# mine\n${written('Room')}address: x:1\nteam: blue\n`);
    expect(valueOf(await presets.read('room.wb.yaml'))).toEqual({
      preset: { ...preset, address: 'x:1' },
      revision: saved.revision,
    });
  });

  it('writes nothing when nothing is different', async () => {
    const { lstat } = await import('node:fs/promises');
    await bench.put('room.wb.yaml', written('Room'));
    const before = await lstat(join(bench.home, 'room.wb.yaml'), { bigint: true });
    const { preset, revision } = valueOf(await presets.read('room.wb.yaml'));
    for (const base of [revision, null]) {
      expect(valueOf(await presets.save('room.wb.yaml', preset, base)).revision).toBe(revision);
    }
    const after = await lstat(join(bench.home, 'room.wb.yaml'), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it('is refused when somebody else has changed the file, until it is said that this one is to be kept', async () => {
    const path = await create('', 'Room');
    const { preset, revision } = valueOf(await presets.read(path));
    await bench.put(path, written('Theirs'));
    expect(errorOf(await presets.save(path, { ...preset, name: 'Mine' }, revision)).code).toBe('conflict');
    expect(await bench.text(path)).toBe(written('Theirs'));
    valueOf(await presets.save(path, { ...preset, name: 'Mine' }, null));
    expect(valueOf(await presets.read(path)).preset.name).toBe('Mine');
  });

  it('is refused when the file has gone, and makes it again when that is wanted', async () => {
    const path = await create('deep/er', 'Room');
    const { preset, revision } = valueOf(await presets.read(path));
    await rm(join(bench.home, path));
    expect(errorOf(await presets.save(path, preset, revision)).code).toBe('file-not-found');
    valueOf(await presets.save(path, preset, null));
    expect(valueOf(await presets.read(path)).preset).toEqual(preset);
    await rm(join(bench.home, 'deep'), { recursive: true });
    expect(errorOf(await presets.save(path, preset, null)).code).toBe('file-not-found');
  });

  it('leaves a broken file alone, unless it is to be replaced', async () => {
    const broken = 'wirebench: 1\nname: [\n';
    const path = await create('', 'Room');
    const { preset, revision } = valueOf(await presets.read(path));
    await bench.put(path, broken);
    expect(errorOf(await presets.read(path))).toMatchObject({ code: 'bad-preset' });
    expect(errorOf(await presets.save(path, preset, revision)).code).toBe('conflict');
    expect(await bench.text(path)).toBe(broken);
    valueOf(await presets.save(path, preset, null));
    expect(valueOf(await presets.read(path)).preset).toEqual(preset);
  });

  it('is refused when it would be too large', async () => {
    const messages = Array.from({ length: 5 }, (_, index) => ({
      ...presetOf('x'),
      name: String(index),
      format: 'Text' as const,
      content: 'x'.repeat(PRESET_BYTES / 4),
      lineEnding: 'none' as const,
      encoding: 'utf8' as const,
      kind: '',
      frame: {},
    }));
    const path = await create('', 'Room');
    const error = errorOf(await presets.save(path, presetOf('Room', { messages }), null));
    expect(error.code).toBe('bad-preset');
    expect(await bench.text(path)).toBe(written('Room'));
  });

  it('gives a copied file an id of its own', async () => {
    await create('', 'Room');
    await bench.put('copy.wb.yaml', written('Room'));
    const entries = await bench.entries();
    const copy = entries.find(({ path }) => path === 'copy.wb.yaml');
    expect(entries.find(({ path }) => path === 'Room.wb.yaml')).toMatchObject({ id: 'room', error: null });
    expect(copy?.error).toMatchObject({ code: 'already-exists' });
    expect(copy?.id).not.toBe('room');
    await (await bench.open()).presets.list();
    const { preset, revision } = valueOf(await presets.read('copy.wb.yaml'));
    expect(preset.id).toBe(copy?.id);
    // Somebody who knows the file by the id that it says.
    valueOf(await presets.save('copy.wb.yaml', { ...preset, id: 'room' }, revision));
    expect(await bench.text('copy.wb.yaml')).toContain(`id: ${copy?.id ?? ''}\n`);
    expect((await bench.entries()).map(({ error }) => error)).toEqual([null, null]);
  });
});

describe('a new preset', () => {
  it.each([
    ['a/b\\c:d', 'a-b-c-d.wb.yaml'],
    ['../../etc/passwd', '-..-etc-passwd.wb.yaml'],
    ['한국 요청 😀', '한국 요청 😀.wb.yaml'],
    ['con', '_con.wb.yaml'],
    ['LPT1.txt', '_LPT1.txt.wb.yaml'],
    ['.hidden', 'hidden.wb.yaml'],
    ['  dots... ', 'dots.wb.yaml'],
    ['\u202eexe.txt\0', '-exe.txt-.wb.yaml'],
    ['...', 'untitled.wb.yaml'],
    ['e\u0301', '\u00e9.wb.yaml'],
    ['\ud800', '-.wb.yaml'],
  ])('called %j is the file %j', async (name, file) => {
    const path = valueOf(await presets.create('', presetOf('x', { name }))).path;
    expect(path).toBe(file);
    expect(valueOf(await presets.read(path)).preset.name).toBe(name);
  });

  it.each(['x', '한', '👨‍👩‍👧‍👦', 'e\u0301'])(
    'with a very long name of %j has a file that the system takes',
    async (part) => {
      const name = part.repeat(200).slice(0, 200);
      for (let round = 0; round < 12; round += 1) valueOf(await presets.create('', presetOf('x', { name })));
      const files = await readdir(bench.home);
      expect(files.filter((file) => file.endsWith('.wb.yaml'))).toHaveLength(12);
      for (const file of files) expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    },
  );

  it('never replaces another one, also where capitals do not count', async () => {
    expect(await create('', 'Room')).toBe('Room.wb.yaml');
    expect(await create('', 'room')).toBe('room 2.wb.yaml');
    expect(await create('', 'ROOM')).toBe('ROOM 3.wb.yaml');
  });

  it('keeps its id unless another one has it', async () => {
    const [one, two] = [await create('', 'Room'), await create('', 'Room')];
    expect(valueOf(await presets.read(one)).preset.id).toBe('room');
    expect(valueOf(await presets.read(two)).preset.id).not.toBe('room');
  });
});

describe('places outside of the tree', () => {
  it.each(['../x.wb.yaml', '/etc/x.wb.yaml', 'a//b.wb.yaml', './x.wb.yaml', 'a/../../x.wb.yaml', '.git/x.wb.yaml'])(
    '%s are refused by every call',
    async (place) => {
      await mkdir(join(bench.home, '.git'));
      const preset = presetOf('x');
      const outcomes = [
        await presets.read(place),
        await presets.save(place, preset, null),
        await presets.create(place, preset),
        await presets.createFolder(place, 'x'),
        await presets.rename(place, 'x'),
        await presets.move(place, '', null),
        await presets.duplicate(place),
        await presets.delete(place),
      ];
      expect(outcomes.map((outcome) => errorOf(outcome).code)).toEqual(outcomes.map(() => 'bad-request'));
      expect(await readdir(bench.base)).toEqual(['workspace']);
      expect(await readdir(bench.home)).toEqual(['.git', 'wirebench.yaml']);
    },
  );

  it('and files that are no presets are left alone', async () => {
    await bench.put('docker-compose.yaml', 'a: 1');
    for (const place of ['docker-compose.yaml', 'wirebench.yaml', '.order.yaml', '.wb.yaml']) {
      expect(errorOf(await presets.save(place, presetOf('x'), null)).code).toBe('bad-request');
    }
    expect(errorOf(await presets.create('environments', presetOf('x'))).code).toBe('bad-request');
    for (const call of [
      presets.delete(''),
      presets.rename('', 'x'),
      presets.move('', 'x', null),
      presets.duplicate(''),
    ]) {
      expect(errorOf(await call).code).toBe('bad-request');
    }
  });

  it('are not reached through symbolic links', async () => {
    const outside = join(bench.base, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret.wb.yaml'), written('Secret'));
    await symlink(outside, join(bench.home, 'link'));
    await symlink(join(outside, 'secret.wb.yaml'), join(bench.home, 'file.wb.yaml'));
    expect(await bench.entries()).toMatchObject([
      { path: 'file.wb.yaml', type: 'broken', error: { code: 'bad-preset' } },
    ]);
    for (const place of ['link/secret.wb.yaml', 'file.wb.yaml']) {
      expect(errorOf(await presets.read(place)).message).toContain('symbolic link');
      errorOf(await presets.save(place, presetOf('x'), null));
    }
    errorOf(await presets.create('link', presetOf('x')));
    errorOf(await presets.createFolder('link', 'x'));
    // The link itself can go; what it leads to stays.
    valueOf(await presets.delete('file.wb.yaml'));
    expect(await readdir(outside)).toEqual(['secret.wb.yaml']);
  });
});

describe('the order of a folder', () => {
  it('is by name, folders first, until somebody moves something by hand', async () => {
    for (const name of ['Room 10', 'Room 2', 'attic', 'Room']) await create('', name);
    valueOf(await presets.createFolder('', 'zoo'));
    expect(await bench.places()).toEqual(['zoo', 'attic.wb.yaml', 'Room.wb.yaml', 'Room 2.wb.yaml', 'Room 10.wb.yaml']);
    expect(valueOf(await presets.move('Room 10.wb.yaml', '', 'zoo'))).toBe('Room 10.wb.yaml');
    valueOf(await presets.move('zoo', '', null));
    const order = ['Room 10.wb.yaml', 'attic.wb.yaml', 'Room.wb.yaml', 'Room 2.wb.yaml', 'zoo'];
    expect(await bench.places()).toEqual(order);
    expect(await bench.text('.order.yaml')).toBe(`order:\n${order.map((name) => `  - ${name}\n`).join('')}`);
  });

  it('goes along with names, copies and moves', async () => {
    await bench.put('.order.yaml', '# by hand\norder: [b.wb.yaml, gone, a.wb.yaml]\n');
    for (const name of ['a', 'b', 'c']) await create('', name);
    valueOf(await presets.rename('b.wb.yaml', 'x'));
    valueOf(await presets.duplicate('x.wb.yaml'));
    expect(await bench.places()).toEqual(['x.wb.yaml', 'x copy.wb.yaml', 'a.wb.yaml', 'c.wb.yaml']);
    expect(await bench.text('.order.yaml')).toContain('# by hand');
    valueOf(await presets.createFolder('', 'in'));
    expect(valueOf(await presets.move('a.wb.yaml', 'in', null))).toBe('in/a.wb.yaml');
    expect(await bench.text('.order.yaml')).not.toContain('a.wb.yaml');
  });

  it('is that of the names while its file is broken, which is left as it is', async () => {
    await bench.put('.order.yaml', 'order: [');
    for (const name of ['b', 'a']) await create('', name);
    expect(await bench.places()).toEqual(['a.wb.yaml', 'b.wb.yaml']);
    expect(errorOf(await presets.move('a.wb.yaml', '', null)).message).toContain('line 1, column');
    valueOf(await presets.rename('a.wb.yaml', 'c'));
    expect(await bench.text('.order.yaml')).toBe('order: [');
  });

  it('of a folder with a broken file can be left and entered, and only there', async () => {
    await bench.put('in/.order.yaml', 'order: [');
    await create('in', 'b');
    await create('', 'a');
    expect(valueOf(await presets.move('a.wb.yaml', 'in', 'in/b.wb.yaml'))).toBe('in/a.wb.yaml');
    expect(errorOf(await presets.move('in/b.wb.yaml', 'in', 'in/a.wb.yaml')).code).toBe('bad-preset');
    expect(valueOf(await presets.move('in/b.wb.yaml', '', null))).toBe('b.wb.yaml');
    expect(await bench.text('in/.order.yaml')).toBe('order: [');
  });
});

describe('renaming', () => {
  it('changes the name inside and the name of the file, and nothing else', async () => {
    await bench.put('dir/room.wb.yaml', `# mine\n${written('Room')}`);
    expect(valueOf(await presets.rename('dir/room.wb.yaml', 'Hall/1'))).toBe('dir/Hall-1.wb.yaml');
    expect(await bench.text('dir/Hall-1.wb.yaml')).toBe(`# mine\n${written('Room').replace('Room', 'Hall/1')}`);
    expect(await readdir(join(bench.home, 'dir'))).toEqual(['Hall-1.wb.yaml']);
  });

  it('changes only the capitals, too', async () => {
    await create('Dir', 'room');
    expect(valueOf(await presets.rename('Dir/room.wb.yaml', 'Room'))).toBe('Dir/Room.wb.yaml');
    expect(valueOf(await presets.rename('Dir', 'dir'))).toBe('dir');
    expect(await bench.places()).toEqual(['dir', 'dir/Room.wb.yaml']);
  });

  it('never replaces another one', async () => {
    for (const name of ['a', 'b']) await create('', name);
    valueOf(await presets.createFolder('', 'dir'));
    valueOf(await presets.createFolder('', 'other'));
    expect(valueOf(await presets.rename('a.wb.yaml', 'B'))).toBe('B 2.wb.yaml');
    expect(valueOf(await presets.rename('dir', 'Other'))).toBe('Other 2');
    expect(valueOf(await presets.rename('other', 'environments'))).toBe('environments 2');
  });

  it('of a broken file changes the name of the file only', async () => {
    await bench.put('a.wb.yaml', 'name: [');
    expect(valueOf(await presets.rename('a.wb.yaml', 'b'))).toBe('b.wb.yaml');
    expect(await bench.text('b.wb.yaml')).toBe('name: [');
    expect(errorOf(await presets.rename('a.wb.yaml', 'c')).code).toBe('file-not-found');
  });
});

describe('moving', () => {
  it('takes a folder with all that is in it, but not into itself', async () => {
    await create('one/two', 'Room');
    await create('three', 'Hall');
    expect(errorOf(await presets.move('one', 'one/two', null)).code).toBe('bad-request');
    expect(errorOf(await presets.move('one', 'one', null)).code).toBe('bad-request');
    expect(valueOf(await presets.move('one', 'three', 'three/Hall.wb.yaml'))).toBe('three/one');
    expect(await bench.places()).toEqual([
      'three',
      'three/one',
      'three/one/two',
      'three/one/two/Room.wb.yaml',
      'three/Hall.wb.yaml',
    ]);
    expect(errorOf(await presets.move('nothing', 'three', null)).code).toBe('file-not-found');
    expect(errorOf(await presets.move('three/Hall.wb.yaml', 'nothing', null)).code).toBe('file-not-found');
  });

  it('never replaces another one', async () => {
    await create('one', 'Room');
    await create('', 'room');
    expect(valueOf(await presets.move('room.wb.yaml', 'one', null))).toBe('one/room 2.wb.yaml');
  });
});

describe('a copy', () => {
  it('has its own id, a name that says so, and the comments', async () => {
    await bench.put('room.wb.yaml', `# mine\n${written('Room')}`);
    const path = valueOf(await presets.duplicate('room.wb.yaml'));
    expect(path).toBe('Room copy.wb.yaml');
    const { preset } = valueOf(await presets.read(path));
    expect(preset).toMatchObject({ name: 'Room copy' });
    expect(preset.id).not.toBe('room');
    expect(await bench.text(path)).toContain('# mine');
  });

  it('of a folder has everything of ours in it, also what is broken', async () => {
    await create('dir/deep', 'Room');
    await bench.put('dir/deep/broken.wb.yaml', 'name: [');
    await bench.put('dir/deep/.order.yaml', 'order: [broken.wb.yaml]');
    await bench.put('dir/readme.md', 'hello');
    valueOf(await presets.createFolder('dir', 'empty'));
    expect(valueOf(await presets.duplicate('dir'))).toBe('dir copy');
    expect((await bench.places()).filter((place) => place.startsWith('dir copy'))).toEqual([
      'dir copy',
      'dir copy/deep',
      'dir copy/deep/broken.wb.yaml',
      'dir copy/deep/Room.wb.yaml',
      'dir copy/empty',
    ]);
    const ids = (await bench.entries()).filter(({ type }) => type === 'preset').map(({ id, error }) => [id, error]);
    expect(new Set(ids.map(([id]) => id)).size).toBe(2);
    expect(ids.map(([, error]) => error)).toEqual([null, null]);
  });
});

describe('deleting', () => {
  it('can be undone, with the file as it was', async () => {
    const text = `# mine\n${written('Room')}`;
    await bench.put('dir/room.wb.yaml', text);
    const undo = valueOf(await presets.delete('dir/room.wb.yaml'));
    expect(await bench.places()).toEqual(['dir']);
    expect(valueOf(await presets.restore(undo))).toBe('dir/room.wb.yaml');
    expect(await bench.text('dir/room.wb.yaml')).toBe(text);
    expect(errorOf(await presets.restore(undo)).code).toBe('not-found');
    expect(errorOf(await presets.delete('dir/none.wb.yaml')).code).toBe('file-not-found');
    expect(errorOf(await presets.delete('none')).code).toBe('file-not-found');
  });

  it('does not replace what has come meanwhile when it is undone', async () => {
    await create('dir', 'Room');
    const undo = valueOf(await presets.delete('dir/Room.wb.yaml'));
    await rm(join(bench.home, 'dir'), { recursive: true });
    await create('dir', 'Room');
    expect(valueOf(await presets.restore(undo))).toBe('dir/Room 2.wb.yaml');
  });

  it('of a folder takes what is ours, leaves files of others, and can be undone', async () => {
    await create('dir/deep', 'Room');
    await bench.put('dir/deep/.order.yaml', 'order: []');
    valueOf(await presets.createFolder('dir', 'empty'));
    await bench.put('dir/src/main.c', 'int main;');
    const before = await bench.places();
    const undo = valueOf(await presets.delete('dir'));
    expect(await bench.places()).toEqual([]);
    expect(await bench.text('dir/src/main.c')).toBe('int main;');
    expect(await readdir(join(bench.home, 'dir'))).toEqual(['src']);
    expect(valueOf(await presets.restore(undo))).toBe('dir');
    expect(await bench.places()).toEqual(before);
    expect(await bench.text('dir/deep/.order.yaml')).toBe('order: []');
    const empty = valueOf(await presets.delete('dir/empty'));
    expect(await bench.places()).not.toContain('dir/empty');
    valueOf(await presets.restore(empty));
    expect(await bench.places()).toContain('dir/empty');
  });

  it('is final when the application ends', async () => {
    await create('', 'Room');
    valueOf(await presets.delete('Room.wb.yaml'));
    await bench.workspaces.dispose();
    expect(await readdir(join(bench.base, 'deleted'))).toEqual([]);
  });
});
