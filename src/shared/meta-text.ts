/** Facts of a record as words. */
import type { Meta } from './record.ts';

/** `65536` → `65 536`. A plain space, so that what is seen can be searched for. */
export function grouped(count: number): string {
  return String(count).replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ' '));
}

/** The value of a key; empty when there is none. */
export function metaText(meta: Meta, key: string): string {
  const value = meta[key];
  if (value === undefined || value === null) return '';
  return typeof value === 'number' ? grouped(value) : String(value);
}

export function metaCount(meta: Meta, key: string, one: string, many: string): string {
  return `${metaText(meta, key) || '0'} ${meta[key] === 1 ? one : many}`;
}
