/** Where the text of a field stands, for something that is drawn behind it: place, size, type and scroll of the field. */
import type { FieldElement, TemplateField } from './template-field.svelte.ts';

/** Properties that say where text stands. One by one: not every font can be said by the short form. */
const placing = [
  ...['family', 'size', 'stretch', 'style', 'weight', 'feature-settings', 'variant-ligatures'].map(
    (name) => `font-${name}`,
  ),
  ...['letter-spacing', 'line-height', 'overflow-wrap', 'padding', 'tab-size', 'text-indent'],
];

export class FieldMirror {
  /** Of the field inside of its border, px of the positioned element around it. */
  box = $state.raw({ left: 0, top: 0, width: 0, height: 0 });
  /** How far the text is scrolled, px. */
  scroll = $state.raw({ left: 0, top: 0 });
  /** Declarations of CSS. */
  look = $state('');
  isBlock = $state(false);

  /** Reads it anew. */
  measure(from: FieldElement): void {
    const style = getComputedStyle(from);
    const isBlock = from instanceof HTMLTextAreaElement;
    const names = isBlock ? [...placing, 'white-space'] : placing;
    this.look = names.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';');
    this.isBlock = isBlock;
    this.box = {
      left: from.offsetLeft + from.clientLeft,
      top: from.offsetTop + from.clientTop,
      width: from.clientWidth,
      height: from.clientHeight,
    };
    this.#scrolled(from);
  }

  /**
   * Follows a field, and tells what is typed and where the caret is.
   * @param onmove called when the pointer moves over it
   * @returns ends that
   */
  follow(from: FieldElement, field: TemplateField, onmove: (event: MouseEvent) => void): () => void {
    const ending = new AbortController();
    const { signal } = ending;
    const listen = (type: string, run: (event: Event) => void, capture = false): void => {
      from.addEventListener(type, run, { signal, capture });
    };
    const placed = (): void => {
      field.placed();
      this.#scrolled(from);
    };
    listen('scroll', () => {
      this.#scrolled(from);
    });
    listen('input', () => {
      field.typed();
      this.#scrolled(from);
    });
    for (const type of ['keyup', 'click', 'focus']) listen(type, placed);
    // Also when the field is being taken out of the document, where nothing may be changed.
    listen('blur', () => {
      queueMicrotask(() => {
        if (!signal.aborted) placed();
      });
    });
    listen('mouseleave', () => (field.hovered = null));
    listen('mousemove', (event) => {
      if (event instanceof MouseEvent) onmove(event);
    });
    const onkeydown = (event: Event): void => {
      if (!(event instanceof KeyboardEvent) || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !field.key(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the field's own keys: Enter takes what is offered, and opens nothing.
    listen('keydown', onkeydown, true);
    const observer = new ResizeObserver(() => {
      this.measure(from);
    });
    observer.observe(from);
    this.measure(from);
    return () => {
      ending.abort();
      observer.disconnect();
    };
  }

  #scrolled(from: FieldElement): void {
    this.scroll = { left: from.scrollLeft, top: from.scrollTop };
  }
}
