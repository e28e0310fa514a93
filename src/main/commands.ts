/** Takes what is chosen in the native menu to the window. */
import type { AppCommand } from '../shared/app-commands.ts';

export class Commands {
  readonly #listeners = new Set<(command: AppCommand) => void>();

  /** @returns ends it */
  on(listener: (command: AppCommand) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  run(command: AppCommand): void {
    for (const listener of this.#listeners) listener(command);
  }
}
