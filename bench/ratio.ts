/** Pairs of measurements in one run, and what can honestly be said of them. */

export interface Row {
  readonly id: string;
  readonly title: string;
  /** What the target says of the ratio subject ÷ reference. */
  readonly target: { readonly atLeast: number } | { readonly atMost: number };
  readonly unit: string;
  /** Prepared once; undone by `dispose`. */
  prepare(): Promise<Prepared>;
}

export interface Prepared {
  /** One measurement, in the row's unit. */
  subject(): Promise<number>;
  reference(): Promise<number>;
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
  readonly met: boolean;
  /** (max − min) ÷ median of the ratios: over 0.3 the machine was noisy. */
  readonly spread: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** ABAB after one warm-up of each, so that a machine that drifts drifts for both. */
export async function measure(row: Row, pairs: number): Promise<Summary> {
  const prepared = await row.prepare();
  const subjects: number[] = [];
  const references: number[] = [];
  try {
    await prepared.subject();
    await prepared.reference();
    for (let pair = 0; pair < pairs; pair += 1) {
      subjects.push(await prepared.subject());
      references.push(await prepared.reference());
    }
  } finally {
    await prepared.dispose();
  }
  const ratios = subjects.map((value, index) => value / (references[index] ?? NaN));
  const middle = median(ratios);
  const min = Math.min(...ratios);
  const max = Math.max(...ratios);
  const [target, met] =
    'atLeast' in row.target
      ? [`≥ ${row.target.atLeast.toFixed(2)}`, middle >= row.target.atLeast]
      : [`≤ ${row.target.atMost.toFixed(2)}`, middle <= row.target.atMost];
  return {
    id: row.id,
    title: row.title,
    pairs,
    ratio: { median: middle, min, max },
    subject: median(subjects),
    reference: median(references),
    unit: row.unit,
    target,
    met,
    spread: (max - min) / middle,
  };
}
