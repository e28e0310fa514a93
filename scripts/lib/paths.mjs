import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A path inside the repository. @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts);

/** What the scripts download or remember; ignored by git and safe to delete. */
export const cache = inRoot('.cache');

/** What the build writes. */
export const output = {
  main: inRoot('out', 'main', 'index.cjs'),
  webHost: inRoot('out', 'main', 'web-host.cjs'),
  preload: inRoot('out', 'preload', 'index.cjs'),
  renderer: inRoot('out', 'renderer', 'index.html'),
};
