import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * A hash over names and contents of files; folders are read whole. Missing files count
 * as missing, so that adding one changes the hash.
 * @param {string} base names are taken relative to it
 * @param {readonly string[]} paths relative to `base`
 * @returns {Promise<string>} hex sha256
 */
export async function fingerprint(base, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesUnder(join(base, path))) {
      hash.update(`${relative(base, file)}\0`);
      hash.update(
        createHash('sha256')
          .update(await readFile(file))
          .digest(),
      );
    }
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {Promise<string[]>} sorted within each folder; empty when nothing is there */
async function filesUnder(path) {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  return (await Promise.all(names.map((name) => filesUnder(join(path, name))))).flat();
}
