/** Counts and sizes as a person reads them. */

/** Between groups of three digits (ISO 80000-1 §7.3.1): cannot be taken for a decimal sign. */
export const THIN_SPACE = '\u2009';

/** `1 234 567` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

const units = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `58 B`, `1.4 KB`, `512 MB`: powers of 1000 (IEC 80000-13), three digits at most. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** `1 448 B`: every byte counts. */
export function formatExactSize(bytes: number): string {
  return `${formatCount(bytes)} B`;
}

const countUnits = [
  { least: 1e12, letter: 'T' },
  { least: 1e9, letter: 'G' },
  { least: 1e6, letter: 'M' },
  { least: 1e5, letter: 'k' },
] as const;

/** `1 234`, and from a hundred thousand on three digits: `123k`, `1.2M`. */
export function formatShortCount(count: number): string {
  const unit = countUnits.find(({ least }) => count >= least);
  if (unit === undefined) return formatCount(count);
  const value = count / (unit.letter === 'k' ? 1e3 : unit.least);
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)}${unit.letter}`;
}
