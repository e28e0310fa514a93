/** The packages that were made for these tests. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** @returns folder in which `npm run package` has put them */
export function packagesFolder(): string {
  const folder = process.env.WIREBENCH_PACKAGES;
  if (folder === undefined) throw new Error('WIREBENCH_PACKAGES is not set: run these tests by npm run test:package');
  return folder;
}

/** @param ending such as `.deb` @returns path of the one that there is */
export async function packageEnding(ending: string): Promise<string> {
  const found = (await readdir(packagesFolder())).filter((name) => name.endsWith(ending));
  const [name] = found;
  if (name === undefined || found.length > 1)
    throw new Error(`There should be one *${ending} in ${packagesFolder()}: ${found.join(', ')}`);
  return join(packagesFolder(), name);
}
