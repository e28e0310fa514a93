/** Where the window was: size, place and whether it filled the screen. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface WindowState {
  /** Where it was; null: wherever the system puts it. */
  readonly place: { readonly x: number; readonly y: number } | null;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export const DEFAULT_WINDOW: WindowState = { place: null, width: 1440, height: 900, maximized: false };
export const SMALLEST_WINDOW = { width: 900, height: 600 };

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whatever is in the file, a window comes out that can be seen: a place on no screen of today is forgotten. */
export function readWindowState(path: string, screens: readonly Area[]): WindowState {
  const state = parse(path);
  const { place } = state;
  const isSeen = screens.some(
    (screen) =>
      place !== null &&
      place.x >= screen.x &&
      place.y >= screen.y &&
      place.x < screen.x + screen.width &&
      place.y < screen.y + screen.height,
  );
  return {
    place: isSeen ? place : null,
    width: Math.max(state.width, SMALLEST_WINDOW.width),
    height: Math.max(state.height, SMALLEST_WINDOW.height),
    maximized: state.maximized,
  };
}

/** Not worth an error: at worst the window opens in its usual place. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, `${JSON.stringify(state)}\n`);
  } catch {
    // A full or read-only disk is told to the person when the workspace is saved.
  }
}

function parse(path: string): WindowState {
  try {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isWindowState(document) ? document : DEFAULT_WINDOW;
  } catch {
    return DEFAULT_WINDOW;
  }
}

/** By hand: this is read before the window is there, and zod takes longer to load than the rest of it. */
function isWindowState(value: unknown): value is WindowState {
  return (
    isRecord(value) &&
    (value.place === null || (isRecord(value.place) && isWhole(value.place.x) && isWhole(value.place.y))) &&
    isWhole(value.width) &&
    isWhole(value.height) &&
    typeof value.maximized === 'boolean'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value);
}
