/** What is known of a file in the tree, and how long that holds. */
import type { BigIntStats } from 'node:fs';
import type { WireError } from '../../shared/errors.ts';
import { FILE_TIME_MS } from '../../shared/preset-limits.ts';

export type Content =
  | {
      readonly type: 'preset';
      /** Null: the file does not say. */
      readonly id: string | null;
      readonly name: string | null;
      readonly protocol: string;
      readonly address: string;
      readonly revision: string;
      /** Whether all of the file was read as YAML. */
      readonly isChecked: boolean;
    }
  | { readonly type: 'broken'; readonly error: WireError; readonly revision: string };

export interface KnownFile {
  readonly content: Content;
  /** ms since 1970: of two files with one id, the older one keeps it. */
  readonly bornAt: number;
  readonly stamp: string;
  /** Whether a file with the same stamp has the same content: not when it was changed just before it was read. */
  readonly isSettled: boolean;
}

/** Another one, and the file has changed. */
export function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** @param readAt when it was about to be read, ms since 1970 */
export function known(content: Content, stats: BigIntStats, readAt: number): KnownFile {
  const changedAt = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
  return {
    content,
    bornAt: Number(stats.birthtimeMs),
    stamp: stampOf(stats),
    isSettled: changedAt < readAt - FILE_TIME_MS,
  };
}
