/** Paths as people type them. */
import { homedir } from 'node:os';

/** @returns the path with a leading `~` as the person's own folder, as a shell has it; of another's (`~anna`) it stays */
export function homePath(path: string): string {
  const isHome = path === '~' || path.startsWith('~/') || (process.platform === 'win32' && path.startsWith('~\\'));
  return isHome ? homedir() + path.slice(1) : path;
}
