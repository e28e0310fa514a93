/** What a person does with the rows of a message list besides reading: copy the selected ones, go to one by number or time. */
import type { Client } from '../../rpc/client.ts';
import type { RowRange } from '../../shared/contract.ts';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { parsePlace } from '../format/row-place.ts';
import { formatCount, formatExactSize } from '../format/size.ts';
import type { MenuItem } from '../components/menu-item.ts';
import { copyForms, copyRows, type CopyForm } from './copy-rows.ts';
import type { RowSpan } from './message-selection.svelte.ts';
import type { Scheduler } from './scheduler.ts';

/** How long the list says what was copied, ms. */
const SAID_MS = 6000;

export interface RowActionsOptions {
  readonly client: Client;
  readonly session: () => string | null;
  readonly view: () => number | null;
  /** Rows of the whole session. */
  readonly whole: () => RowRange;
  /** Wall clock at time 0, ms since 1970. */
  readonly startedAt: () => number;
  readonly span: () => RowSpan | null;
  /** Puts the payload of the one selected row on the clipboard. @returns its length in bytes; null: it has none */
  readonly copyPayload: () => Promise<Outcome<number | null>>;
  readonly selectAll: () => void;
  /** The connection of the selected row, when others are listed beside it; else null. */
  readonly otherPeer: () => number | null;
  readonly showOnly: (peer: number) => void;
  /** Selects a row and brings it into the middle. */
  readonly show: (row: number) => void;
  readonly scheduler: Scheduler;
}

export class RowActions {
  /** What was done last, in words, for a while. */
  said = $state('');
  /** True while the field of "Go to" is shown. */
  isGoing = $state(false);
  readonly #options: RowActionsOptions;
  #cancelSaid: (() => void) | null = null;

  constructor(options: RowActionsOptions) {
    this.#options = options;
  }

  /** How many rows are selected. */
  get selected(): number {
    const span = this.#options.span();
    return span === null ? 0 : span.to - span.from + 1;
  }

  /** What the copy key does: the payload of one row, or a line for each of several. */
  async copy(): Promise<void> {
    if (this.selected <= 1) {
      const copied = await this.#options.copyPayload();
      if (!copied.ok || copied.value !== null) {
        this.#say(copied.ok ? `${formatExactSize(copied.value ?? 0)} copied as text` : sentence(copied.error));
        return;
      }
    }
    await this.copyAs('text');
  }

  async copyAs(form: CopyForm): Promise<void> {
    const { client, view, span } = this.#options;
    const session = this.#options.session();
    const rows = span();
    if (session === null || rows === null) return;
    const copied = await copyRows(client, { session, view: view() }, rows, form);
    this.#say(copied.ok ? copied.value : sentence(copied.error));
  }

  get #peerItems(): readonly MenuItem[] {
    const peer = this.#options.otherPeer();
    if (peer === null) return [];
    return [
      {
        label: 'Only this connection',
        onselect: () => {
          this.#options.showOnly(peer);
        },
      },
    ];
  }

  /** Lines of the menu of the selected rows. */
  readonly menu = $derived.by<readonly MenuItem[]>(() => [
    ...copyForms.map(({ form, label, hint }) => ({
      label,
      hint,
      disabled: this.selected === 0,
      onselect: () => void this.copyAs(form),
    })),
    { type: 'separator' },
    ...this.#peerItems,
    {
      label: 'Select all rows',
      shortcut: 'Mod+A',
      onselect: () => {
        this.#options.selectAll();
      },
    },
    {
      label: 'Go to…',
      shortcut: 'Mod+G',
      onselect: () => {
        this.isGoing = true;
      },
    },
  ]);

  /**
   * Selects the row with a number or at a time, as typed, and brings it into the middle.
   * @param until wall clock up to which rows can be, ms since 1970; null: not known
   * @returns its row number in the view; error `bad-request` with what can be typed
   */
  async goTo(typed: string, until: number | null): Promise<Outcome<number>> {
    const { client, view, whole, startedAt, show } = this.#options;
    const session = this.#options.session();
    const { first, end } = whole();
    if (session === null || end === first) return failure('not-found', 'There are no rows yet.');
    const at = parsePlace(typed, startedAt(), until);
    if (!at.ok) return at;
    if ('seq' in at.value && at.value.seq >= end) {
      return failure('bad-request', `Rows run from ${formatCount(first)} to ${formatCount(end - 1)}.`);
    }
    const asked = view();
    const found = await client.call('row.find', { session, view: asked, at: at.value });
    if (!found.ok) return found;
    const { row } = found.value;
    if (row === null) return failure('not-found', 'No row passes the filter.');
    // Meanwhile the filter may have become another one, in which this number means nothing.
    if (asked !== view()) return failure('cancelled', 'The filter has changed meanwhile.', 'Try again.');
    show(row);
    return success(row);
  }

  #say(text: string): void {
    this.#cancelSaid?.();
    this.said = text;
    this.#cancelSaid = this.#options.scheduler.later(SAID_MS, () => {
      this.said = '';
    });
  }
}

/** The field of "Go to": what is typed and what is wrong with it. */
export class GoToField {
  text = $state('');
  error = $state.raw<WireError | null>(null);
  readonly #actions: RowActions;
  readonly #until: () => number | null;

  constructor(actions: RowActions, until: () => number | null) {
    this.#actions = actions;
    this.#until = until;
  }

  type(text: string): void {
    this.text = text;
    this.error = null;
  }

  /** @returns true when it went there; then the field is closed */
  async submit(): Promise<boolean> {
    const gone = await this.#actions.goTo(this.text, this.#until());
    this.error = gone.ok ? null : gone.error;
    if (gone.ok) this.#actions.isGoing = false;
    return gone.ok;
  }
}
