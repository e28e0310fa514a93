/** Keyboard shortcuts, written once as `Mod+Shift+Enter` and shown as the platform writes them. */

/** True on Apple's systems, where ⌘ is the command key. Asked of the browser: the window may run far from the engine. */
export function isApple(platform: string = navigator.platform): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

const appleSigns: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Ctrl: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '⏎',
  Escape: 'esc',
  Delete: '⌫',
  Tab: '⇥',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

const otherSigns: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  Enter: '⏎',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** `Mod+Enter` as a person reads it: `⌘⏎`, or `Ctrl+⏎` elsewhere. */
export function formatKeys(keys: string, apple: boolean = isApple()): string {
  const signs = apple ? appleSigns : otherSigns;
  const parts = keys.split('+').map((part) => signs[part] ?? part);
  return parts.join(apple ? '' : '+');
}

/** A tooltip: what a control does and the keys that do the same. */
export function withKeys(text: string, keys: string, apple: boolean = isApple()): string {
  return `${text} (${formatKeys(keys, apple)})`;
}

/** `Mod+Enter` in the form that `aria-keyshortcuts` wants (WAI-ARIA 1.2 §6.6). */
export function ariaKeys(keys: string, apple: boolean = isApple()): string {
  return keys
    .split('+')
    .map((part) => (part === 'Mod' ? (apple ? 'Meta' : 'Control') : part === 'Ctrl' ? 'Control' : part))
    .join('+');
}

/**
 * True when the event is of this key, whatever Caps Lock says. Where the layout has no Latin letters (Korean,
 * Cyrillic, Greek), the letter is that of the place on the keyboard (UI Events, `code`).
 */
export function isKey(event: KeyboardEvent, key: string): boolean {
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  return (
    /^\p{L}$/u.test(event.key) && !/^\p{Script=Latin}$/u.test(event.key) && event.code === `Key${key.toUpperCase()}`
  );
}

/** True when the event is the platform's command key (⌘ or Ctrl) with this key and no other modifier. */
export function isModKey(event: KeyboardEvent, key: string, apple: boolean = isApple()): boolean {
  const mod = apple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  return mod && !event.altKey && !event.shiftKey && isKey(event, key);
}
