/** The workbench without a pointer: what has the focus, and how one gets elsewhere by Tab. */
import { expect, type CDPSession, type JSHandle, type Locator, type Page } from '@playwright/test';

/** More stops than any page of the workbench has. */
const MOST_STOPS = 120;

/** Pairs of pictures in which a difference is looked for. */
const MOST_LOOKS = 25;

/** Presses Tab (or Shift+Tab) until the element has the focus. */
export async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${String(target)}`);
}

/** Replaces what is in the field with the focus. */
export async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** One stop on the way through the page by Tab. */
export interface Stop {
  /** What a person would call it: role, name and tag, for messages. */
  readonly what: string;
  /** Numbers the elements of the page in the order in which they stand. */
  readonly index: number;
  /** Whether it looks otherwise than without the focus. */
  readonly isSeen: boolean;
}

/** Part of the page, px. */
interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** Room around an element in which its focus ring may be, px: it may be drawn around a field as a whole. */
const RING_PX = 16;

/**
 * Goes through the whole page by Tab and looks at each stop, with the focus
 * and without. Ends when it comes to a stop again.
 */
export async function walk(page: Page): Promise<readonly Stop[]> {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    // The bar at which one writes is not what shows where the focus is.
    document.documentElement.style.caretColor = 'transparent';
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.getSelection()?.removeAllRanges();
  });
  const stops: Stop[] = [];
  for (let count = 0; count < MOST_STOPS; count += 1) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(placeOfFocus, RING_PX);
    if (place === null) continue;
    const { index, what, clip } = place;
    if (stops.some((stop) => stop.index === index)) break;
    const focused = await page.evaluateHandle(() => document.activeElement);
    let isSeen = false;
    // On a busy machine the ring may be painted later than it should: it is looked for again.
    for (let look = 0; look < MOST_LOOKS && !isSeen; look += 1) {
      await setFocus(focused, true);
      const withFocus = await picture(devtools, clip);
      await setFocus(focused, false);
      isSeen = withFocus !== (await picture(devtools, clip));
    }
    await focused.dispose();
    stops.push({ what, index, isSeen });
  }
  await page.evaluate(() => {
    document.documentElement.style.caretColor = '';
  });
  await devtools.detach();
  return stops;
}

/** Gives an element the focus or takes it away, and waits until that is on the screen: after the frame behind the next. */
function setFocus(element: JSHandle<Element | null>, on: boolean): Promise<void> {
  return element.evaluate(async (target, wanted) => {
    if (target instanceof HTMLElement && wanted !== (target === document.activeElement)) {
      if (wanted) target.focus({ preventScroll: true });
      else target.blur();
    }
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, on);
}

/** Playwright's own pictures take a quarter of a second each. */
async function picture(devtools: CDPSession, clip: Clip): Promise<string> {
  return (await devtools.send('Page.captureScreenshot', { clip, optimizeForSpeed: true })).data;
}

/** In the page: what has the focus, and where that is with some room around it; null when nothing has. */
function placeOfFocus(room: number): (Omit<Stop, 'isSeen'> & { readonly clip: Clip }) | null {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const x = Math.max(0, box.x - room);
  const y = Math.max(0, box.y - room);
  return {
    index: [...document.querySelectorAll('*')].indexOf(element),
    what: `${element.tagName.toLowerCase()} ${element.role ?? ''} "${element.ariaLabel ?? element.textContent.trim()}"`,
    clip: {
      x,
      y,
      width: Math.min(innerWidth, box.right + room) - x,
      height: Math.min(innerHeight, box.bottom + room) - y,
      scale: 1,
    },
  };
}

/** Elements that can be used by pointer and come neither by Tab nor belong to a group with one stop. */
export function unreachable(page: Page, stops: readonly Stop[]): Promise<readonly string[]> {
  const visited = stops.map((stop) => stop.index);
  return page.evaluate((indexes) => {
    const all = [...document.querySelectorAll('*')];
    const reached = new Set(indexes.map((index) => all[index]));
    /** In these one element has the focus and arrow keys lead to the others (WAI-ARIA, "roving tabindex"). */
    const groups =
      '[role="tablist"], [role="radiogroup"], [role="grid"], [role="toolbar"], [role="menu"], [role="listbox"], ul[aria-label="History"]';
    return all
      .filter((element) => element.matches('a[href], button, input, select, textarea, summary, [tabindex="0"]'))
      .filter((element) => !element.matches(':disabled') && element.checkVisibility())
      .filter((element) => !reached.has(element))
      .filter((element) => {
        const group = element.closest(groups);
        return group === null || ![...reached].some((other) => other !== undefined && group.contains(other));
      })
      .map((element) => element.outerHTML.slice(0, 160));
  }, visited);
}

/** Roles that a person uses: each needs a name. */
const USABLE =
  /^\s*- '?(button|checkbox|combobox|dialog|grid|link|listbox|menu|menuitem|menuitemcheckbox|option|radio|radiogroup|searchbox|separator|slider|spinbutton|switch|tab|tablist|textbox|toolbar|tree|treeitem|progressbar|alertdialog)\b(?! ")(.*)$/;

/** What is wrong with names and ids in the page as it is now; empty when nothing is. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const snapshot = await page.locator('body').ariaSnapshot();
  const nameless = snapshot.split('\n').filter((line) => USABLE.test(line));
  const ids = await page.evaluate(() => {
    const all = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const twice = all.filter((id, index) => all.indexOf(id) !== index).map((id) => `the id ${id} is there twice`);
    const lost = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-activedescendant'].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].flatMap((element) =>
        (element.getAttribute(name) ?? '')
          .split(/\s+/)
          .filter((id) => id !== '' && document.getElementById(id) === null)
          .map((id) => `${name} leads to ${id}, which is not there: ${element.outerHTML.slice(0, 120)}`),
      ),
    );
    return [...twice, ...lost];
  });
  return [...nameless.map((line) => `no name:${line}`), ...ids];
}
