/** Which preset has which id, also when several files say the same or one says nothing. */
import { createHash } from 'node:crypto';
import { PRESET_SUFFIX } from '../../shared/preset.ts';
import type { KnownFile } from './known-file.ts';
import { nameOf } from './place.ts';

/** Who a file is, when others say the same of themselves or it says nothing. */
export interface Identity {
  readonly id: string;
  /** The preset that has the id which this file says; null: no other. */
  readonly copyOf: string | null;
}

/** The name of a file without its suffix. */
export function baseOf(place: string): string {
  const name = nameOf(place);
  return name.endsWith(PRESET_SUFFIX) ? name.slice(0, -PRESET_SUFFIX.length) : name;
}

export function derivedId(place: string): string {
  return `file-${createHash('sha256').update(place).digest('hex').slice(0, 24)}`;
}

/** Of files with the same id the oldest one has it; where that cannot be told, the one with the shorter name. */
export function identitiesOf(files: ReadonlyMap<string, KnownFile>): ReadonlyMap<string, Identity> {
  const owners = new Map<string, readonly [place: string, file: KnownFile]>();
  for (const [place, file] of files) {
    if (file.content.type !== 'preset' || file.content.id === null) continue;
    const owner = owners.get(file.content.id);
    if (owner === undefined || isOlder(place, file, ...owner)) owners.set(file.content.id, [place, file]);
  }
  const identities = new Map<string, Identity>();
  for (const [place, { content }] of files) {
    if (content.type !== 'preset') continue;
    const owner = content.id === null ? null : (owners.get(content.id)?.[0] ?? null);
    if (content.id !== null && owner === place) identities.set(place, { id: content.id, copyOf: null });
    else identities.set(place, { id: derivedId(place), copyOf: owner });
  }
  return identities;
}

function isOlder(place: string, file: KnownFile, otherPlace: string, other: KnownFile): boolean {
  if (file.bornAt !== other.bornAt) return file.bornAt < other.bornAt;
  if (place.length !== otherPlace.length) return place.length < otherPlace.length;
  return place < otherPlace;
}
