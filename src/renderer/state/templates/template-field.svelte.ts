/** Placeholders in a field: what is marked, what the pointer is on, and what could complete the one being typed. */
import { completionAt, hintOf, marksOf, unknownWords, type Hint, type Mark, type Scope } from './template-marks.ts';

export type FieldElement = HTMLInputElement | HTMLTextAreaElement;

export interface TemplateFieldSource {
  readonly element: () => FieldElement | null;
  readonly text: () => string;
  readonly scope: () => Scope;
}

export class TemplateField {
  readonly #source: TemplateFieldSource;
  /** Place of the caret in the text; null while the field has not the focus, or something is selected. */
  caret = $state<number | null>(null);
  /** Number of the mark that the pointer is on. */
  hovered = $state<number | null>(null);
  /** Which option of the completion is chosen. */
  index = $state(0);
  /** True after Escape, until something is typed. */
  isDismissed = $state(true);

  constructor(source: TemplateFieldSource) {
    this.#source = source;
  }

  readonly marks = $derived.by<readonly Mark[]>(() => marksOf(this.#source.text(), this.#source.scope()));
  readonly unknown = $derived.by(() => unknownWords(this.marks));

  readonly completion = $derived.by(() => {
    const { caret } = this;
    return caret === null || this.isDismissed ? null : completionAt(this.#source.text(), caret, this.#source.scope());
  });

  readonly hint = $derived.by<Hint | null>(() => {
    const mark = this.hovered === null ? undefined : this.marks[this.hovered];
    return mark === undefined ? null : hintOf(mark, this.#source.scope());
  });

  /** Something was typed: what fits is offered. */
  typed(): void {
    this.index = 0;
    this.isDismissed = false;
    this.hovered = null;
    this.placed();
  }

  /** The caret may be elsewhere. */
  placed(): void {
    const element = this.#source.element();
    const hasFocus = element !== null && element.ownerDocument.activeElement === element;
    const { selectionStart = null, selectionEnd = null } = element ?? {};
    this.caret = hasFocus && selectionStart === selectionEnd ? selectionStart : null;
    if (this.caret === null) this.isDismissed = true;
  }

  /** A key while something is offered. @returns whether it was for the offer */
  key(key: string): boolean {
    const { completion } = this;
    if (completion === null) return false;
    const count = completion.options.length;
    switch (key) {
      case 'ArrowDown':
        this.index = (this.index + 1) % count;
        return true;
      case 'ArrowUp':
        this.index = (this.index + count - 1) % count;
        return true;
      case 'Enter':
      case 'Tab':
        this.accept(this.index);
        return true;
      case 'Escape':
        this.isDismissed = true;
        return true;
      default:
        return false;
    }
  }

  /** Puts an option into the field, as if it was typed. */
  accept(index: number): void {
    const { completion } = this;
    const element = this.#source.element();
    const option = completion?.options[index];
    if (completion === null || element === null || option === undefined) return;
    element.focus();
    element.setRangeText(option.insert, completion.start, completion.end, 'end');
    element.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
    this.isDismissed = true;
  }
}
