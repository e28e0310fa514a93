import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { FileStorage } from '../../src/engine/storage.ts';
import type { Client } from '../../src/rpc/client.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { presetOf, written } from '../support/preset-bench.ts';

let base = '';
const benches: EngineBench[] = [];

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'wirebench-workspaces-')));
});
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.dispose()));
  await rm(base, { recursive: true, force: true });
});

function start(more: Partial<EngineOptions> = {}): EngineBench {
  const bench = engineBench({
    workspaces: {
      home: join(base, 'data', 'workspace'),
      folders: new FileStorage(join(base, 'data', 'folders.json')),
      trash: join(base, 'data', 'deleted'),
    },
    ...more,
  });
  benches.push(bench);
  return bench;
}

const end = (bench: EngineBench): Promise<void> => benches.splice(benches.indexOf(bench), 1)[0]?.dispose() ?? raise();
function raise(): never {
  throw new Error('a bench');
}

const current = async (client: Client): Promise<string> =>
  valueOf(await client.call('folder.current', {})).current.path;

async function folderWith(name: string): Promise<string> {
  const path = join(base, name);
  await mkdir(path);
  await writeFile(join(path, 'room.wb.yaml'), written(name));
  return path;
}

describe('the workspace folder', () => {
  it('is made on the first start, and only then', async () => {
    const bench = start();
    const client = bench.connect();
    expect(await readdir(base)).toEqual([]);
    const home = join(base, 'data', 'workspace');
    expect(valueOf(await client.call('folder.current', {}))).toEqual({
      current: { path: home, name: 'workspace' },
      error: null,
      remembered: [],
    });
    expect(await readFile(join(home, 'wirebench.yaml'), 'utf8')).toBe('wirebench: 1\n');
    expect(valueOf(await client.call('presets.list', {}))).toEqual({ entries: [], total: 0, error: null });
    const { path } = valueOf(await client.call('presets.create', { folder: '', preset: presetOf('Room') }));
    await rm(join(home, 'wirebench.yaml'));
    await end(bench);
    const again = start().connect();
    expect(valueOf(await again.call('presets.read', { path })).preset).toEqual(presetOf('Room'));
    expect(await readdir(home)).toEqual(['Room.wb.yaml']);
  });

  it('is that of the last time, and those before are remembered', async () => {
    const bench = start();
    const client = bench.connect();
    const home = await current(client);
    const [one, two] = [await folderWith('one'), await folderWith('two')];
    for (const path of [one, two]) valueOf(await client.call('folder.open', { path }));
    expect(valueOf(await client.call('presets.list', {})).entries).toMatchObject([{ name: 'two' }]);
    await end(bench);
    const again = start().connect();
    expect(valueOf(await again.call('folder.current', {}))).toEqual({
      current: { path: two, name: 'two' },
      error: null,
      remembered: [
        { path: one, name: 'one' },
        { path: home, name: 'workspace' },
      ],
    });
    expect(errorOf(await again.call('folder.forget', { path: two })).code).toBe('bad-request');
    expect(valueOf(await again.call('folder.forget', { path: one })).remembered).toMatchObject([{ path: home }]);
    expect(await readdir(one)).toEqual(['room.wb.yaml']);
  });

  it('stays when another one cannot be opened', async () => {
    const client = start().connect();
    const home = await current(client);
    await writeFile(join(base, 'file'), 'x');
    for (const [path, code] of [
      [join(base, 'nothing'), 'file-not-found'],
      [join(base, 'file'), 'storage-failed'],
      ['relative', 'bad-request'],
    ] as const) {
      expect(errorOf(await client.call('folder.open', { path }))).toMatchObject({ code });
    }
    expect(await current(client)).toBe(home);
  });

  it('is one and the same by all of its names', async () => {
    const client = start().connect();
    const one = await folderWith('one');
    await symlink(one, join(base, 'link'));
    valueOf(await client.call('folder.open', { path: join(base, 'link') }));
    expect(await current(client)).toBe(one);
    const { remembered } = valueOf(await client.call('folder.open', { path: one }));
    expect(remembered).toHaveLength(1);
    const { message } = errorOf(await client.call('folder.open', { path: '~/there is no such folder' }));
    expect(message).toContain(join(homedir(), 'there is no such folder'));
  });

  it('is not replaced by another one while it is away, and is used again when it is back', async () => {
    const one = await folderWith('one');
    const bench = start();
    valueOf(await bench.connect().call('folder.open', { path: one }));
    await end(bench);
    await rename(one, `${one}.away`);
    const client = start().connect();
    const away = valueOf(await client.call('folder.current', {}));
    expect(away).toMatchObject({ current: { path: one }, error: { code: 'file-not-found' } });
    expect(valueOf(await client.call('presets.list', {}))).toMatchObject({
      entries: [],
      error: { code: 'file-not-found' },
    });
    expect(errorOf(await client.call('presets.create', { folder: '', preset: presetOf('x') })).code).toBe(
      'file-not-found',
    );
    await rename(`${one}.away`, one);
    expect(valueOf(await client.call('folder.current', {}))).toMatchObject({ current: { path: one }, error: null });
    expect(valueOf(await client.call('presets.list', {})).entries).toMatchObject([{ name: 'one' }]);
  });

  it('can be opened although the remembered ones cannot be read', async () => {
    await mkdir(join(base, 'data'));
    await writeFile(join(base, 'data', 'folders.json'), '{"folders":[');
    const client = start().connect();
    expect(valueOf(await client.call('folder.current', {})).error).toBeNull();
    expect((await readdir(join(base, 'data'))).some((name) => name.startsWith('folders.broken-'))).toBe(true);
  });

  it('remembers the chosen environment of each folder', async () => {
    const { engine } = start();
    expect(engine.liveSessions).toBe(0);
    const { Workspaces } = await import('../../src/engine/presets/workspaces.ts');
    const make = (): InstanceType<typeof Workspaces> =>
      new Workspaces({
        home: join(base, 'data', 'workspace'),
        folders: new FileStorage(join(base, 'data', 'folders.json')),
        trash: join(base, 'data', 'deleted'),
      });
    const workspaces = make();
    expect(await workspaces.chosenEnvironment()).toBeNull();
    valueOf(await workspaces.chooseEnvironment('environments/local.wb.yaml'));
    valueOf(await workspaces.open(await folderWith('one')));
    expect(await workspaces.chosenEnvironment()).toBeNull();
    await workspaces.dispose();
    const again = make();
    valueOf(await again.open(join(base, 'data', 'workspace')));
    expect(await again.chosenEnvironment()).toBe('environments/local.wb.yaml');
    await again.dispose();
  });

  it('removes what a killed run had deleted, after a while', async () => {
    const trash = join(base, 'data', 'deleted');
    for (const name of ['old', 'new']) {
      await mkdir(join(trash, name), { recursive: true });
      await writeFile(join(trash, name, '1'), 'x');
    }
    await utimes(join(trash, 'old'), 1, 1);
    const bench = start();
    await current(bench.connect());
    await expect.poll(() => readdir(trash)).toEqual(['new']);
  });
});

