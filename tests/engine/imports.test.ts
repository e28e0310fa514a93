/** Import and export by the calls of the contract, with a real folder. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { driverModules } from '../../src/drivers/node.ts';
import { ImportLooker } from '../../src/engine/imports/import-looker.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import type { Client } from '../../src/rpc/client.ts';
import { IMPORT_BYTES } from '../../src/shared/preset-limits.ts';
import { engineBench } from '../support/engine-bench.ts';
import { importFiles, importPath, importSample } from '../support/import-samples.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const workers = {
  scan: new URL('../../src/engine/scan/scan-worker.ts', import.meta.url),
  export: new URL('../../src/engine/export/export-worker.ts', import.meta.url),
  import: new URL('../../src/engine/imports/import-worker.ts', import.meta.url),
};

interface Bench {
  readonly client: Client;
  readonly home: string;
  readonly base: string;
  readonly bugs: readonly unknown[];
}

async function bench(): Promise<Bench> {
  const base = await mkdtemp(join(tmpdir(), 'wirebench-imports-'));
  const home = join(base, 'workspace');
  const engine = engineBench({
    drivers: driverModules,
    workers,
    workspaces: { home, trash: join(base, 'deleted'), folders: new MemoryStorage() },
  });
  onTestFinished(async () => {
    await engine.dispose();
    await rm(base, { recursive: true, force: true });
  });
  return { client: engine.connect(), home, base, bugs: engine.bugs };
}

const file = (path: string): { type: 'file'; path: string } => ({ type: 'file', path });
const text = (content: string): { type: 'text'; text: string } => ({ type: 'text', text: content });

describe('an import', () => {
  it.each(importFiles)('of %s is shown as it is then made, and nothing is written before', async (name) => {
    const { client, home } = await bench();
    const source = file(importPath(name));
    const look = valueOf(await client.call('import.look', { source }));
    expect(valueOf(await client.call('presets.list', {})).total).toBe(0);

    const run = valueOf(await client.call('import.run', { source, folder: '' }));
    expect(run.paths).toHaveLength(look.presets.length);
    expect(run.environments).toHaveLength(look.environments.length);
    for (const [index, path] of run.paths.entries()) {
      const shown = look.presets[index];
      if (shown === undefined) throw new Error('more was imported than was shown');
      expect(valueOf(await client.call('presets.read', { path })).preset).toEqual(shown.preset);
      expect(path.split('/').slice(0, -1).join('/')).toBe(shown.folder);
    }
    const files = await Promise.all(
      [...run.paths, ...run.environments].map((path) => readFile(join(home, path), 'utf8')),
    );
    for (const secret of ['abc.def', 's3cret', 'pa55word', 't0ken', 'YTpi'])
      expect(files.join('\n')).not.toContain(secret);
  });

  it('keeps secrets where secrets are kept', async () => {
    const { client } = await bench();
    const source = file(importPath('postman-environment.json'));
    const [path = ''] = valueOf(await client.call('import.run', { source, folder: '' })).environments;
    const { environments } = valueOf(await client.call('environments.list', {}));
    expect(environments.find((entry) => entry.path === path)?.known).toEqual(['token']);
  });

  it('goes into a folder, and twice into two, with ids of their own', async () => {
    const { client } = await bench();
    valueOf(await client.call('presets.createFolder', { folder: '', name: 'Mine' }));
    const source = text(importSample('packet-sender.json'));
    const first = valueOf(await client.call('import.run', { source, folder: 'Mine' }));
    const second = valueOf(await client.call('import.run', { source, folder: 'Mine' }));
    expect(first.paths[0]).toBe('Mine/Packet Sender/Web request.wb.yaml');
    expect(second.paths[0]).toBe('Mine/Packet Sender 2/Web request.wb.yaml');
    const { entries } = valueOf(await client.call('presets.list', {}));
    const presets = entries.filter(({ type }) => type === 'preset');
    expect(presets).toHaveLength(6);
    expect(presets.map(({ error }) => error)).toEqual(presets.map(() => null));
    expect(new Set(presets.map(({ id }) => id)).size).toBe(6);
  });

  it('of a pasted command line is one preset', async () => {
    const { client } = await bench();
    const source = text(`printf 'hi' | nc 127.0.0.1 9000`);
    const look = valueOf(await client.call('import.look', { source }));
    expect(look).toMatchObject({
      kind: 'nc command line',
      presets: [{ preset: { address: '127.0.0.1:9000' } }],
      left: [],
    });
    const { paths } = valueOf(await client.call('import.run', { source, folder: '' }));
    expect(paths).toEqual(['127.0.0.1-9000.wb.yaml']);
  });

  it('that cannot be read says why, and changes nothing', async () => {
    const { client, base, home } = await bench();
    const path = join(base, 'x.json');
    const look = async (content: string | Uint8Array): Promise<string> => {
      await writeFile(path, content);
      const { code, message } = errorOf(await client.call('import.run', { source: file(path), folder: '' }));
      return `${code}: ${message}`;
    };
    expect(await look('')).toBe('bad-import: x.json is empty.');
    expect(await look('{"a": 1}')).toBe('bad-import: x.json is no export that is understood.');
    expect(await look(Buffer.from([0x7b, 0xff]))).toMatch(/^bad-import: The file is no text in UTF-8/);
    expect(errorOf(await client.call('import.look', { source: file(join(base, 'none')) })).code).toBe('file-not-found');
    expect(errorOf(await client.call('import.look', { source: file(base) })).code).toBe('file-unreadable');
    await mkdir(home, { recursive: true });
    expect((await readdir(home)).filter((name) => name.endsWith('.wb.yaml'))).toEqual([]);
  });
});

describe('a large import', () => {
  it('is looked at in a thread, with the same result', async () => {
    const { client, base, bugs } = await bench();
    const packet = (index: number): object => ({
      name: `p${index}`,
      hexstring: '00 01',
      toip: 'h',
      port: '1',
      tcporudp: 'TCP',
    });
    const path = join(base, 'large.json');
    await writeFile(path, JSON.stringify(Array.from({ length: 5000 }, (_, index) => packet(index))));
    const look = valueOf(await client.call('import.look', { source: file(path) }));
    expect(look.presets).toHaveLength(5000);
    await writeFile(path, '['.repeat(200_000));
    expect(errorOf(await client.call('import.look', { source: file(path) })).code).toBe('bad-import');
    await writeFile(path, Buffer.alloc(IMPORT_BYTES + 1, ' '));
    expect(errorOf(await client.call('import.look', { source: file(path) })).message).toContain('larger than 32 MiB');
    expect(bugs).toEqual([]);
  });

  it('of presets of one name makes a file of each, in the order of the import', async () => {
    const { client, home } = await bench();
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'A 3.wb.yaml'), 'mine');
    const packets = Array.from({ length: 60 }, (_, index) => ({
      name: index % 2 === 0 ? 'a' : 'A',
      hexstring: '00',
      toip: `h${index}`,
      port: '1',
      tcporudp: 'TCP',
    }));
    const { paths } = valueOf(await client.call('import.run', { source: text(JSON.stringify(packets)), folder: '' }));
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(60);
    for (const [index, path] of paths.entries()) {
      expect(valueOf(await client.call('presets.read', { path })).preset.address).toBe(`h${index}:1`);
    }
    expect(await readFile(join(home, 'A 3.wb.yaml'), 'utf8')).toBe('mine');
  });

  it('has a limit of time', async () => {
    const looker = new ImportLooker({ worker: workers.import, report: () => undefined, patience: 1 });
    const slow = `a:\n${'- x\n'.repeat(200_000)}`;
    const error = errorOf(await looker.look({ type: 'text', text: slow }));
    expect([error.code, error.message]).toEqual(['bad-import', 'The import takes too long to look at.']);
  });

  it('ends when the window is closed', async () => {
    const looker = new ImportLooker({ worker: workers.import, report: () => undefined });
    const looking = looker.look({ type: 'text', text: `a:\n${'- x\n'.repeat(200_000)}` });
    looker.dispose();
    expect(errorOf(await looking).code).toBe('cancelled');
  });
});

describe('an export', () => {
  it('of a folder is one file, which imports as the same presets', async () => {
    const { client, base } = await bench();
    for (const name of ['postman-extensible.json', 'bundle.yaml'] as const) {
      valueOf(await client.call('import.run', { source: file(importPath(name)), folder: '' }));
    }
    const whole = join(base, 'whole.yaml');
    const { presets, bytes } = valueOf(await client.call('presets.export', { path: '', file: whole }));
    expect(presets).toBe(2);
    expect((await readFile(whole)).length).toBe(bytes);
    const look = valueOf(await client.call('import.look', { source: file(whole) }));
    expect(look.left).toEqual([]);
    expect(look.presets.map(({ folder, preset }) => `${folder}/${preset.name}`).sort()).toEqual([
      'Chat/Rooms/Lobby',
      'Device/Lab/Handshake',
    ]);
    expect(look.environments.map(({ name }) => name).sort()).toEqual(['Chat', 'Lab']);

    const part = join(base, 'part.json');
    expect(valueOf(await client.call('presets.export', { path: 'Device/Lab', file: part })).presets).toBe(1);
    expect(JSON.parse(await readFile(part, 'utf8'))).toMatchObject({
      'wirebench-bundle': 1,
      name: 'Lab',
      presets: [{ folder: 'Lab', preset: { id: 'handshake' } }],
    });
  });

  it('of one preset replaces a file that is there, and leaves no secret in it', async () => {
    const { client, base } = await bench();
    const preset = {
      wirebench: 1 as const,
      id: 'a',
      name: 'A',
      protocol: 'websocket-client',
      address: 'ws://h/',
      options: { auth: 'bearer', authToken: 's3cret' },
      notes: '',
      messages: [],
    };
    const { path } = valueOf(await client.call('presets.create', { folder: '', preset }));
    const target = join(base, 'a.yaml');
    await writeFile(target, 'old');
    expect(valueOf(await client.call('presets.export', { path, file: target })).presets).toBe(1);
    const written = await readFile(target, 'utf8');
    expect(written).not.toContain('s3cret');
    expect(written).toContain('{{A-authToken}}');
    expect(valueOf(await client.call('import.look', { source: file(target) })).presets).toMatchObject([
      { folder: '', preset: { id: 'a' } },
    ]);
  });

  it('of what is broken or not there is refused, and writes nothing', async () => {
    const { client, base, home } = await bench();
    valueOf(await client.call('presets.list', {}));
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'broken.wb.yaml'), 'wirebench: [');
    const target = join(base, 'a.yaml');
    expect(errorOf(await client.call('presets.export', { path: 'broken.wb.yaml', file: target })).code).toBe(
      'bad-preset',
    );
    expect(errorOf(await client.call('presets.export', { path: 'none', file: target })).code).toBe('not-found');
    expect(await readdir(base)).not.toContain('a.yaml');
  });
});
