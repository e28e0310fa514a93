/** A run as text: lines while it goes on, and the table for the documents. */
import { describe, type Machine } from './machine.ts';
import type { Summary } from './ratio.ts';

/** Above this, a row says that the machine was noisy. */
const NOISY_SPREAD = 0.3;

/** What a run has found. `skipped`: rows that could not be measured here, with the reason. */
export interface Run {
  readonly machine: Machine;
  readonly at: string;
  readonly rows: readonly Summary[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}

function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return value.toPrecision(3);
}

function ratioText(value: number): string {
  return value < 0.1 ? value.toPrecision(2) : value.toFixed(2);
}

function noise(summary: Summary): string {
  return summary.spread > NOISY_SPREAD ? `noisy: the pairs spread over ${Math.round(summary.spread * 100)} %` : '';
}

export function line(summary: Summary): string {
  const { ratio } = summary;
  return [
    summary.id.padEnd(10),
    summary.title.padEnd(66),
    `${ratioText(ratio.median)} (${ratioText(ratio.min)}–${ratioText(ratio.max)})`.padEnd(20),
    summary.target.padEnd(7),
    summary.verdict.toUpperCase().padEnd(4),
    `${figure(summary.subject)} against ${figure(summary.reference)} ${summary.unit}`,
    noise(summary),
    ...summary.remarks.map((remark) => `\n${' '.repeat(12)}${remark}`),
  ].join('  ');
}

/** Markdown, for README.md and docs/performance.md. */
export function markdown(run: Run): string {
  const head = [
    '| | subject ÷ reference | median | min–max | target | | subject against reference |',
    '|---|---|---:|---|---|---|---|',
  ];
  const body = run.rows.map((summary) => {
    const { ratio } = summary;
    const cells = [
      summary.id,
      summary.title,
      ratioText(ratio.median),
      `${ratioText(ratio.min)}–${ratioText(ratio.max)}`,
      summary.target,
      summary.verdict === 'miss' ? '**miss**' : summary.verdict,
      `${figure(summary.subject)} against ${figure(summary.reference)} ${summary.unit}`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const notes = [
    ...run.rows.flatMap((summary) => {
      const remarks = [noise(summary), ...summary.remarks].filter((text) => text !== '');
      return remarks.length === 0 ? [] : [`- ${summary.id}: ${remarks.join('; ')}`];
    }),
    ...run.skipped.map(({ id, why }) => `- ${id} was not measured: it ${why}`),
  ];
  const pairs = run.rows[0]?.pairs ?? 0;
  return [
    `${run.at}, ${pairs} pairs: ${describe(run.machine)}; ${run.machine.pinning}.`,
    '',
    ...head,
    ...body,
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
  ].join('\n');
}
