/**
 * Where the focus goes when what had it is gone: it must not fall out of the
 * page, from where a keyboard would have to begin at its top.
 */

const places = {
  address: '[aria-label="Address"]',
  connections: '[role="grid"][aria-label="Connections"]',
  filter: '[aria-label="Filter messages"]',
  message: '[aria-label="Message"]',
  messages: '[role="grid"][aria-label="Messages"]',
  presets: '[aria-label="Search presets"]',
  protocol: '[aria-label="Protocol"]',
  /** The tab in front. */
  tab: '[aria-label="Sessions"] [role="tab"][aria-selected="true"]',
  welcome: 'main button',
} as const;

export type Place = keyof typeof places;

let last: Element | null = null;

/** Remembers what has the focus. @returns ends that */
export function watchFocus(): () => void {
  const ending = new AbortController();
  window.addEventListener(
    'focusin',
    ({ target }) => {
      last = target instanceof Element ? target : null;
    },
    { signal: ending.signal },
  );
  return () => {
    ending.abort();
    last = null;
  };
}

/** Gives the focus to the first of these that is there. @returns it, or null */
export function focusOn(...wanted: readonly Place[]): HTMLElement | null {
  for (const place of wanted) {
    const element = document.querySelector<HTMLElement>(places[place]);
    if (element === null) continue;
    element.focus();
    return element;
  }
  return null;
}

/** The same, but only if what had the focus is no longer in the document, and nothing else has it. */
export function rescueFocus(...wanted: readonly Place[]): void {
  const isNowhere = document.activeElement === null || document.activeElement === document.body;
  if (!isNowhere || last === null || last.isConnected) return;
  const focused = focusOn(...wanted);
  // Of a new tab: what is typed comes in the place of the usual address.
  if (focused instanceof HTMLInputElement) focused.select();
}

/** True while a dialog, a menu or a list of choices is open: the keys are its own. */
export function isOverlayOpen(): boolean {
  const roles = '[role="menu"], [role="listbox"], [role="dialog"], [role="alertdialog"]';
  return document.querySelector(`[data-state="open"]:is(${roles}), dialog[open]`) !== null;
}
