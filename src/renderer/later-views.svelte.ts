/** The views that the first picture of an empty window does not need: half of the script, which comes after it. */
import type * as Views from './views/later.ts';

/** Longer than any window takes for a frame: one that is not shown may never draw one. */
const PICTURE_MS = 250;

export class LaterViews {
  parts = $state.raw<typeof Views | null>(null);
  #loading: Promise<void> | null = null;

  /** Resolves when they are there. A second call joins the first. */
  load(): Promise<void> {
    this.#loading ??= import('./views/later.ts').then((views) => {
      this.parts = views;
    });
    return this.#loading;
  }
}

/** Resolves when what there is has been drawn. */
export function afterPicture(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PICTURE_MS);
    requestAnimationFrame(() => {
      clearTimeout(late);
      setTimeout(resolve);
    });
  });
}
