/** An action that asks for something before it is done: the payload of a ping, the code of a close. */
import { defaultsOf, optionProblem, type ActionSpec, type Options } from '../../drivers/spec.ts';
import type { Outcome, WireError } from '../../shared/errors.ts';
import { OptionsForm } from './options.svelte.ts';

/** Of each action, by its id, what was given last. */
export type LastValues = Readonly<Record<string, Options>>;

export interface AskedActionSource {
  readonly last: LastValues;
  readonly run: (action: string, peer: number | null, values: Options) => Promise<Outcome<unknown>>;
}

export class AskedAction {
  readonly form: OptionsForm;
  /** What is asked for now, or was last: its dialog is still there while it goes away. */
  action = $state.raw<ActionSpec | null>(null);
  /** Whom it is about, in words; empty for the only connection. */
  whom = $state('');
  isOpen = $state(false);
  isRunning = $state(false);
  error = $state.raw<WireError | null>(null);
  last = $state.raw<LastValues>({});
  readonly #run: AskedActionSource['run'];
  #values = $state.raw<Options>({});
  #peer: number | null = null;

  constructor({ last, run }: AskedActionSource) {
    this.#run = run;
    this.last = last;
    this.form = new OptionsForm({
      fields: () => this.action?.fields ?? [],
      values: () => this.#values,
      change: (id, value) => {
        this.#values = { ...this.#values, [id]: value };
        this.error = null;
      },
    });
  }

  /** Opens the dialog, with what was given last. @param peer null: the session, or every connection */
  ask(action: ActionSpec, peer: number | null, whom: string): void {
    const fields = action.fields ?? [];
    const known = new Set<string>(fields.map(({ id }) => id));
    const before = Object.entries(this.last[action.id] ?? {}).filter(([id]) => known.has(id));
    this.#values = { ...defaultsOf(fields), ...Object.fromEntries(before) };
    this.#peer = peer;
    this.action = action;
    this.whom = whom;
    this.error = null;
    this.isOpen = true;
  }

  /** Whether every field holds what it may. */
  get isValid(): boolean {
    return (this.action?.fields ?? []).every((field) => optionProblem(field, this.form.value(field)) === null);
  }

  /** Does it. The dialog stays while it is refused, with the reason. */
  async confirm(): Promise<void> {
    const { action } = this;
    if (action === null || this.isRunning || !this.isValid) return;
    const values = this.#values;
    this.isRunning = true;
    const outcome = await this.#run(action.id, this.#peer, values);
    this.isRunning = false;
    if (!outcome.ok) {
      this.error = outcome.error;
      return;
    }
    this.last = { ...this.last, [action.id]: values };
    this.isOpen = false;
  }
}
