import { expect, test } from 'vitest';
import { checklistRows, table } from '../../scripts/lib/security-tables.mjs';

test('the checklist is a row for each numbered test, in order', () => {
  const spec = (title: string, ok: boolean, ...notes: string[]): object => ({
    title,
    ok,
    tests: [{ annotations: notes.map((description) => ({ description })) }],
  });
  const report = {
    suites: [
      { specs: [spec('10 · Ten', true, 'a note')], suites: [{ specs: [spec('2 · Two', false), spec('Other', true)] }] },
    ],
  };
  expect(checklistRows(report)).toEqual([
    ['2', 'Two', 'NO', ''],
    ['10', 'Ten', 'yes', 'a note'],
  ]);
  expect(checklistRows(null)).toEqual([]);
});

test('a table is as wide as what is in it', () => {
  expect(
    table(
      ['a', 'name'],
      [
        ['10', 'x'],
        ['2', 'longer'],
      ],
    ),
  ).toBe('\na   name\n──  ──────\n10  x\n2   longer\n');
});
