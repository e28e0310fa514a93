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

/** How much of the top of a window must be on a screen, so that it can be taken and moved. Pixels. */
const GRIP = { width: 120, height: 24 };

/** Whether somebody could get hold of a window there: of the strip along its top. */
function hasGrip({ x, y }: NonNullable<WindowState['place']>, width: number, screen: Area): boolean {
  const seen = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  const isBelowTop = y >= screen.y - GRIP.height / 2;
  return seen >= GRIP.width && isBelowTop && y + GRIP.height <= screen.y + screen.height;
}

/**
 * Whatever is in the file, a window comes out that can be seen and moved: a place on no screen of today is forgotten,
 * and it is no larger than the screen that it is on.
 * @param screens work areas of today, the usual one first
 */
export function readWindowState(path: string, screens: readonly Area[]): WindowState {
  const state = parse(path);
  const { place } = state;
  const on = place === null ? undefined : screens.find((screen) => hasGrip(place, state.width, screen));
  const screen = on ?? screens[0];
  const fit = (size: number, most: number | undefined, least: number): number =>
    Math.max(Math.min(size, most ?? size), least);
  return {
    place: on === undefined ? null : place,
    width: fit(state.width, screen?.width, SMALLEST_WINDOW.width),
    height: fit(state.height, screen?.height, SMALLEST_WINDOW.height),
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
