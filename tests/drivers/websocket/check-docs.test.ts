import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkCases } from '../../../src/drivers/websocket/check/cases.ts';
import { checkGroups } from '../../../src/drivers/websocket/check/check-case.ts';

const docs = new URL('../../../docs/websocket-check.md', import.meta.url);

/** Sections of one RFC, as `§5.2`. */
function sections(rfcs: readonly string[], number: string): Set<string> {
  const prefix = `RFC ${number} `;
  return new Set(rfcs.filter((rfc) => rfc.startsWith(prefix)).map((rfc) => rfc.slice(prefix.length)));
}

it('lists each section of the matrix with its cases and where they are written', async () => {
  const lines = (await readFile(docs, 'utf8')).split('\n');
  const rows = lines.map((line) => line.split('|').map((cell) => cell.trim()));
  for (const group of checkGroups) {
    const cases = checkCases.filter((one) => one.group === group);
    const [, , count = '', first = '', second = ''] = rows.find(([, name]) => name === group) ?? [];
    expect([group, count]).toEqual([group, String(cases.length)]);
    const listed = (cell: string): Set<string> => new Set(cell.split(', ').filter((section) => section !== ''));
    const rfcs = cases.map(({ rfc }) => rfc);
    expect(listed(first)).toEqual(sections(rfcs, '6455'));
    expect(listed(second)).toEqual(sections(rfcs, '7692'));
  }
});
