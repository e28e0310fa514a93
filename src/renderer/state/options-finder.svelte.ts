/** Finding one of many options: by words, by whether it was changed, by its group. */
import type { Field } from '../../drivers/spec.ts';
import type { FieldGroup, OptionsForm } from './options.svelte.ts';

/** From so many options on, looking through them takes a while. */
const MANY_OPTIONS = 12;

export interface GroupEntry {
  readonly title: string;
  /** How many of its options differ from their defaults. */
  readonly changed: number;
}

export class OptionsFinder {
  query = $state('');
  onlyChanged = $state(false);
  readonly #form: OptionsForm;

  constructor(form: OptionsForm) {
    this.#form = form;
  }

  /** Whether there are so many that an index helps. */
  readonly isNeeded = $derived.by(() => {
    const { groups } = this.#form;
    return groups.length > 2 && groups.reduce((sum, { fields }) => sum + fields.length, 0) > MANY_OPTIONS;
  });

  readonly #words = $derived(
    this.query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
  );

  get isNarrowed(): boolean {
    return this.#words.length > 0 || this.onlyChanged;
  }

  /** Those in which something is found, with nothing else in them. */
  readonly groups = $derived.by<readonly FieldGroup[]>(() => {
    if (!this.isNarrowed) return this.#form.groups;
    return this.#form.groups
      .map(({ title, fields }) => ({ title, fields: fields.filter((field) => this.#has(title, field)) }))
      .filter(({ fields }) => fields.length > 0);
  });

  readonly index = $derived.by<readonly GroupEntry[]>(() =>
    this.groups.map(({ title, fields }) => {
      return { title, changed: fields.filter((field) => this.#form.isChanged(field)).length };
    }),
  );

  clear(): void {
    this.query = '';
    this.onlyChanged = false;
  }

  #has(group: string, field: Field): boolean {
    if (this.onlyChanged && !this.#form.isChanged(field)) return false;
    const choices = field.type === 'choice' ? field.choices.map(({ label }) => label) : [];
    const text = [group, field.label, field.id, field.help, ...choices].join(' ').toLowerCase();
    return this.#words.every((word) => text.includes(word));
  }
}
