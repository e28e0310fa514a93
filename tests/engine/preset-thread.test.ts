/** Large workspace folders, whose files are read in a thread. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilesThread } from '../../src/engine/presets/files-thread.ts';
import { PresetTree } from '../../src/engine/presets/preset-tree.ts';
import { PRESETS_THREAD_FROM } from '../../src/shared/preset-limits.ts';
import type { PresetEntry } from '../../src/shared/presets-contract.ts';
import { leavingNothing } from '../support/leaks.ts';
import { until } from '../support/outcome.ts';
import { PresetBench, written } from '../support/preset-bench.ts';

const worker = new URL('../../src/engine/presets/files-worker.ts', import.meta.url);

let bench: PresetBench;
beforeEach(async () => {
  bench = await PresetBench.make();
  await bench.open();
});
afterEach(() => bench.dispose());

/** More than are read without a thread, and whatever else can be called like a preset. */
async function fill(): Promise<void> {
  const names = Array.from({ length: PRESETS_THREAD_FROM + 20 }, (_, index) => `p${index}`);
  await Promise.all(names.map((name) => bench.put(`${name}.wb.yaml`, written(name))));
  await bench.put('late.wb.yaml', written('late', 'notes: [\n'));
  await bench.put('early.wb.yaml', 'name: [');
  await bench.put('bytes.wb.yaml', Uint8Array.of(0xff, 0xfe, 0x00));
  await bench.put('empty.wb.yaml', '');
  await bench.put('quoted.wb.yaml', `# mine\n${written('"quoted: name"')}`);
  await bench.put('large.wb.yaml', `${written('large')}notes: ${'x'.repeat(200_000)}\n`);
  await mkdir(join(bench.home, 'in'));
  await symlink(join(bench.home, 'p1.wb.yaml'), join(bench.home, 'in', 'link.wb.yaml'));
}

/** The list once the file has been found to be broken that only looks sound. */
async function settled(tree: PresetTree): Promise<readonly PresetEntry[]> {
  let entries = (await tree.list()).entries;
  const isChecked = (): boolean => entries.some(({ path, type }) => path === 'late.wb.yaml' && type === 'broken');
  tree.onChanged.add(() => void tree.list().then((listed) => (entries = listed.entries)));
  await until(isChecked, 'the broken file', 5_000_000);
  return entries;
}

describe('many presets', () => {
  it('are the same by the thread as without it', async () => {
    await fill();
    const { files } = await bench.open();
    const [here, there] = [new PresetTree(files), new PresetTree(files, new FilesThread(worker))];
    const listed = await settled(there);
    expect(listed).toEqual(await settled(here));
    expect(listed.filter(({ type }) => type === 'broken')).toHaveLength(5);
    await bench.put('p7.wb.yaml', written('p7', 'address: changed:1\n'));
    await there.refresh();
    const { entries } = await there.list();
    expect(entries.find(({ path }) => path === 'p7.wb.yaml')?.address).toBe('changed:1');
    await Promise.all([here.dispose(), there.dispose()]);
  });

  it('are read without the thread when it fails', async () => {
    await fill();
    const { files } = await bench.open();
    const tree = new PresetTree(files, new FilesThread(new URL('nothing-here.ts', worker)));
    expect(await settled(tree)).toHaveLength(PRESETS_THREAD_FROM + 28);
    await tree.dispose();
  });

  it('leave no thread behind, also when the folder is closed while they are read', async () => {
    await fill();
    const { files } = await bench.open();
    await leavingNothing(async () => {
      const tree = new PresetTree(files, new FilesThread(worker));
      const listing = tree.list();
      await tree.dispose();
      await listing;
    });
  });
});
