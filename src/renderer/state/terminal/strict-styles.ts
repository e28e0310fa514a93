/**
 * xterm.js styles by `<style>` elements and, when it draws without WebGL, by `style` attributes. Our content security
 * policy refuses both, and rightly so; style sheets and styles that a script makes by CSSOM are allowed (CSP Level 3,
 * §6.1.14; CSSOM §6.2), so that this turns the ones into the others.
 */

/** Runs what makes `<style>` elements: each becomes a style sheet of the document, as long as it is not removed. */
export function withStyleSheets<T>(run: () => T): T {
  const create = (name: string): HTMLElement => document.createElementNS('http://www.w3.org/1999/xhtml', name);
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (name: string) => (name === 'style' ? sheetElement(create('template')) : create(name)),
  });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

let hasStyles = false;

/** From now on `setAttribute('style', …)` of a `<span>` sets its style, as `style.cssText = …` does. */
export function allowSpanStyles(): void {
  if (hasStyles) return;
  hasStyles = true;
  Object.defineProperty(HTMLSpanElement.prototype, 'setAttribute', {
    configurable: true,
    writable: true,
    value(this: HTMLSpanElement, name: string, value: string) {
      if (name === 'style') this.style.cssText = value;
      else Element.prototype.setAttribute.call(this, name, value);
    },
  });
}

/** An element that draws nothing; its text is a style sheet. */
function sheetElement(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperties(element, {
    textContent: {
      set: (text: string) => {
        sheet.replaceSync(text);
      },
    },
    remove: {
      value: () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
        HTMLElement.prototype.remove.call(element);
      },
    },
  });
  return element;
}
