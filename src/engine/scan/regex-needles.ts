/**
 * Bytes that must be in every text that a regular expression matches, so that
 * only where they are need the expression be tried. Reads as much of the
 * syntax (ECMA-262, "RegExp (Regular Expression) Objects", with annex B) as it
 * must to be sure, and gives up where it is not.
 */
import { SCAN_NEEDLE_BYTES, SCAN_NEEDLES_MOST } from '../../shared/limits.ts';
import { commonness, type Needle } from './needle.ts';

/** Two values of one byte; the same twice where there is only one. */
type Place = readonly [number, number];
/** One of these is in every match. Null: nothing is known. */
type Needles = readonly Needle[] | null;

/** A syntax that is not known well enough. */
class Unsure extends Error {}

/** Letters that, in any case and with the flag u, stand for characters outside of ASCII as well: ſ and the Kelvin sign. */
const FOLDED_FROM_AFAR = /[ks]/i;

function rarer(left: Needles, right: Needles): Needles {
  if (left === null || right === null) return left ?? right;
  const often = (needles: readonly Needle[]): number => needles.reduce((sum, needle) => sum + commonness(needle), 0);
  return often(right) < often(left) ? right : left;
}

class Reader {
  /** Whether all that was read stands for characters of ASCII, whatever is around them. */
  isBytewise = true;
  readonly #source: string;
  readonly #isAnyCase: boolean;
  readonly #isUnicode: boolean;
  #at = 0;

  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#isAnyCase = flags.includes('i');
    this.#isUnicode = flags.includes('u');
  }

  read(): Needles {
    const needles = this.#disjunction();
    if (this.#at < this.#source.length) throw new Unsure();
    return needles;
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#source.slice(this.#at));
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #disjunction(): Needles {
    const alternatives = [this.#alternative()];
    while (this.#takes('|')) alternatives.push(this.#alternative());
    const all = alternatives.flatMap((needles) => needles ?? []);
    return alternatives.includes(null) || all.length > SCAN_NEEDLES_MOST ? null : all;
  }

  #alternative(): Needles {
    let best: Needles = null;
    let run: Place[] = [];
    const finish = (): void => {
      const places = run.slice(0, SCAN_NEEDLE_BYTES);
      run = [];
      if (places.length === 0) return;
      const lower = Uint8Array.from(places, ([low]) => low);
      const upper = Uint8Array.from(places, ([, high]) => high);
      best = rarer(best, [{ lower, upper, isExact: false }]);
    };
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at] ?? '')) {
      if (this.#match(/^(?:\^|\$|\\b|\\B)/) !== null) {
        this.isBytewise = false;
        continue;
      }
      const group = this.#source[this.#at] === '(' ? this.#group() : undefined;
      const place = group === undefined ? this.#atom() : null;
      const least = this.#quantifier();
      if (place !== null && least === null) {
        run.push(place);
        continue;
      }
      // A repeated character is there at least once, next to what comes before it and to what comes behind it.
      if (place !== null && least !== null && least > 0) run.push(place);
      finish();
      if (place !== null && least !== null && least > 0) run.push(place);
      if (group !== undefined && least !== 0) best = rarer(best, group);
    }
    finish();
    return best;
  }

  /** A group, without what is repeated about it. What must not or need not be there tells nothing. */
  #group(): Needles {
    const kind = this.#match(/^\((?:\?(?::|=|!|<=|<!|<[^>=!]+>))?/)?.[0];
    if (kind === undefined || this.#source[this.#at] === '?') throw new Unsure();
    const needles = this.#disjunction();
    if (!this.#takes(')')) throw new Unsure();
    if (!/^\(\?<?[=!]/.test(kind)) return needles;
    this.isBytewise = false;
    return null;
  }

  /** How often what comes before it must be there; null: it is there once. */
  #quantifier(): number | null {
    const found = this.#match(/^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/);
    if (found === null) return null;
    const [, sign, count] = found;
    return sign === undefined ? Number(count) : sign === '+' ? 1 : 0;
  }

  /** One character; null when it may be several, or none is known. */
  #atom(): Place | null {
    if (this.#takes('[')) return this.#characterClass();
    if (this.#takes('.')) return this.#anyCharacter();
    if (this.#takes('\\')) return this.#escape();
    const [character = ''] = this.#match(/^[^]/u) ?? [];
    if (character === '' || /[*+?]/.test(character)) throw new Unsure();
    return this.#place(character);
  }

  /** One place when it is a class of one or two characters. */
  #characterClass(): Place | null {
    const [, few] = this.#match(/^([ -,.-Z_-~]{1,2})\]/) ?? [];
    if (few !== undefined) {
      const places = [...few].map((character) => this.#place(character));
      const values = new Set(places.flatMap((place) => place ?? []));
      const [low, high = low] = values;
      return low === undefined || high === undefined || values.size > 2 || places.includes(null) ? null : [low, high];
    }
    // Ranges and characters of ASCII, and the classes of its digits and letters.
    if (this.#match(/^(?:[ -,.-Z_-~](?:-[ -,.-Z_-~])?|\\[dwnrt.\-\]\\/])+\]/) !== null) return null;
    if (this.#match(/^(?:[^\]\\]|\\[^])*\]/) === null) throw new Unsure();
    return this.#anyCharacter();
  }

  #escape(): Place | null {
    const found = this.#match(/^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i);
    if (found !== null) return this.#place(String.fromCharCode(Number.parseInt(found[1] ?? found[2] ?? '', 16)));
    if (this.#match(/^[dw]/) !== null) return null;
    if (this.#match(/^[DsSW]/) !== null) return this.#anyCharacter();
    const [control] = this.#match(/^[nrtvf]/) ?? [];
    if (control !== undefined) return this.#place({ n: '\n', r: '\r', t: '\t', v: '\v', f: '\f' }[control] ?? '');
    // Any other letter or digit may be the beginning of something longer; signs stand for themselves.
    const [sign] = this.#match(/^[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/) ?? [];
    if (sign === undefined) throw new Unsure();
    return this.#place(sign);
  }

  /** One that may be outside of ASCII. */
  #anyCharacter(): null {
    this.isBytewise = false;
    return null;
  }

  #place(character: string): Place | null {
    if (!/^[\0-\x7f]$/.test(character)) return this.#anyCharacter();
    if (!this.#isAnyCase) return [character.charCodeAt(0), character.charCodeAt(0)];
    if (this.#isUnicode && FOLDED_FROM_AFAR.test(character)) return this.#anyCharacter();
    return [character.toLowerCase().charCodeAt(0), character.toUpperCase().charCodeAt(0)];
  }
}

/** Needles of which one is in every text that the expression matches, or null when none are known. */
export function needlesOfRegex(regex: RegExp): readonly Needle[] | null {
  try {
    return new Reader(regex).read();
  } catch (problem) {
    if (problem instanceof Unsure) return null;
    throw problem;
  }
}

/**
 * An expression that matches somewhere in a payload's bytes, whatever bytes are around it, wherever the given one matches
 * in its text; with the flag g. Null when none is known: what it matches may be outside of ASCII, which is several bytes
 * in one encoding and one in another, or depends on what is around it.
 */
export function bytewise(regex: RegExp): RegExp | null {
  const { source, flags } = regex;
  if (flags.includes('i') && flags.includes('u')) return null;
  try {
    const reader = new Reader(regex);
    reader.read();
    return reader.isBytewise ? new RegExp(source, flags.includes('i') ? 'gi' : 'g') : null;
  } catch (problem) {
    if (problem instanceof Unsure) return null;
    throw problem;
  }
}
