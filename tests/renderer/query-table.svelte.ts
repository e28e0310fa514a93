/** The table of an address that is nowhere but in a test. */
import { QueryTable } from '../../src/renderer/state/query-table.svelte.ts';

export function queryTable(address: string): { readonly table: QueryTable; readonly address: string } {
  let current = $state(address);
  const table = new QueryTable({
    address: () => current,
    change: (changed) => {
      current = changed;
    },
  });
  return {
    table,
    get address() {
      return current;
    },
  };
}
