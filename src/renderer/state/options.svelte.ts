/** The options form of a protocol: fields in groups, what was typed in them, and what is wrong with it. */
import {
  defaultOptions,
  optionProblem,
  type Field,
  type NumberField,
  type Options,
  type OptionValue,
  type Spec,
} from '../../drivers/spec.ts';

export interface OptionsSource {
  readonly fields: () => readonly Field[];
  readonly values: () => Options;
  readonly change: (id: string, value: OptionValue) => void;
}

/** Options of a document that the spec still knows; the rest are defaults. */
export function knownOptions(spec: Spec, saved: Options): Options {
  const defaults = defaultOptions(spec);
  return Object.fromEntries(Object.entries(defaults).map(([id, value]) => [id, saved[id] ?? value]));
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** Digits that a number holds exactly. */
const wholeNumber = /^[+-]?\d{1,15}$/;

function grouped(fields: readonly Field[]): FieldGroup[] {
  const groups = new Map<string, Field[]>();
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
  return Array.from(groups, ([title, members]) => ({ title, fields: members }));
}

export class OptionsForm {
  readonly #source: OptionsSource;
  readonly groups = $derived.by(() => grouped(this.#source.fields()));
  /** How many options differ from their defaults. */
  readonly changedCount = $derived.by(() => this.#source.fields().filter((field) => this.isChanged(field)).length);

  constructor(source: OptionsSource) {
    this.#source = source;
  }

  value(field: Field): OptionValue {
    const value = this.#source.values()[field.id];
    return value === undefined ? field.default : value;
  }

  /** The text of a field; nothing is ''. */
  text(field: Field): string {
    const value = this.value(field);
    return value === null ? '' : String(value);
  }

  problem(field: Field): string | null {
    return optionProblem(field, this.value(field));
  }

  isChanged(field: Field): boolean {
    return this.value(field) !== field.default;
  }

  set(field: Field, value: OptionValue): void {
    this.#source.change(field.id, value);
  }

  /**
   * Takes what was typed for a number. What is no number is kept as text: the
   * field says that it is wrong, and so does the engine when asked to open.
   */
  typeNumber(field: NumberField, typed: string): void {
    const text = typed.trim();
    if (text === '') this.set(field, null);
    else this.set(field, wholeNumber.test(text) ? Number(text) : text);
  }

  reset(field: Field): void {
    this.set(field, field.default);
  }

  resetAll(): void {
    for (const field of this.#source.fields()) if (this.isChanged(field)) this.reset(field);
  }
}
