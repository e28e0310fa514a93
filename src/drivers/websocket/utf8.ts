/**
 * UTF-8 as RFC 3629 §4 defines it, byte by byte: no overlong forms, no
 * surrogates, nothing above U+10FFFF. The state between two bytes is a number,
 * so that a text can be checked in parts that end inside a character.
 */

/** Between two characters: a text may end here. */
export const UTF8_ACCEPT = 0;
/** This is no UTF-8, whatever follows. */
export const UTF8_REJECT = 1;

const TAIL_1 = 2; // one more byte 80..BF
const TAIL_2 = 3;
const TAIL_3 = 4;
const AFTER_E0 = 5; // A0..BF: less would be overlong
const AFTER_ED = 6; // 80..9F: more would be a surrogate
const AFTER_F0 = 7; // 90..BF: less would be overlong
const AFTER_F4 = 8; // 80..8F: more would be beyond U+10FFFF

/** The next state, at `state * 256 + byte`. */
const NEXT = new Uint8Array(9 * 256).fill(UTF8_REJECT);

function step(state: number, first: number, last: number, next: number): void {
  NEXT.fill(next, state * 256 + first, state * 256 + last + 1);
}

step(UTF8_ACCEPT, 0x00, 0x7f, UTF8_ACCEPT);
step(UTF8_ACCEPT, 0xc2, 0xdf, TAIL_1);
step(UTF8_ACCEPT, 0xe0, 0xe0, AFTER_E0);
step(UTF8_ACCEPT, 0xe1, 0xec, TAIL_2);
step(UTF8_ACCEPT, 0xed, 0xed, AFTER_ED);
step(UTF8_ACCEPT, 0xee, 0xef, TAIL_2);
step(UTF8_ACCEPT, 0xf0, 0xf0, AFTER_F0);
step(UTF8_ACCEPT, 0xf1, 0xf3, TAIL_3);
step(UTF8_ACCEPT, 0xf4, 0xf4, AFTER_F4);
step(TAIL_1, 0x80, 0xbf, UTF8_ACCEPT);
step(TAIL_2, 0x80, 0xbf, TAIL_1);
step(TAIL_3, 0x80, 0xbf, TAIL_2);
step(AFTER_E0, 0xa0, 0xbf, TAIL_1);
step(AFTER_ED, 0x80, 0x9f, TAIL_1);
step(AFTER_F0, 0x90, 0xbf, TAIL_2);
step(AFTER_F4, 0x80, 0x8f, TAIL_2);

/**
 * @param from offset in `view` of the first byte, and `to` that behind the last
 * @returns whether all of them are below 80
 */
export function isAscii(view: DataView, from: number, to: number): boolean {
  let seen = 0;
  let at = from;
  // Four words a round: half the time of one. Little-endian, as the processor has it: the order does not matter here.
  for (; at + 16 <= to; at += 16) {
    seen |=
      view.getInt32(at, true) |
      view.getInt32(at + 4, true) |
      view.getInt32(at + 8, true) |
      view.getInt32(at + 12, true);
  }
  for (; at + 4 <= to; at += 4) seen |= view.getInt32(at, true);
  for (; at < to; at += 1) seen |= view.getInt8(at);
  return (seen & 0x80808080) === 0;
}

/**
 * Walks over whole characters, each by one look at four bytes: a third of the time of one byte after the other.
 * @param from between two characters
 * @returns where there are fewer than four bytes, or what is no character
 */
function skipCharacters(view: DataView, from: number, to: number): number {
  let at = from;
  while (at + 4 <= to) {
    // Little-endian: the first byte is the lowest.
    const four = view.getInt32(at, true);
    if ((four & 0x80) === 0) {
      at += 1;
      if ((four & 0x80808080) === 0) {
        at += 3;
        while (at + 16 <= to && isAscii(view, at, at + 16)) at += 16;
      }
    } else if ((four & 0xc0e0) === 0x80c0) {
      if ((four & 0x1e) === 0) break; // C0, C1: overlong
      at += 2;
    } else if ((four & 0xc0c0f0) === 0x8080e0) {
      const start = four & 0x200f;
      if (start === 0x0000 || start === 0x200d) break; // overlong, surrogate
      at += 3;
    } else {
      if ((four & 0xc0c0c0f8) >>> 0 !== 0x808080f0) break;
      const plane = four & 7;
      const start = four & 0x3000;
      if (plane > 4 || (plane === 0 && start === 0) || (plane === 4 && start !== 0)) break; // beyond, overlong
      at += 4;
    }
  }
  return at;
}

/**
 * Goes on with a text.
 * @param state UTF8_ACCEPT at its beginning, later what the call before has returned
 * @returns UTF8_ACCEPT when it could end here, UTF8_REJECT when it is broken, else a state inside a character
 */
export function advanceUtf8(state: number, view: DataView, from: number, to: number): number {
  let now = state;
  let at = from;
  while (at < to && now !== UTF8_REJECT) {
    if (now === UTF8_ACCEPT) at = skipCharacters(view, at, to);
    // What is left is the end, or wrong, or begins inside a character.
    while (at < to) {
      now = NEXT[now * 256 + view.getUint8(at)] ?? UTF8_REJECT;
      at += 1;
      if (now === UTF8_ACCEPT || now === UTF8_REJECT) break;
    }
  }
  return now;
}

/** @returns whether these bytes are a whole text */
export function isUtf8Text(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return advanceUtf8(UTF8_ACCEPT, view, 0, bytes.byteLength) === UTF8_ACCEPT;
}