describe('the calls about presets', () => {
  it('do what they say, for all windows', async () => {
    const revealed: string[] = [];
    const bench = start({ reveal: (path) => revealed.push(path), chooseFolder: () => Promise.resolve('/a/folder') });
    const [client, other] = [bench.connect(), bench.connect()];
    const told = new Promise<void>((resolve) => {
      other.on('presets.changed', () => {
        resolve();
      });
    });
    const { path, revision } = valueOf(
      await client.call('presets.create', { folder: 'dir', preset: presetOf('Room') }),
    );
    await told;
    const preset = presetOf('Room', { address: 'x:1' });
    expect(errorOf(await other.call('presets.save', { path, preset, base: 'another' })).code).toBe('conflict');
    valueOf(await other.call('presets.save', { path, preset, base: revision }));
    const renamed = valueOf(await client.call('presets.rename', { path, name: 'Hall' })).path;
    const copy = valueOf(await client.call('presets.duplicate', { path: renamed })).path;
    const moved = valueOf(await client.call('presets.move', { path: copy, folder: '', before: null })).path;
    const { undo } = valueOf(await client.call('presets.delete', { path: renamed }));
    expect(valueOf(await other.call('presets.list', {}))).toMatchObject({
      total: 2,
      entries: [{ path: 'dir' }, { path: moved, name: 'Hall copy', address: 'x:1' }],
    });
    expect(valueOf(await other.call('presets.restore', { undo })).path).toBe(renamed);
    valueOf(await client.call('presets.createFolder', { folder: 'dir', name: 'deep' }));
    valueOf(await client.call('presets.reveal', { path: renamed }));
    expect(revealed).toEqual([join(base, 'data', 'workspace', renamed)]);
    expect(errorOf(await client.call('presets.reveal', { path: 'none.wb.yaml' })).code).toBe('file-not-found');
    expect(valueOf(await client.call('file.chooseFolder', {}))).toEqual({ path: '/a/folder' });
    expect(bench.bugs).toEqual([]);
  });

  it('tell when another folder is open', async () => {
    const bench = start();
    const client = bench.connect();
    await current(client);
    const told = new Promise<void>((resolve) => {
      client.on('folder.changed', () => {
        resolve();
      });
    });
    valueOf(await client.call('folder.open', { path: await folderWith('one') }));
    await told;
  });

  it('tell when the folder calls itself otherwise, by which it is remembered, too', async () => {
    const bench = start();
    const client = bench.connect();
    const home = await current(client);
    const told = new Promise<void>((resolve) => {
      client.on('folder.changed', () => {
        resolve();
      });
    });
    await client.call('presets.list', {});
    await writeFile(join(home, 'wirebench.yaml'), '# shared\nwirebench: 1\nname: Device lab # ours\n');
    await told;
    expect(valueOf(await client.call('folder.current', {})).current).toEqual({ path: home, name: 'Device lab' });
    const opened = valueOf(await client.call('folder.open', { path: await folderWith('one') }));
    expect(opened).toMatchObject({ current: { name: 'one' }, remembered: [{ path: home, name: 'Device lab' }] });
    await writeFile(join(home, 'wirebench.yaml'), 'name: [');
    expect(valueOf(await client.call('folder.open', { path: home })).current.name).toBe('workspace');
  });

  it('say so where there is no folder, no dialog and no file manager', async () => {
    const bench = engineBench();
    benches.push(bench);
    const client = bench.connect();
    const outcomes = [
      await client.call('folder.current', {}),
      await client.call('presets.list', {}),
      await client.call('file.chooseFolder', {}),
      await start().connect().call('presets.reveal', { path: '' }),
    ];
    expect(outcomes.map((outcome) => errorOf(outcome).code)).toEqual(outcomes.map(() => 'not-supported'));
  });

  it('leave nothing behind', async () => {
    await leavingNothing(async () => {
      const bench = start();
      const client = bench.connect();
      valueOf(await client.call('presets.create', { folder: 'dir', preset: presetOf('Room') }));
      valueOf(await client.call('folder.open', { path: await folderWith('one') }));
      valueOf(await client.call('presets.list', {}));
      await end(bench);
    });
  });
});
