import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileStorage, MemoryStorage, nodeFiles, type FileOperations } from '../../src/engine/storage.ts';
import { WorkspaceStore, type LoadedWorkspace } from '../../src/engine/workspace-store.ts';
import { WORKSPACE_BYTES } from '../../src/shared/limits.ts';
import { emptyWorkspace, type Workspace } from '../../src/shared/workspace.ts';
import { FailingSteps } from '../support/failing-file.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-storage-'));
  path = join(folder, 'deep', 'workspace.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const named = (active: string): Workspace => ({ ...emptyWorkspace(), active });
const store = (): WorkspaceStore => new WorkspaceStore(new FileStorage(path));
const load = async (one = store()): Promise<LoadedWorkspace> => valueOf(await one.load());

async function put(text: string | Uint8Array): Promise<void> {
  await mkdir(join(folder, 'deep'), { recursive: true });
  await writeFile(path, text);
}

describe('a workspace on disk', () => {
  it('is empty at first, and comes back as it was saved', async () => {
    expect(await load()).toEqual({ workspace: emptyWorkspace(), notice: null });
    valueOf(await store().save(named('tab')));
    expect(await load()).toEqual({ workspace: named('tab'), notice: null });
    expect(await readdir(join(folder, 'deep'))).toEqual(['workspace.json']);
  });

  it('keeps the last of many saves that were not waited for', async () => {
    const one = store();
    const saves = Array.from({ length: 20 }, (_, index) => one.save(named(`tab ${index}`)));
    expect((await load(one)).workspace.active).toBe('tab 19');
    for (const save of saves) valueOf(await save);
  });

  it.each([
    ['not JSON', '{"version":1,'],
    ['not a workspace', '{"version":99}'],
    ['not even an object', '[]'],
    ['empty', ''],
    ['too large', new Uint8Array(WORKSPACE_BYTES + 1)],
    ['binary', Uint8Array.of(0xff, 0x00, 0xfe)],
  ])('is set aside when it is %s, and the application starts with an empty one', async (_, content) => {
    await put(content);
    const one = store();
    const { workspace, notice } = await load(one);
    expect(workspace).toEqual(emptyWorkspace());
    const [aside] = (await readdir(join(folder, 'deep'))).filter((name) => name !== 'workspace.json');
    expect(aside).toMatch(/^workspace\.broken-[0-9TZ-]+\.json$/);
    expect(notice).toContain(aside);
    expect(await readFile(join(folder, 'deep', aside ?? ''))).toEqual(Buffer.from(content));
    valueOf(await one.save(named('new')));
    expect((await load()).workspace.active).toBe('new');
  });

  it('fills in what an older document does not have', async () => {
    await put('{"tabs":[{"id":"a","protocol":"tcp-client","address":"x:1"}]}');
    const { workspace, notice } = await load();
    expect(notice).toBeNull();
    expect(workspace.tabs[0]).toMatchObject({ id: 'a', section: 'messages', filter: '' });
  });

  it('is set aside also when a folder is in its place', async () => {
    await mkdir(path, { recursive: true });
    expect((await load()).notice).toContain('set aside');
    valueOf(await store().save(named('new')));
  });

  it('is refused when it is too large, and the saved one stays', async () => {
    const one = store();
    valueOf(await one.save(named('small')));
    const error = errorOf(await one.save({ ...named('x'), active: 'x'.repeat(WORKSPACE_BYTES) }));
    expect(error.code).toBe('storage-failed');
    expect((await load(one)).workspace.active).toBe('small');
  });

  it('is readable only by its owner', async () => {
    if (process.platform === 'win32') return;
    valueOf(await store().save(named('x')));
    const { stat } = await import('node:fs/promises');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

/** Lets the first operations through and fails the one numbered `failing`, as SQLite tests its I/O. */
function failingFiles(failing: number, code: string): { files: FileOperations; count: () => number } {
  const steps = new FailingSteps(failing, code);
  return {
    count: () => steps.count,
    files: {
      mkdir: async (at) => {
        steps.step();
        await nodeFiles.mkdir(at);
      },
      open: async (at, flags) => {
        steps.step();
        return steps.handle(await nodeFiles.open(at, flags), '{"half');
      },
      rename: async (from, to) => {
        steps.step();
        await nodeFiles.rename(from, to);
      },
      remove: (at) => nodeFiles.remove(at),
    },
  };
}

describe('saving, with each step of the disk failing once', () => {
  it.each(['ENOSPC', 'EIO', 'EMFILE', 'EACCES'])('keeps the old or has the new workspace, whole (%s)', async (code) => {
    valueOf(await store().save(named('old')));
    for (let failing = 1; ; failing += 1) {
      const { files, count } = failingFiles(failing, code);
      const outcome = await new WorkspaceStore(new FileStorage(path, files)).save(named('new'));
      const { workspace, notice } = await load();
      expect(notice).toBeNull();
      expect(await readdir(join(folder, 'deep'))).toEqual(['workspace.json']);
      if (count() < failing) {
        valueOf(outcome);
        expect(workspace.active).toBe('new');
        expect(failing).toBeGreaterThan(6);
        return;
      }
      const error = errorOf(outcome);
      expect(error).toMatchObject({ code: 'storage-failed', errno: code });
      expect(error.message).toContain(path);
      expect(['old', 'new']).toContain(workspace.active);
      valueOf(await store().save(named('old')));
    }
  });
});

describe('loading, with each step of the disk failing once', () => {
  it('gives the workspace or says why not, and never overwrites one that it could not read', async () => {
    for (let failing = 1; ; failing += 1) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      valueOf(await store().save(named('precious')));
      const { files, count } = failingFiles(failing, 'EIO');
      const one = new WorkspaceStore(new FileStorage(path, files));
      const loaded = await one.load();
      if (count() < failing) {
        expect(valueOf(loaded).workspace.active).toBe('precious');
        return;
      }
      expect(errorOf(loaded)).toMatchObject({ code: 'storage-failed', errno: 'EIO' });
      const refused = errorOf(await one.save(named('new')));
      expect(refused.code).toBe('storage-failed');
      expect(refused.message).toContain('EIO');
      expect(refused.hint).not.toBe('');
      expect(await readdir(join(folder, 'deep'))).toEqual(['workspace.json']);
      expect(await readFile(path, 'utf8')).toContain('precious');
      // The disk is well again, and the window asks anew.
      expect((await load(one)).workspace.active).toBe('precious');
      valueOf(await one.save(named('new')));
      expect((await load()).workspace.active).toBe('new');
    }
  });

  it('saves nothing while a broken workspace cannot be moved out of the way', async () => {
    if (process.platform === 'win32' || process.getuid?.() === 0) {
      const storage = new MemoryStorage('broken');
      let isStuck = true;
      const move = storage.setAside.bind(storage);
      storage.setAside = (mark) =>
        isStuck
          ? Promise.resolve({ ok: false, error: { code: 'storage-failed', message: 'Stuck.', hint: '' } })
          : move(mark);
      const one = new WorkspaceStore(storage);
      expect((await load(one)).notice).toContain('Stuck.');
      expect(errorOf(await one.save(named('new'))).message).toBe('Stuck.');
      expect(storage.text).toBe('broken');
      isStuck = false;
      valueOf(await one.save(named('new')));
      expect([...storage.aside.values()]).toEqual(['broken']);
      return;
    }
    await put('broken');
    await chmod(join(folder, 'deep'), 0o500);
    const one = store();
    expect((await load(one)).notice).toContain('EACCES');
    errorOf(await one.save(named('new')));
    await chmod(join(folder, 'deep'), 0o700);
    expect(await readFile(path, 'utf8')).toBe('broken');
    valueOf(await one.save(named('new')));
  });
});

describe('the twin in memory', () => {
  it('behaves like the one on disk', async () => {
    const one = new WorkspaceStore(new MemoryStorage());
    expect((await load(one)).workspace).toEqual(emptyWorkspace());
    valueOf(await one.save(named('x')));
    expect((await load(one)).workspace.active).toBe('x');
    const broken = new MemoryStorage('nonsense');
    expect((await load(new WorkspaceStore(broken))).notice).toContain('set aside');
    expect([...broken.aside.values()]).toEqual(['nonsense']);
  });
});
