import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../src/shared/errors.ts';

const rows = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const row = /^\| `([a-z-]+)` +\| (.+?) *\|$/.exec(line);
    return row === null ? [] : [{ code: row[1], meaning: row[2] ?? '' }];
  });

test('docs/errors.md lists every code, in the order of errors.ts, and no other', () => {
  expect(rows.map(({ code }) => code)).toEqual([...errorCodes]);
});

test('every code in docs/errors.md has a meaning', () => {
  expect(rows.filter(({ meaning }) => meaning.trim().length < 20)).toEqual([]);
});
