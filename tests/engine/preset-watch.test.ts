import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FolderWatch } from '../../src/engine/presets/folder-watch.ts';
import type { OpenFolder } from '../../src/engine/presets/open-folder.ts';
import { leavingNothing } from '../support/leaks.ts';
import { valueOf } from '../support/outcome.ts';
import { PresetBench, presetOf, written } from '../support/preset-bench.ts';

const benches: PresetBench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.dispose()));
});

async function opened(): Promise<{ bench: PresetBench; folder: OpenFolder }> {
  const bench = await PresetBench.make();
  benches.push(bench);
  const folder = await bench.open();
  await folder.presets.list();
  return { bench, folder };
}

/** Resolves when the list is told to have changed until it is as wanted. */
function listed(folder: OpenFolder, wanted: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const look = async (): Promise<void> => {
      const { entries } = await folder.presets.list();
      const names = entries.map(({ path, name }) => `${path} ${name}`);
      if (JSON.stringify(names) !== JSON.stringify(wanted)) return;
      end();
      resolve();
    };
    const end = folder.onPresets.add(() => void look());
  });
}

describe('edits from outside', () => {
  it('show by themselves: new, changed, moved, deleted, also in new folders', async () => {
    const { bench, folder } = await opened();
    let shown = listed(folder, ['a.wb.yaml A']);
    await bench.put('a.wb.yaml', written('A'));
    await shown;
    shown = listed(folder, ['a.wb.yaml B']);
    await bench.put('a.wb.yaml', written('B'));
    await shown;
    shown = listed(folder, ['dir dir', 'dir/deep deep', 'dir/deep/c.wb.yaml C', 'a.wb.yaml B']);
    await bench.put('dir/deep/c.wb.yaml', written('C'));
    await shown;
    shown = listed(folder, ['dir dir', 'dir/deep deep', 'dir/deep/c.wb.yaml D', 'a.wb.yaml B']);
    await bench.put('dir/deep/c.wb.yaml', written('D'));
    await shown;
    shown = listed(folder, ['else else', 'else/deep deep', 'else/deep/c.wb.yaml D', 'a.wb.yaml B']);
    await rename(join(bench.home, 'dir'), join(bench.home, 'else'));
    await shown;
    shown = listed(folder, ['else else', 'else/deep deep', 'else/deep/c.wb.yaml E', 'a.wb.yaml B']);
    await bench.put('else/deep/c.wb.yaml', written('E'));
    await shown;
    shown = listed(folder, ['a.wb.yaml B']);
    await rm(join(bench.home, 'else'), { recursive: true });
    await shown;
  });

  it('in a storm are told a few times, not each', async () => {
    const { bench, folder } = await opened();
    let told = 0;
    folder.onPresets.add(() => (told += 1));
    const wanted = Array.from({ length: 300 }, (_, index) => `p${index}.wb.yaml P${index}`);
    const shown = listed(folder, wanted);
    for (let index = 0; index < 300; index += 1) await bench.put(`p${index}.wb.yaml`, written(`P${index}`));
    await shown;
    expect(told).toBeLessThan(30);
  });

  it('are told for environments and for the root file, too', async () => {
    const { bench, folder } = await opened();
    for (const place of ['environments/local.wb.yaml', 'environments/local.wb.yaml', 'wirebench.yaml']) {
      const told = new Promise<void>((resolve) => {
        const end = folder.onDisk.add(() => {
          end();
          resolve();
        });
      });
      await bench.put(place, `wirebench: 1\n# ${performance.now()}\n`);
      await told;
    }
  });

  it('show again after the folder was away', async () => {
    const { bench, folder } = await opened();
    await bench.put('a.wb.yaml', written('A'));
    await folder.presets.list();
    await rename(bench.home, `${bench.home}.away`);
    await new Promise<void>((resolve) => {
      const look = async (): Promise<void> => {
        if ((await folder.presets.list()).error !== null) resolve();
      };
      folder.onPresets.add(() => void look());
      void look();
    });
    const shown = listed(folder, ['a.wb.yaml B']);
    await rename(`${bench.home}.away`, bench.home);
    await bench.put('a.wb.yaml', written('B'));
    await folder.presets.list();
    await shown;
  });
});

describe('what is saved here', () => {
  it('is no conflict at the next save', async () => {
    const { folder } = await opened();
    const { presets } = folder;
    const { path, revision } = valueOf(await presets.create('', presetOf('A')));
    let base = revision;
    for (let round = 0; round < 20; round += 1) {
      base = valueOf(await presets.save(path, presetOf('A', { notes: String(round) }), base)).revision;
    }
    expect((await presets.list()).entries).toMatchObject([{ path, revision: base }]);
    expect(valueOf(await presets.read(path))).toMatchObject({ revision: base, preset: { notes: '19' } });
  });
});

describe('a watch', () => {
  it('looks every now and then where the system does not tell', async () => {
    const bench = await PresetBench.make();
    benches.push(bench);
    let told = 0;
    await new Promise<void>((resolve) => {
      const watch = new FolderWatch({
        root: join(bench.base, 'nowhere'),
        pollMs: 1,
        changed: () => {
          told += 1;
          if (told === 3) {
            watch.dispose();
            resolve();
          }
          return Promise.resolve();
        },
      });
      watch.follow(['']);
    });
    expect(told).toBe(3);
  });

  it('leaves nothing behind', async () => {
    await leavingNothing(async () => {
      const bench = await PresetBench.make();
      const folder = await bench.open();
      await bench.put('dir/a.wb.yaml', written('A'));
      await folder.presets.list();
      await mkdir(join(bench.home, 'new'));
      await writeFile(join(bench.home, 'new', 'b.wb.yaml'), written('B'));
      await bench.dispose();
    });
  });
});
