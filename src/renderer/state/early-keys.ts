/** Shortcuts pressed before the window can obey: kept, and pressed again when it can. */
import { shortcutOf, tabNumberOf } from './shortcuts.ts';

/** @returns lets the keys through from now on, those that were kept first */
export function holdEarlyKeys(): () => void {
  const kept: KeyboardEvent[] = [];
  const ending = new AbortController();
  window.addEventListener(
    'keydown',
    (event) => {
      if (shortcutOf(event) === null && tabNumberOf(event) === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      kept.push(event);
    },
    { capture: true, signal: ending.signal },
  );
  return () => {
    ending.abort();
    for (const { key, code, ctrlKey, metaKey, shiftKey, altKey } of kept.splice(0)) {
      const again = { key, code, ctrlKey, metaKey, shiftKey, altKey, bubbles: true, cancelable: true };
      window.dispatchEvent(new KeyboardEvent('keydown', again));
    }
  };
}
