/** Pairs of measurements in one run, and what can honestly be said of them. */
import type { Figures } from './serve.ts';

type Target = { readonly atLeast: number } | { readonly atMost: number };

/** One line of the table: the ratio of a figure of the subject to the same figure of the reference. */
export interface Row {
  /** Name in the table of targets, and what tells several rows of one target apart: "P4 p99". */
  readonly id: string;
  readonly title: string;
  readonly figure: string;
  readonly unit: string;
  /** What the target says of the ratio subject ÷ reference; null: there is none, the row is there to be known. */
  readonly target: Target | null;
}

/** Rows that are measured together. */
export interface Bench {
  readonly rows: readonly Row[];
  /** Called once; undone by `dispose`. */
  prepare(): Promise<Prepared>;
}

export interface Prepared {
  /** One measurement. */
  subject(): Promise<Figures>;
  /** The same of what it is compared with; for a target that is an absolute limit, that limit. */
  reference(): Promise<Figures>;
  /** What else was seen, for the foot of the table. Rejects when something was lost. */
  remarks?(): readonly string[] | Promise<readonly string[]>;
  dispose(): Promise<void>;
}

export interface Summary {
  readonly id: string;
  readonly title: string;
  readonly pairs: number;
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly subject: number;
  readonly reference: number;
  readonly unit: string;
  readonly target: string;
  readonly verdict: 'pass' | 'miss' | '';
  /** (max − min) ÷ median of the ratios: over 0.3 the machine was noisy. */
  readonly spread: number;
  readonly remarks: readonly string[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The least value that `share` of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** ABAB after one warm-up of each, so that a machine that drifts drifts for both. */
export async function measure(bench: Bench, pairs: number): Promise<Summary[]> {
  const prepared = await bench.prepare();
  const subjects: Figures[] = [];
  const references: Figures[] = [];
  let remarks: readonly string[] = [];
  try {
    await prepared.subject();
    await prepared.reference();
    for (let pair = 0; pair < pairs; pair += 1) {
      subjects.push(await prepared.subject());
      references.push(await prepared.reference());
    }
    remarks = (await prepared.remarks?.()) ?? [];
  } finally {
    await prepared.dispose();
  }
  return bench.rows.map((row, index) =>
    summarize(row, column(subjects, row), column(references, row), index === 0 ? remarks : []),
  );
}

function column(measurements: readonly Figures[], { id, figure }: Row): number[] {
  return measurements.map((figures) => {
    const value = figures[figure];
    if (value === undefined) throw new Error(`${id}: there is no figure "${figure}"`);
    return value;
  });
}

function summarize(
  { id, title, unit, target }: Row,
  subjects: readonly number[],
  references: readonly number[],
  remarks: readonly string[],
): Summary {
  const ratios = subjects.map((value, index) => value / (references[index] ?? NaN));
  const middle = median(ratios);
  const min = Math.min(...ratios);
  const max = Math.max(...ratios);
  return {
    id,
    title,
    pairs: subjects.length,
    ratio: { median: middle, min, max },
    subject: median(subjects),
    reference: median(references),
    unit,
    ...judge(target, middle),
    spread: (max - min) / middle,
    remarks,
  };
}

function judge(target: Target | null, ratio: number): Pick<Summary, 'target' | 'verdict'> {
  if (target === null) return { target: '', verdict: '' };
  const met = 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
  const words = 'atLeast' in target ? `≥ ${digits(target.atLeast)}` : `≤ ${digits(target.atMost)}`;
  return { target: words, verdict: met ? 'pass' : 'miss' };
}

function digits(value: number): string {
  return value < 0.1 ? String(value) : value.toFixed(2);
}
