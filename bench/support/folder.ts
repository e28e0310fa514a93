/** Folders for what a measurement writes, beside each other on the disk of the system's temporary files. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Folder {
  readonly path: string;
  remove(): Promise<void>;
}

const folders = new Set<string>();

export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  folders.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      folders.delete(path);
    },
  };
}

/** For the end of a run, also one that was cut short: gigabytes must not stay behind. */
export function removeFolders(): void {
  for (const path of folders) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}
