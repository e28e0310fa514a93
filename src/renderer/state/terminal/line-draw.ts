/** Where a line stands that is edited in the grid, and how to draw it anew: text for the terminal, no state. */
import { cellWidth } from './cell-width.ts';

const ESC = '\x1b';

/** Where the cursor of a terminal is, and how wide it is. Columns count from 0. */
export interface Place {
  readonly column: number;
  readonly columns: number;
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

/** Prints the text from where the cursor is, and leaves the cursor behind it, also where it fills its row. */
function printed(origin: Place, text: string): string {
  const end = behind(origin, text);
  // The terminal goes into the next row only when something is printed there.
  return shown(text) + (end.column === 0 && end.row > 0 ? ` \r${ESC}[K` : '');
}

/** From behind `from`, where the cursor is, to behind `to`. Both are beginnings of the same line. */
export function cursorMove(origin: Place, from: string, to: string): string {
  return from === to ? '' : moved(behind(origin, from), behind(origin, to));
}

/**
 * Draws the line for the first time, or anew.
 * @param drawn what stands before the cursor on the screen; empty when nothing does
 * @param before what is to stand before the cursor, and behind it
 */
export function drawn(origin: Place, drawn: string, before: string, after: string): string {
  const text = before + after;
  // The usual case: something was typed at the end.
  if (after === '' && before.startsWith(drawn) && drawn !== '') {
    const place = behind(origin, drawn);
    const rest = { column: place.column, columns: origin.columns };
    return `${ESC}[J${printed(rest, before.slice(drawn.length))}`;
  }
  const start = moved(behind(origin, drawn), { row: 0, column: origin.column });
  return `${start}${ESC}[J${printed(origin, text)}${cursorMove(origin, text, before)}`;
}

/** Takes the line off the screen. */
export function erased(origin: Place, drawn: string): string {
  return `${moved(behind(origin, drawn), { row: 0, column: origin.column })}${ESC}[J`;
}
