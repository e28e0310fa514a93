/** Where an entry of the tree goes when it is moved by a key or dropped somewhere. */
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import { isInside, parentOf } from './tree-lines.ts';

/** As `presets.move` takes it. */
export interface Target {
  readonly folder: string;
  /** The sibling that it comes before; null: to the end. */
  readonly before: string | null;
}

export type MoveKey = 'up' | 'down' | 'out' | 'in';
type Children = ReadonlyMap<string, readonly PresetEntry[]>;

/** Of two that are as near, the one above. */
function nearestFolder(siblings: readonly PresetEntry[], index: number): PresetEntry | null {
  for (let away = 1; away < siblings.length; away += 1) {
    for (const entry of [siblings[index - away], siblings[index + away]]) if (entry?.type === 'folder') return entry;
  }
  return null;
}

/** Where a key moves an entry; null: nowhere, it is at the edge. */
export function keyTarget(children: Children, path: string, key: MoveKey): Target | null {
  const folder = parentOf(path);
  const siblings = children.get(folder) ?? [];
  const index = siblings.findIndex((entry) => entry.path === path);
  if (index < 0) return null;
  const before = siblings[index - 1];
  const after = siblings[index + 1];
  switch (key) {
    case 'up':
      return before === undefined ? null : { folder, before: before.path };
    case 'down':
      return after === undefined ? null : { folder, before: siblings[index + 2]?.path ?? null };
    case 'in': {
      const into = nearestFolder(siblings, index);
      return into === null ? null : { folder: into.path, before: null };
    }
    case 'out': {
      if (folder === '') return null;
      const outer = parentOf(folder);
      const uncles = children.get(outer) ?? [];
      const at = uncles.findIndex((entry) => entry.path === folder);
      return { folder: outer, before: uncles[at + 1]?.path ?? null };
    }
  }
}

export type DropPlace = 'before' | 'in' | 'after';

/** Which part of a row the pointer is over: its edges are places between rows, the middle of a folder is the folder. */
export function dropPlace(offset: number, height: number, type: PresetEntry['type']): DropPlace {
  const part = offset / height;
  if (type === 'folder') return part < 0.25 ? 'before' : part > 0.75 ? 'after' : 'in';
  return part < 0.5 ? 'before' : 'after';
}

/** Where something dropped on an entry goes; null where it cannot go: into itself, or where it is. */
export function dropTarget(children: Children, dragged: string, onto: PresetEntry, place: DropPlace): Target | null {
  const folder = place === 'in' ? onto.path : parentOf(onto.path);
  if (isInside(folder, dragged)) return null;
  if (place === 'in') return parentOf(dragged) === folder ? null : { folder, before: null };
  const siblings = children.get(folder) ?? [];
  const index = siblings.findIndex(({ path }) => path === onto.path);
  const before = place === 'before' ? onto.path : (siblings[index + 1]?.path ?? null);
  if (before === dragged) return null;
  const own = siblings.findIndex(({ path }) => path === dragged);
  if (own >= 0 && (siblings[own + 1]?.path ?? null) === before) return null;
  return { folder, before };
}
