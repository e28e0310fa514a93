/** A frame that a person puts together, right or wrong: its fields, and the bytes that would go out. */
import { defaultsOf, optionProblem, type Field, type Options, type OptionValue } from '../../drivers/spec.ts';
import { frameWrites } from '../../drivers/websocket/frame-values.ts';
import { failure, type Outcome, type WireError } from '../../shared/errors.ts';
import { OptionsForm } from './options.svelte.ts';

export interface FrameDraftSource {
  readonly fields: readonly Field[];
  /** Fields that differ from their defaults. */
  readonly values: () => Options;
  readonly change: (values: Options) => void;
}

/** Stands for the masking key, which nobody knows before the frame is sent. */
const KEY_SHOWN = 0;

export class FrameDraft {
  readonly fields: readonly Field[];
  readonly form: OptionsForm;
  readonly #source: FrameDraftSource;

  constructor(source: FrameDraftSource) {
    this.#source = source;
    this.fields = source.fields;
    this.form = new OptionsForm({
      fields: () => source.fields,
      values: source.values,
      change: (id, value) => {
        this.#change(id, value);
      },
    });
  }

  /** All fields. */
  get values(): Options {
    return { ...defaultsOf(this.fields), ...this.#source.values() };
  }

  readonly #made = $derived.by<{ readonly writes: Outcome<readonly Uint8Array[]>; readonly hasKey: boolean }>(() => {
    const { values } = this;
    for (const field of this.fields) {
      const problem = optionProblem(field, values[field.id] ?? null);
      if (problem === null) continue;
      return { writes: failure('bad-message', `${problem}.`, '', { field: field.id }), hasKey: false };
    }
    let hasKey = false;
    const writes = frameWrites(values, () => {
      hasKey = true;
      return KEY_SHOWN;
    });
    return { writes, hasKey };
  });

  /** The writes that go out; with a masking key of zeros where `hasMadeUpKey`. */
  get writes(): Outcome<readonly Uint8Array[]> {
    return this.#made.writes;
  }

  /** Whether the masking key is made up when the frame is sent. */
  get hasMadeUpKey(): boolean {
    return this.#made.hasKey;
  }

  get error(): WireError | null {
    return this.writes.ok ? null : this.writes.error;
  }

  get byteCount(): number | null {
    return this.writes.ok ? this.writes.value.reduce((sum, { length }) => sum + length, 0) : null;
  }

  #change(id: string, value: OptionValue): void {
    const field = this.fields.find((one) => one.id === id);
    const others = Object.entries(this.#source.values()).filter(([name]) => name !== id);
    const isDefault = field?.default === value;
    this.#source.change(Object.fromEntries(isDefault ? others : [...others, [id, value]]));
  }
}
