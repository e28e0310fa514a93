/** What the list shows of one file, from the file system: here, and in the thread that reads many. */
import type { BigIntStats } from 'node:fs';
import { failure, type WireError } from '../../shared/errors.ts';
import { PRESET_BYTES } from '../../shared/preset-limits.ts';
import { errnoOf } from '../file-errors.ts';
import { revisionOf, textOf } from './file-text.ts';
import { refused } from './folder-errors.ts';
import type { FolderOperations } from './folder-operations.ts';
import { known, stampOf, type Content, type KnownFile } from './known-file.ts';
import { pathOf } from './place.ts';
import { presetHead } from './preset-head.ts';

export type ReadOperations = Pick<FolderOperations, 'stamp' | 'read'>;

/** A file in a workspace folder. */
export interface ListedFile {
  readonly place: string;
  /** Whether it is a symbolic link, as its folder says. */
  readonly isLink: boolean;
}

/**
 * @param before what was known: a file that is the same still is not read again
 * @returns null when it has gone
 */
export async function readKnown(
  operations: ReadOperations,
  root: string,
  { place, isLink }: ListedFile,
  before?: KnownFile,
): Promise<KnownFile | null> {
  const path = pathOf(root, place);
  try {
    const readAt = Date.now();
    const stats = await operations.stamp(path);
    if (before?.isSettled === true && before.stamp === stampOf(stats)) return before;
    const content =
      isLink || stats.isSymbolicLink()
        ? broken(failure('bad-preset', `${place} is a symbolic link, which is not followed.`).error)
        : await contentOf(operations, place, path, stats);
    return known(content, stats, readAt);
  } catch (problem) {
    if (errnoOf(problem) === 'ENOENT') return null;
    const { error } = refused(problem, place, 'read');
    return { content: broken(error), bornAt: 0, stamp: '', isSettled: false };
  }
}

function broken(error: WireError, revision = ''): Content {
  return { type: 'broken', error, revision };
}

/** By a quick look, or by all of it where that cannot tell. */
async function contentOf(
  operations: ReadOperations,
  place: string,
  path: string,
  stats: BigIntStats,
): Promise<Content> {
  if (!stats.isFile()) return broken(failure('bad-preset', `${place} is no file.`).error);
  if (stats.size > PRESET_BYTES) {
    return broken(failure('bad-preset', `${place} has ${stats.size} bytes; at most ${PRESET_BYTES} are read.`).error);
  }
  const bytes = await operations.read(path, Number(stats.size) + 1);
  const revision = revisionOf(bytes);
  const text = textOf(bytes, place);
  if (!text.ok) return broken(text.error, revision);
  const head = presetHead(text.value);
  if (head === null) return checkedContent(text.value, place, revision);
  return { type: 'preset', ...head, revision, isChecked: false };
}

/** After all of the file was read. */
export async function checkedContent(text: string, place: string, revision: string): Promise<Content> {
  const { yamlToPreset } = await import('./preset-yaml.ts');
  const read = yamlToPreset(text, place, { id: 'derived', name: 'derived' });
  if (!read.ok) return broken(read.error, revision);
  const { preset, hasId, hasName } = read.value;
  const { protocol, address } = preset;
  const [id, name] = [hasId ? preset.id : null, hasName ? preset.name : null];
  return { type: 'preset', id, name, protocol, address, revision, isChecked: true };
}
