/** The messages that are kept with a tab, and in the file of its preset once it is saved. */
import { PRESET_NAME_CHARACTERS, SAVED_MESSAGES } from '../../../shared/preset-limits.ts';
import type { SavedMessage } from '../../../shared/preset.ts';
import { UNDO_MS } from '../../../shared/limits.ts';
import type { Notices } from '../notices.svelte.ts';

/** `key` stays the same while the message is renamed and moved. */
export interface KeptMessage {
  readonly key: number;
  readonly message: SavedMessage;
}

/** Characters of the beginning of a message that it is called by until it has a name. */
const NAME_FROM_CONTENT = 24;

/** What a message goes by: its name, else its beginning. */
export function messageName(message: SavedMessage): string {
  if (message.name !== '') return message.name;
  const begin = message.content.trim().replaceAll(/\s+/g, ' ');
  if (begin === '') return message.format;
  return begin.length > NAME_FROM_CONTENT ? `${begin.slice(0, NAME_FROM_CONTENT - 1)}…` : begin;
}

export class SavedMessages {
  list = $state.raw<readonly KeptMessage[]>([]);
  /** The one that was taken into the composer last. */
  loaded = $state<number | null>(null);
  /** The one whose name is being typed. */
  renaming = $state<number | null>(null);
  readonly #notices: Notices;
  #next = 1;

  constructor(notices: Notices, messages: readonly SavedMessage[]) {
    this.#notices = notices;
    this.set(messages);
  }

  get values(): SavedMessage[] {
    return this.list.map(({ message }) => message);
  }

  get isFull(): boolean {
    return this.list.length >= SAVED_MESSAGES;
  }

  set(messages: readonly SavedMessage[]): void {
    this.list = messages.map((message) => ({ key: this.#next++, message }));
    this.loaded = null;
    this.renaming = null;
  }

  /** Keeps a message, behind the others, and lets its name be typed. */
  add(message: SavedMessage): void {
    if (this.isFull) return;
    const key = this.#next++;
    this.list = [...this.list, { key, message }];
    this.loaded = key;
    this.renaming = key;
  }

  rename(key: number, name: string): void {
    this.#change(key, (message) => ({ ...message, name: name.trim().slice(0, PRESET_NAME_CHARACTERS) }));
  }

  /** Takes another content under the same name. */
  replace(key: number, content: SavedMessage): void {
    this.#change(key, ({ name }) => ({ ...content, name }));
    this.loaded = key;
  }

  remove(key: number): void {
    const index = this.list.findIndex((item) => item.key === key);
    const removed = this.list[index];
    if (removed === undefined) return;
    this.list = this.list.filter((item) => item.key !== key);
    this.#notices.show(`Removed the message ${messageName(removed.message)}.`, {
      stay: UNDO_MS,
      action: {
        label: 'Undo',
        run: () => {
          if (!this.isFull) this.list = [...this.list.slice(0, index), removed, ...this.list.slice(index)];
        },
      },
    });
  }

  move(key: number, to: number): void {
    const moved = this.list.find((item) => item.key === key);
    if (moved === undefined) return;
    const others = this.list.filter((item) => item.key !== key);
    const place = Math.max(0, Math.min(to, others.length));
    this.list = [...others.slice(0, place), moved, ...others.slice(place)];
  }

  #change(key: number, change: (message: SavedMessage) => SavedMessage): void {
    this.list = this.list.map((item) => (item.key === key ? { key, message: change(item.message) } : item));
  }
}
