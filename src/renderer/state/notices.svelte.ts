/** Short notices at the foot of the window, some with one thing to do about them (Undo). */

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'calm' | 'bad';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

interface NoticeOptions {
  readonly tone?: Notice['tone'];
  readonly action?: Notice['action'];
  /** How long it stays, ms. */
  readonly stay?: number;
  /** Called when it goes without its action having been taken. */
  readonly gone?: () => void;
}

const STAY_MS = 6000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #gone = new Map<number, () => void>();

  /** @returns the notice's number, for `dismiss` */
  show(text: string, { tone = 'calm', action = null, stay = STAY_MS, gone }: NoticeOptions = {}): number {
    const id = this.#next++;
    const run = action?.run;
    const once =
      action === null || run === undefined
        ? null
        : {
            label: action.label,
            run: () => {
              this.#gone.delete(id);
              this.dismiss(id);
              run();
            },
          };
    if (gone !== undefined) this.#gone.set(id, gone);
    this.list = [...this.list, { id, text, tone, action: once }];
    this.#timers.set(
      id,
      setTimeout(() => {
        this.dismiss(id);
      }, stay),
    );
    return id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((notice) => notice.id !== id);
    const gone = this.#gone.get(id);
    this.#gone.delete(id);
    gone?.();
  }
}
