/** Names as people sort them: 2 before 10, whatever the capitals; names that are alike for that stay apart. */
import { PRESET_SUFFIX } from '../../shared/preset.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Else "room 2.wb.yaml" would come before "room.wb.yaml". */
function bare(name: string): string {
  return name.endsWith(PRESET_SUFFIX) ? name.slice(0, -PRESET_SUFFIX.length) : name;
}

function sorted(names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, bare: bare(name) }))
    .sort((one, other) => collator.compare(one.bare, other.bare) || (one.name < other.name ? -1 : 1))
    .map(({ name }) => name);
}

/** @param order names that come first, in this order; those that are not there are left out */
export function inOrder(folders: readonly string[], files: readonly string[], order: readonly string[]): string[] {
  const rest = new Set([...sorted(folders), ...sorted(files)]);
  const first: string[] = [];
  for (const name of order) if (rest.delete(name)) first.push(name);
  return [...first, ...rest];
}
