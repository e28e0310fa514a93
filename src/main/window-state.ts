/** Where the window was: size, place and whether it filled the screen. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const whole = z.number().int();
const stateSchema = z.object({
  /** Where it was; null: wherever the system puts it. */
  place: z.object({ x: whole, y: whole }).nullable(),
  width: whole,
  height: whole,
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

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
    const parsed = stateSchema.safeParse(document);
    return parsed.success ? parsed.data : DEFAULT_WINDOW;
  } catch {
    return DEFAULT_WINDOW;
  }
}
