/**
 * How to look for what a filter asks for: which of its terms a record's header
 * answers, which bytes a record that passes must have in its payload, and the
 * filter that has the last word (record-filter.ts). Whatever the plan says
 * only saves work; what passes is what the filter lets pass.
 */
import type { FilterTerm } from '../../shared/filter.ts';
import { directions } from '../../shared/record.ts';
import { describe } from '../../shared/describe.ts';
import { kindBit, type BlockHead } from '../disk/format.ts';
import { RecordFilter, type FilterRecord } from '../record-filter.ts';
import { HeadTest, isHeadTerm } from './head-test.ts';
import { commonness, needleOfBytes, needlesOfText, type Needle } from './needle.ts';
import { bytewise, needlesOfRegex } from './regex-needles.ts';
import type { ScanRequest } from './scan-messages.ts';

/** Kinds are numbers of one byte. */
const KINDS = 256;
const noBytes = Buffer.alloc(0);

export class ScanPlan {
  readonly kinds: readonly string[];
  readonly heads: HeadTest;
  /** The terms that look into a record. */
  readonly filter: RecordFilter;
  /** One of these is in the payload of each record that passes, unless its row's text passes. Null: look at all records. */
  readonly needles: readonly Needle[] | null;
  /** Where there are no needles: matches in the payload of each record that passes, unless its row's text passes. */
  readonly sweep: RegExp | null;
  /** Whether a record in whose payload the needle is found passes, without asking the filter. */
  readonly isDecidedByNeedle: boolean;
  /** Whether the text of a row can pass without the needles. */
  readonly #looksAtTexts: boolean;
  /** Kinds of which a record without payload and without meta can pass, as in `BlockHead.kinds`. */
  readonly #emptyKinds: number;

  constructor({ terms, kinds, peer }: ScanRequest) {
    this.kinds = kinds;
    this.heads = new HeadTest(terms.filter(isHeadTerm), kinds, peer);
    const searches = terms.filter((term) => !isHeadTerm(term));
    this.filter = new RecordFilter(searches);
    const anchor = anchorOf(searches) ?? sweepOf(searches);
    this.sweep = anchor?.sweep ?? null;
    this.needles = anchor?.sweep === null ? anchor.needles : null;
    this.isDecidedByNeedle =
      searches.length === 1 &&
      anchor?.needles.length === 1 &&
      anchor.needles[0]?.isExact === true &&
      anchor.term.type !== 'regex';
    this.#looksAtTexts = anchor !== null && anchor.term.type !== 'hex';
    this.#emptyKinds = anchor === null || !this.#looksAtTexts ? 0 : emptyKinds(anchor.term, kinds);
  }

  /** Whether records of a block can pass by the text of their rows. @param head null: nothing is known of the block */
  mayPassByText(head: BlockHead | null, metaBytes: number): boolean {
    return this.#looksAtTexts && (head === null || metaBytes > 0 || (head.kinds & this.#emptyKinds) !== 0);
  }
}

interface Anchor {
  readonly term: FilterTerm;
  readonly needles: readonly Needle[];
  readonly sweep: RegExp | null;
}

/** The term that the fewest records are likely to pass, of those that must hold and have needles. */
function anchorOf(terms: readonly FilterTerm[]): Anchor | null {
  let best: Anchor | null = null;
  let least = Infinity;
  for (const term of terms) {
    const needles = term.negated ? null : needlesOf(term);
    if (needles === null || needles.length === 0) continue;
    const often = needles.reduce((sum, needle) => sum + commonness(needle), 0);
    if (often < least) [best, least] = [{ term, needles, sweep: null }, often];
  }
  return best;
}

function sweepOf(terms: readonly FilterTerm[]): Anchor | null {
  for (const term of terms) {
    const sweep = term.type === 'regex' && !term.negated ? bytewise(term.regex) : null;
    if (sweep !== null) return { term, needles: [], sweep };
  }
  return null;
}

function needlesOf(term: FilterTerm): readonly Needle[] | null {
  switch (term.type) {
    case 'text':
      return needlesOfText(term.text);
    case 'hex':
      return [needleOfBytes(term.bytes)];
    case 'regex': {
      const needles = needlesOfRegex(term.regex);
      // A single byte may be in every record.
      const isPoor = needles?.some(({ lower }) => lower.length < 2) === true;
      return isPoor && bytewise(term.regex) !== null ? null : needles;
    }
    default:
      return null;
  }
}

function emptyKinds(term: FilterTerm, kinds: readonly string[]): number {
  const filter = new RecordFilter([term]);
  const passes = (kind: string): boolean =>
    directions.some((direction) => {
      const text = `${kind} ${describe(kind, direction, {})}`;
      const empty = { peer: 0, length: 0, hasMeta: false, payload: () => noBytes };
      const record: FilterRecord = { kind, direction, ...empty, text: () => text };
      return filter.look(record, { left: Number.MAX_SAFE_INTEGER }) === true;
    });
  const passesUnnamed = passes('');
  let bits = 0;
  for (let code = 0; code < KINDS; code += 1) {
    const kind = kinds[code];
    if (kind === undefined ? passesUnnamed : passes(kind)) bits |= kindBit(code);
  }
  return bits;
}
