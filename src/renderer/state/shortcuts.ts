/** Keyboard shortcuts of the window: one list, from which the handler, the hints and the shortcuts sheet are made. */
import { keyCommands, type KeyCommand } from '../../shared/app-commands.ts';
import { isApple, isKey } from '../components/keys.ts';

export const shortcuts = keyCommands;

/** Keys that the field with the focus handles itself; listed in the sheet beside the others. */
export const fieldShortcuts = [
  {
    keys: 'Mod+Enter',
    label: 'In the address bar: connect or disconnect. In the message: send. In Presets: a new tab',
  },
  { keys: 'Mod+1', label: 'Tab 1, and so on to 9' },
  { keys: 'Shift+ArrowDown', label: 'In the messages: select several rows' },
  { keys: 'Mod+A', label: 'In the messages: select all rows' },
  { keys: 'Mod+C', label: 'In the messages: copy the payload of the row, or a line for each of several' },
  { keys: 'F2', label: 'On a tab, in Presets, in History and on saved messages: rename' },
  { keys: 'Alt+1', label: 'Send the first saved message, and so on to 9' },
  { keys: 'Alt+ArrowDown', label: 'In Presets: move down; with ↑ up, with ← out of the folder, with → into one' },
  { keys: 'Alt+ArrowUp', label: 'In the message: the one sent before' },
  {
    keys: 'Shift+Escape',
    label: 'In the terminal: leave it for its toolbar. All other keys but the window’s own are sent',
  },
] as const;

export type ShortcutId = KeyCommand;

export function keysFor(id: ShortcutId): string {
  return shortcuts.find((shortcut) => shortcut.id === id)?.keys ?? '';
}

/** `Mod` is ⌘ on Apple's systems and Ctrl elsewhere; there `Mod` and `Ctrl` are the same key. */
function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const apple = isApple();
  const control = parts.includes('Ctrl') || (parts.includes('Mod') && !apple);
  const meta = parts.includes('Mod') && apple;
  return (
    isKey(event, key) &&
    event.ctrlKey === control &&
    event.metaKey === meta &&
    event.shiftKey === parts.includes('Shift') &&
    event.altKey === parts.includes('Alt')
  );
}

export function shortcutOf(event: KeyboardEvent): ShortcutId | null {
  return shortcuts.find((shortcut) => matches(event, shortcut.keys))?.id ?? null;
}

/** 1 to 9 for the shortcut of tab n, else null. */
export function tabNumberOf(event: KeyboardEvent): number | null {
  return /^[1-9]$/.test(event.key) && matches(event, `Mod+${event.key}`) ? Number(event.key) : null;
}

/** 1 to 9 for the shortcut of a saved message, else null. By the key's place: with ⌥ it writes another sign. */
export function messageNumberOf(event: KeyboardEvent): number | null {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  return digit === undefined ? null : Number(digit);
}
