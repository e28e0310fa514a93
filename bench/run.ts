/**
 * `npm run bench [-- P2 P4] [-- --pairs N] [-- --json FILE] [-- --write]`:
 * ratios of the product against a reference in the same run; with `--write` the
 * table goes into README.md and docs/performance.md. Never part of
 * the tests. A row whose reference is missing is skipped, with the line that
 * installs it, and the run ends with exit code 1.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './rows.ts';
import { putTable } from './support/documents.ts';
import { describe, machine } from './support/machine.ts';
import { stopElectron } from './support/electron.ts';
import { removeFolders } from './support/folder.ts';
import { MissingProgram } from './support/programs.ts';
import { measure, type Summary } from './support/ratio.ts';
import { line, markdown, type Run } from './support/table.ts';
import { stopWorkers } from './support/worker.ts';

const root = join(import.meta.dirname, '..');

/** Where the table of a run is kept. */
const documents = ['README.md', 'docs/performance.md'];

/** Fewer say nothing about the noise. */
const LEAST_PAIRS = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    pairs: { type: 'string', default: String(LEAST_PAIRS) },
  },
});
const pairs = Math.max(LEAST_PAIRS, Number(values.pairs) || LEAST_PAIRS);
const wanted = positionals.map((id) => id.toLowerCase());
const chosen = benches.filter(({ rows }) =>
  rows.some(({ id }) => {
    const [target = ''] = id.toLowerCase().split(' ');
    return wanted.length === 0 || wanted.includes(target) || wanted.includes(id.toLowerCase());
  }),
);
if (chosen.length === 0) {
  console.error(
    `There is no such row. There are: ${benches.flatMap(({ rows }) => rows.map(({ id }) => id)).join(', ')}`,
  );
  process.exit(2);
}

process.once('exit', removeFolders);
process.once('SIGINT', () => process.exit(130));
const found = machine();
console.log(`${describe(found)}; ${found.pinning}`);
const summaries: Summary[] = [];
const skipped: { id: string; why: string }[] = [];
for (const bench of chosen) {
  const ids = bench.rows.map(({ id }) => id).join(', ');
  try {
    const measured = await measure(bench, pairs);
    summaries.push(...measured);
    for (const summary of measured) console.log(line(summary));
  } catch (problem) {
    // The other rows are worth having all the same.
    const isExpected = problem instanceof MissingProgram;
    const why = problem instanceof Error ? problem.message : String(problem);
    skipped.push({ id: ids, why: isExpected ? why : `failed: ${why}` });
    console.log(`${ids.padEnd(10)}  not measured: it ${isExpected ? why : 'failed'}`);
    if (!isExpected) console.error(problem);
  }
}
await stopWorkers();
await stopElectron();
const run: Run = { machine: found, at: new Date().toISOString().slice(0, 10), rows: summaries, skipped };
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(run, null, 2)}\n`);
if (values.write) for (const path of documents) await putTable(join(root, path), markdown(run));
process.exitCode = skipped.length > 0 ? 1 : 0;
