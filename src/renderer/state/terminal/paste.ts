/** What is about to be pasted into a terminal: whether a person should look at it first. */

const ESC = '\x1b';

/** Controls but for tab and line breaks: they are keys, and may do anything. */
const control = new RegExp(`[\\x00-\\x08\\x0b\\x0c\\x0e-${ESC}\\x1c-\\x1f\\x7f-\\x9f]`, 'u');

/** The lines that would be sent. A line break at the end does not make one more. */
export function pasteLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/u);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Several lines would be sent one after another before anybody sees what the first has done; controls are keys. */
export function pasteNeedsAsking(text: string): boolean {
  return control.test(text) || pasteLines(text).length > 1;
}
