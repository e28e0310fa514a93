/** Names of files for names of presets: readable, in any script, and such that every system takes them. */
import { FILE_NAME_BYTES } from '../../shared/preset-limits.ts';

/** What Windows forbids, what cannot be seen, and marks that turn the direction of text. */
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** Names of devices on Windows, whatever follows after a dot (Microsoft, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Room for ` 2` and so on, in bytes. */
const NUMBER_BYTES = 8;

/** Names that the workspace has other uses for, in lower case. */
const TAKEN = ['environments', 'node_modules'];

/** The same for names that some file system takes for the same one: capitals, and composed letters. */
function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/**
 * The name of a file or folder, without the suffix, for whatever a person calls it.
 * @param suffix of the file; empty for a folder
 */
export function fileBase(name: string, suffix: string): string {
  const cleaned = name
    .normalize('NFC')
    .replace(FORBIDDEN, '-')
    .replace(/\s+/gu, ' ')
    // A leading dot hides a file; Windows drops dots and spaces at the end.
    .replace(/^[. ]+|[. ]+$/g, '');
  const cut = cutTo(cleaned, FILE_NAME_BYTES - NUMBER_BYTES - suffix.length).replace(/[. ]+$/, '');
  if (cut === '') return 'untitled';
  return RESERVED.test(cut) ? `_${cut}` : cut;
}

/** Whole characters, as people see them, that have at most so many bytes. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let left = bytes;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) return kept;
    kept += segment;
  }
  return kept;
}

/** The names of one folder, of which free ones are given out: `room.wb.yaml`, `room 2.wb.yaml` … What was given is taken. */
export class FreeNames {
  readonly #suffix: string;
  readonly #taken: Set<string>;
  /** The number that a base is tried with next: of a thousand of one name each is tried once. */
  readonly #numbers = new Map<string, number>();

  /**
   * @param suffix of files; empty for folders
   * @param others names in the same folder
   */
  constructor(suffix: string, others: Iterable<string>) {
    this.#suffix = suffix;
    this.#taken = new Set(suffix === '' ? TAKEN : []);
    for (const other of others) this.#taken.add(nameKey(other));
  }

  /** @param base without the suffix */
  take(base: string): string {
    for (let number = this.#numbers.get(base) ?? 1; ; number += 1) {
      const candidate = `${base}${number === 1 ? '' : ` ${number}`}${this.#suffix}`;
      const key = nameKey(candidate);
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      this.#numbers.set(base, number + 1);
      return candidate;
    }
  }
}

/** One name that is free. The parameters are as of `FreeNames`. */
export function freeName(base: string, suffix: string, others: Iterable<string>): string {
  return new FreeNames(suffix, others).take(base);
}
