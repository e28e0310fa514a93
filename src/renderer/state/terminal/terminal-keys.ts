/** Which keys a terminal with the focus leaves to the window. Everything else is the peer's. */
import { isApple, isKey, isModKey } from '../../components/keys.ts';

/** Opens the field that looks for text. */
export function isFindKey(event: KeyboardEvent, apple = isApple()): boolean {
  if (isModKey(event, 'f', apple)) return true;
  return event.ctrlKey && event.shiftKey && !event.altKey && !event.metaKey && isKey(event, 'f');
}

/** Leaves the terminal by the keyboard: Tab is the peer's. */
export function isLeaveKey(event: KeyboardEvent): boolean {
  return event.key === 'Escape' && event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}

/**
 * Copy, paste, the tabs and what else the window does. Elsewhere than on Apple's systems, Ctrl with a letter is the
 * peer's, but for Ctrl+V, which pastes, and Ctrl+C, which copies while something is selected.
 */
export function isAppKey(event: KeyboardEvent, hasSelection: boolean, apple = isApple()): boolean {
  const { ctrlKey, metaKey, altKey, shiftKey, key } = event;
  if (ctrlKey && key === 'Tab') return true;
  if (apple) return metaKey;
  if (!ctrlKey || altKey || metaKey) return false;
  if (shiftKey) return /^[a-z]$/i.test(key);
  if (isKey(event, 'v') || (hasSelection && isKey(event, 'c'))) return true;
  return /^[1-9/]$/.test(key);
}
