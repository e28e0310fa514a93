/**
 * `npm run bench [-- P2 P4] [-- --pairs N] [-- --json FILE]`: ratios of the
 * product against a reference in the same run. Never part of the tests.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { p2 } from './p2-tcp-throughput.ts';
import { p4Median, p4Tail } from './p4-round-trip.ts';
import { measure, type Row, type Summary } from './ratio.ts';

const rows: readonly Row[] = [p2, p4Median, p4Tail];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, pairs: { type: 'string', default: '5' } },
});
const pairs = Math.max(5, Number(values.pairs) || 5);
const chosen = rows.filter(
  (row) => positionals.length === 0 || positionals.some((id) => row.id.toLowerCase().startsWith(id.toLowerCase())),
);
if (chosen.length === 0) {
  console.error(`There is no such row. There are: ${rows.map((row) => row.id).join(', ')}`);
  process.exit(2);
}

const machine = `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}`;
console.log(machine);

const summaries: Summary[] = [];
for (const row of chosen) {
  const summary = await measure(row, pairs);
  summaries.push(summary);
  const { ratio } = summary;
  console.log(
    [
      summary.id.padEnd(7),
      summary.title.padEnd(58),
      `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`.padEnd(20),
      summary.target,
      summary.met ? 'pass' : 'MISS',
      `${format(summary.subject)} against ${format(summary.reference)} ${summary.unit}`,
      summary.spread > 0.3 ? `noisy: the pairs spread over ${Math.round(summary.spread * 100)} %` : '',
    ].join('  '),
  );
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ machine, rows: summaries }, null, 2)}\n`);
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
