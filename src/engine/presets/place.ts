/** Places inside of a workspace folder: relative paths with `/`, as the contract has them. */
import { sep } from 'node:path';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { PRESET_DEPTH } from '../../shared/preset-limits.ts';
import { PRESET_SUFFIX } from '../../shared/preset.ts';

export const ENVIRONMENTS_FOLDER = 'environments';
/** Marks the root of a workspace, and holds its variables. */
export const ROOT_FILE = 'wirebench.yaml';
export const ORDER_FILE = '.order.yaml';

/** The parts of a place. Error `bad-request` when it is none, or leads out of the folder. */
export function partsOf(place: string): Outcome<readonly string[]> {
  const parts = place === '' ? [] : place.split('/');
  if (parts.length > PRESET_DEPTH || parts.some((part) => !isPart(part))) {
    return failure('bad-request', `"${place.slice(0, 200)}" is no place inside of the workspace folder.`);
  }
  return success(parts);
}

function isPart(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || part.includes('\0')) return false;
  return process.platform !== 'win32' || !/[\\:]/.test(part);
}

/** Whether files of this name are looked at: hidden ones belong to other tools (`.git`), and so do their libraries. */
export function isOwnName(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

export function isPresetName(name: string): boolean {
  return isOwnName(name) && name.endsWith(PRESET_SUFFIX) && name.length > PRESET_SUFFIX.length;
}

export function parentOf(place: string): string {
  return place.slice(0, Math.max(0, place.lastIndexOf('/')));
}

export function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

export function placeIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

export function pathOf(root: string, place: string): string {
  if (place === '') return root;
  return `${root.endsWith(sep) ? root : root + sep}${sep === '/' ? place : place.replaceAll('/', sep)}`;
}

/** Whether `place` is `folder` or in it. */
export function isWithin(place: string, folder: string): boolean {
  return folder === '' || place === folder || place.startsWith(`${folder}/`);
}
