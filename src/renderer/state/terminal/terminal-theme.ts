/** The colours of a terminal, from the design tokens: those of the theme that the document has now. */
import type { ITheme } from '@xterm/xterm';

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

export function terminalTheme(): ITheme {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string): string => styles.getPropertyValue(`--term-${name}`).trim();
  const palette = Object.fromEntries(
    colours.flatMap((colour) => [
      [colour, token(colour)],
      [`bright${colour.charAt(0).toUpperCase()}${colour.slice(1)}`, token(`bright-${colour}`)],
    ]),
  );
  return {
    ...palette,
    background: token('bg'),
    foreground: token('fg'),
    cursor: token('cursor'),
    cursorAccent: token('bg'),
    selectionBackground: token('selection'),
    scrollbarSliderBackground: token('slider'),
    scrollbarSliderHoverBackground: token('slider-hover'),
    scrollbarSliderActiveBackground: token('slider-hover'),
    overviewRulerBorder: token('bg'),
  };
}

/** Colours of what a search has found: of all, and of the one that it stands at. */
export function searchColours(): {
  readonly matchBackground: string;
  readonly activeMatchBackground: string;
  readonly matchOverviewRuler: string;
  readonly activeMatchColorOverviewRuler: string;
} {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    matchBackground: token('--term-match'),
    activeMatchBackground: token('--term-match-active'),
    matchOverviewRuler: token('--term-match'),
    activeMatchColorOverviewRuler: token('--term-match-active'),
  };
}

/** Calls when the document has got another theme. @returns ends it */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    observer.disconnect();
  };
}
