/** Names as people sort them: 2 before 10, whatever the capitals; names that are alike for that stay apart. */
import { PRESET_SUFFIX } from '../../shared/preset.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compareNames(one: string, other: string): number {
  return collator.compare(bare(one), bare(other)) || (one < other ? -1 : one > other ? 1 : 0);
}

/** Else "room 2.wb.yaml" would come before "room.wb.yaml". */
function bare(name: string): string {
  return name.endsWith(PRESET_SUFFIX) ? name.slice(0, -PRESET_SUFFIX.length) : name;
}

/** @param order names that come first, in this order; those that are not there are left out */
export function inOrder(folders: readonly string[], files: readonly string[], order: readonly string[]): string[] {
  const rest = new Set([...[...folders].sort(compareNames), ...[...files].sort(compareNames)]);
  const first: string[] = [];
  for (const name of order) if (rest.delete(name)) first.push(name);
  return [...first, ...rest];
}
