/**
 * What to look for in the bytes of many records at once: a run of bytes that
 * every record which passes must have in its payload.
 */
import { SCAN_NEEDLE_BYTES } from '../../shared/limits.ts';
import { spellingsOf } from '../byte-search.ts';

/** Each byte may have one of two values. */
export interface Needle {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
  /** Whether nothing is missing: where it stands, the text stands. */
  readonly isExact: boolean;
}

/** Bytes that are often in what goes over sockets and in the headers of records, the most frequent first. */
const FREQUENT =
  '\0 etaoinsrhldcumfpgwyb\x01\xff"0123456789,.:v-_/{}()[]k=;xjqz\n\rETAOINSRHLDCUMFPGWYBVKXJQZ\x02\x03\x04';
const frequency = new Uint8Array(256).fill(4);
for (let index = 0; index < FREQUENT.length; index += 1) {
  frequency[FREQUENT.charCodeAt(index)] = Math.max(6, 255 - 3 * index);
}

/** A byte of which there is one in so many is rare: most strides of the search (find-module.ts) have none. */
const RARE_SHARE = 1024;

function frequencyAt(needle: Needle, place: number): number {
  const [low = 0, high = 0] = [needle.lower[place], needle.upper[place]];
  return low === high ? (frequency[low] ?? 0) : (frequency[low] ?? 0) + (frequency[high] ?? 0);
}

/** The two places (one, where there is only one) that the fewest bytes fit. */
export function rarestPlaces(needle: Needle): readonly [number, number] {
  return leastPlaces(needle, (place) => frequencyAt(needle, place));
}

function leastPlaces({ lower }: Needle, often: (place: number) => number): readonly [number, number] {
  let [one, two] = [0, 0];
  let [least, next] = [Infinity, Infinity];
  for (let place = 0; place < lower.length; place += 1) {
    const value = often(place);
    if (value < least) [one, two, least, next] = [place, one, value, least];
    else if (value < next) [two, next] = [place, value];
  }
  return [one, two];
}

/** How often each byte is in some that are like those which are searched. */
export class ByteSample {
  readonly #counts = new Uint16Array(256);
  #length = 0;

  /** @param bytes at most 65,535 */
  take(bytes: Uint8Array): void {
    this.#counts.fill(0);
    this.#length = bytes.length;
    for (const byte of bytes) this.#counts[byte] = (this.#counts[byte] ?? 0) + 1;
  }

  /**
   * The two places of a needle that the fewest bytes of the sample fit; of those that are equal in this, the ones that are
   * rare elsewhere. One place twice when its byte alone is so rare that a look at another one would be wasted.
   */
  placesOf(needle: Needle): readonly [number, number] {
    const [one, two] = leastPlaces(needle, (place) => this.#countAt(needle, place) + frequencyAt(needle, place) / 1024);
    return this.#countAt(needle, one) * RARE_SHARE <= this.#length ? [one, one] : [one, two];
  }

  #countAt(needle: Needle, place: number): number {
    const [low = 0, high = 0] = [needle.lower[place], needle.upper[place]];
    const count = this.#counts[low] ?? 0;
    return low === high ? count : count + (this.#counts[high] ?? 0);
  }
}

/** How seldom it may be found: the less, the better to look for. */
export function commonness(needle: Needle): number {
  const [one, two] = rarestPlaces(needle);
  return one === two ? 512 * frequencyAt(needle, one) : frequencyAt(needle, one) * frequencyAt(needle, two);
}

export function needleOfBytes(bytes: Uint8Array): Needle {
  const part = bytes.subarray(0, SCAN_NEEDLE_BYTES);
  return { lower: part, upper: part, isExact: part.length === bytes.length };
}

/**
 * Needles for a text in any case: one of them is wherever the text is. As many as the text has ways to be written
 * (UTF-8, Latin-1), or null when one of these has no run of bytes that can be looked for.
 */
export function needlesOfText(text: string): readonly Needle[] | null {
  const needles: Needle[] = [];
  for (const characters of spellingsOf(text)) {
    const needle = bestRun(characters);
    if (needle === null) return null;
    needles.push(needle);
  }
  return needles;
}

/** The run of characters, all of whose spellings are two at most for each byte, that is found least often. */
function bestRun(characters: readonly (readonly Uint8Array[])[]): Needle | null {
  const found: Needle[] = [];
  let run: [number, number][] = [];
  let isExact = true;
  const finish = (): void => {
    if (run.length === 0) return;
    const [lower, upper] = [Uint8Array.from(run, ([low]) => low), Uint8Array.from(run, ([, high]) => high)];
    found.push({ lower, upper, isExact });
    run = [];
  };
  for (const spellings of characters) {
    const places = placesOf(spellings);
    if (places === null || run.length + places.length > SCAN_NEEDLE_BYTES) {
      isExact = false;
      finish();
      continue;
    }
    // Bytes of two spellings can be mixed where more than one differs.
    if (places.filter(([low, high]) => low !== high).length > 1) isExact = false;
    run.push(...places);
  }
  finish();
  const [best] = found.sort((left, right) => commonness(left) - commonness(right));
  return best === undefined ? null : { ...best, isExact };
}

/** The values of each byte of a character, or null when there are more than two or the spellings differ in length. */
function placesOf(spellings: readonly Uint8Array[]): [number, number][] | null {
  const [first] = spellings;
  if (first === undefined || spellings.some((spelling) => spelling.length !== first.length)) return null;
  const places: [number, number][] = [];
  for (let index = 0; index < first.length; index += 1) {
    const values = [...new Set(spellings.map((spelling) => spelling[index] ?? 0))];
    if (values.length > 2) return null;
    places.push([values[0] ?? 0, values[1] ?? values[0] ?? 0]);
  }
  return places;
}
