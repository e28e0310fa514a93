import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../scripts/lib/fingerprint.mjs';

describe('the fingerprint of sources', () => {
  let folder = '';
  const take = () => fingerprint(folder, ['src', 'config.ts']);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-fingerprint-'));
    await mkdir(join(folder, 'src', 'deep'), { recursive: true });
    await writeFile(join(folder, 'src', 'deep', 'a.ts'), 'a');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('stays the same while nothing changes', async () => {
    expect(await take()).toBe(await take());
  });

  it('changes with the content of a file in a folder', async () => {
    const before = await take();
    await writeFile(join(folder, 'src', 'deep', 'a.ts'), 'b');
    expect(await take()).not.toBe(before);
  });

  it('changes with the name of a file', async () => {
    const before = await take();
    await rename(join(folder, 'src', 'deep', 'a.ts'), join(folder, 'src', 'deep', 'b.ts'));
    expect(await take()).not.toBe(before);
  });

  it('changes when a file that was missing appears', async () => {
    const before = await take();
    await writeFile(join(folder, 'config.ts'), '');
    expect(await take()).not.toBe(before);
  });
});
