/** The terms of a filter that a record's header answers: kind, direction, connection, length and whether it has frames. */
import { isFramed, type FilterTerm } from '../../shared/filter.ts';
import { directionName, type Direction } from '../../shared/record.ts';
import { kindBit, type BlockHead } from '../disk/format.ts';
import { compare } from '../record-filter.ts';

const KINDS = 256;
/** Codes of directions: none, in, out (shared/record.ts). */
const DIRECTIONS = 3;

type HeadTerm = Extract<FilterTerm, { readonly type: 'direction' | 'kind' | 'peer' | 'length' | 'framed' }>;

export function isHeadTerm(term: FilterTerm): term is HeadTerm {
  switch (term.type) {
    case 'direction':
    case 'kind':
    case 'peer':
    case 'length':
    case 'framed':
      return true;
    default:
      return false;
  }
}

function passesBy(term: HeadTerm, kind: string, direction: Direction): boolean {
  if (term.type === 'kind') return (kind.toLowerCase() === term.kind.toLowerCase()) !== term.negated;
  return term.type !== 'direction' || (direction === term.direction) !== term.negated;
}

export class HeadTest {
  /** Whether it lets everything pass. */
  readonly isEmpty: boolean;
  /** 1 for each pair of kind and direction that passes. */
  readonly #pairs = new Uint8Array(KINDS * DIRECTIONS);
  /** For each direction, the kinds that pass, as in `BlockHead.kinds`. */
  readonly #bits: number[] = [];
  readonly #peers: readonly { readonly peer: number; readonly negated: boolean }[];
  readonly #lengths: readonly Extract<HeadTerm, { readonly type: 'length' }>[];
  /** For each term `is:framed`, whether it is negated. */
  readonly #framed: readonly boolean[];
  /** 1 for each kind of messages that can have frames. */
  readonly #framedKinds: Uint8Array;

  /** @param peer only this connection; null: all */
  constructor(terms: readonly HeadTerm[], kinds: readonly string[], peer: number | null) {
    this.isEmpty = terms.length === 0 && peer === null;
    for (let direction = 0; direction < DIRECTIONS; direction += 1) {
      const passes = (kind: string): boolean => terms.every((term) => passesBy(term, kind, directionName(direction)));
      const passesUnnamed = passes('');
      let bits = 0;
      for (let kind = 0; kind < KINDS; kind += 1) {
        const name = kinds[kind];
        if (!(name === undefined ? passesUnnamed : passes(name))) continue;
        this.#pairs[kind * DIRECTIONS + direction] = 1;
        bits |= kindBit(kind);
      }
      this.#bits.push(bits);
    }
    this.#peers = terms.flatMap((term) => (term.type === 'peer' ? [{ peer: term.peer, negated: term.negated }] : []));
    if (peer !== null) this.#peers = [...this.#peers, { peer, negated: false }];
    this.#lengths = terms.flatMap((term) => (term.type === 'length' ? [term] : []));
    this.#framed = terms.flatMap((term) => (term.type === 'framed' ? [term.negated] : []));
    this.#framedKinds = Uint8Array.from({ length: KINDS }, (_, code) => (isFramed(kinds[code] ?? '', true) ? 1 : 0));
  }

  /** Whether a block with these records may have one that passes. */
  mayBeIn({ kinds, directions }: BlockHead): boolean {
    return this.#bits.some((bits, direction) => {
      const isThere = direction === 0 ? (directions & ~0b110) !== 0 : (directions & (1 << direction)) !== 0;
      return isThere && (bits & kinds) !== 0;
    });
  }

  /** Whether the record whose header is at `offset` passes. */
  passes(view: DataView, offset: number): boolean {
    const code = view.getUint8(offset + 5);
    const direction = code < DIRECTIONS ? code : 0;
    if (this.#pairs[view.getUint8(offset + 4) * DIRECTIONS + direction] !== 1) return false;
    for (const { peer, negated } of this.#peers) {
      if ((view.getUint32(offset + 24, true) === peer) === negated) return false;
    }
    for (const { comparison, length, negated } of this.#lengths) {
      if (compare(view.getUint32(offset + 32, true), comparison, length) === negated) return false;
    }
    for (const negated of this.#framed) {
      const isOne = this.#framedKinds[view.getUint8(offset + 4)] === 1 && view.getUint32(offset + 28, true) > 0;
      if (isOne === negated) return false;
    }
    return true;
  }
}
