/** The entries of a workspace folder as the lines of a tree: those of closed folders are left away. */
import type { PresetEntry } from '../../../shared/presets-contract.ts';

export interface TreeLine {
  readonly entry: PresetEntry;
  /** 1 for what stands in the workspace itself. */
  readonly level: number;
  /** Of a folder; null for others. */
  readonly isExpanded: boolean | null;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly size: number;
}

/** The folder that holds an entry; '' is the workspace. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Children by their folder, in the order of the list. */
export function childrenByFolder(entries: readonly PresetEntry[]): ReadonlyMap<string, readonly PresetEntry[]> {
  const children = new Map<string, PresetEntry[]>();
  for (const entry of entries) {
    const folder = parentOf(entry.path);
    const siblings = children.get(folder);
    if (siblings === undefined) children.set(folder, [entry]);
    else siblings.push(entry);
  }
  return children;
}

/** What is searched of an entry. Its path too, so that the name of a folder finds what is in it. */
export function searchText(entry: PresetEntry, protocolTitle: string): string {
  return `${entry.name} ${entry.path} ${entry.address} ${protocolTitle}`.toLowerCase();
}

/**
 * Paths that a query finds, and the folders that lead there; null when nothing is searched.
 * @param texts `searchText` of each entry
 */
export function foundPaths(
  entries: readonly PresetEntry[],
  texts: readonly string[],
  query: string,
): ReadonlySet<string> | null {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return null;
  const found = new Set<string>();
  entries.forEach(({ path }, index) => {
    const text = texts[index] ?? '';
    if (!words.every((word) => text.includes(word))) return;
    for (let at = path; at !== '' && !found.has(at); at = parentOf(at)) found.add(at);
  });
  return found;
}

/**
 * @param found what to show of it (see `foundPaths`), with every folder open; null: everything
 * @param isExpanded asked of folders when nothing is searched
 */
export function treeLines(
  entries: readonly PresetEntry[],
  isExpanded: (folder: string) => boolean,
  found: ReadonlySet<string> | null,
): readonly TreeLine[] {
  const children = childrenByFolder(found === null ? entries : entries.filter(({ path }) => found.has(path)));
  const lines: TreeLine[] = [];
  const add = (folder: string, level: number): void => {
    const siblings = children.get(folder) ?? [];
    siblings.forEach((entry, index) => {
      const isFolder = entry.type === 'folder';
      const isOpen = isFolder && (found !== null || isExpanded(entry.path));
      lines.push({
        entry,
        level,
        isExpanded: isFolder ? isOpen : null,
        position: index + 1,
        size: siblings.length,
      });
      if (isOpen) add(entry.path, level + 1);
    });
  };
  add('', 1);
  return lines;
}
