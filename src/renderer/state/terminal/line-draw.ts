/** Where a line stands that is edited in the grid, and how to draw it anew: text for the terminal, no state. */
import { cellWidth } from './cell-width.ts';

const ESC = '\x1b';

/** Where the cursor of a terminal is, and how wide it is. Columns count from 0. */
export interface Place {
  readonly column: number;
  readonly columns: number;
}

/** A line, before and behind its cursor. */
export interface Halves {
  readonly before: string;
  readonly after: string;
}

/** A place relative to the row in which the line begins. */
interface Spot {
  readonly row: number;
  readonly column: number;
}

/** Controls as people write them: `^C`; each takes two cells. Everything else as it is. */
export function shown(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
    // C1 controls would be obeyed.
    return code >= 0x80 && code < 0xa0 ? '\ufffd' : character;
  }).join('');
}

/** Where the cursor is behind this text. A full row counts as the beginning of the next. */
function behind(origin: Place, text: string): Spot {
  let row = 0;
  let { column } = origin;
  for (const character of shown(text)) {
    const width = cellWidth(character);
    // What has no room in the last column stands in the next row.
    if (width > 0 && column + width > origin.columns) {
      row += 1;
      column = 0;
    }
    column += width;
  }
  return column >= origin.columns ? { row: row + 1, column: 0 } : { row, column };
}

function moved(from: Spot, to: Spot): string {
  const rows = to.row - from.row;
  const vertically = rows === 0 ? '' : `${ESC}[${Math.abs(rows)}${rows < 0 ? 'A' : 'B'}`;
  return `${vertically}\r${to.column === 0 ? '' : `${ESC}[${to.column}C`}`;
}

/**
 * Erases all behind a spot, where the cursor is. In the first column a blank is left: erasing from there on would make
 * the row a line of its own, and copying would break the line. Behind a full row, the blank leads into the next row.
 */
function rest(spot: Spot): string {
  return spot.column === 0 ? ` ${ESC}[J\r` : `${ESC}[J`;
}

/** Where a line can begin. @returns text for the terminal, and the place that it leads to */
export function begun(place: Place): { readonly echo: string; readonly origin: Place } {
  const { column, columns } = place;
  if (column < columns) return { echo: '', origin: place };
  return { echo: rest({ row: 1, column: 0 }), origin: { column: 0, columns } };
}

/** From behind `from`, where the cursor is, to behind `to`. Both are beginnings of the same line. */
export function cursorMove(origin: Place, from: string, to: string): string {
  return from === to ? '' : moved(behind(origin, from), behind(origin, to));
}

/**
 * Draws the line for the first time, or anew.
 * @param was what stands before the cursor on the screen, and behind it
 * @param text what is to stand there
 */
export function drawn(origin: Place, was: Halves, text: Halves): string {
  const whole = text.before + text.after;
  // The usual case: something is typed at the end.
  if (text.after === '' && was.after === '' && text.before.startsWith(was.before)) {
    const end = behind(origin, whole);
    return shown(text.before.slice(was.before.length)) + (end.column === 0 ? rest(end) : '');
  }
  const start = moved(behind(origin, was.before), { row: 0, column: origin.column });
  return `${start}${shown(whole)}${rest(behind(origin, whole))}${cursorMove(origin, whole, text.before)}`;
}

/** Takes the line off the screen. */
export function erased(origin: Place, before: string): string {
  const start = { row: 0, column: origin.column };
  return moved(behind(origin, before), start) + rest(start);
}
