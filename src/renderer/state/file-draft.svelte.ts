/** A file to send: its path as typed, and what the engine says of it. */
import type { Client } from '../../rpc/client.ts';
import type { WireError } from '../../shared/errors.ts';

export class FileDraft {
  /** Bytes; null while it is not known. */
  size = $state<number | null>(null);
  error = $state.raw<WireError | null>(null);
  readonly #client: Client;
  /** Rises with each question, so that a late answer about another path counts for nothing. */
  #question = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Asks for the file's size; an empty path asks nothing. */
  async look(path: string): Promise<void> {
    const question = ++this.#question;
    this.error = null;
    this.size = null;
    if (path === '') return;
    const answer = await this.#client.call('file.stat', { path });
    if (question !== this.#question) return;
    if (answer.ok) this.size = answer.value.size;
    else this.error = answer.error;
  }

  /** @returns the path that the person chose in the system's dialog, or null */
  async choose(): Promise<string | null> {
    const answer = await this.#client.call('file.choose', {});
    if (answer.ok) return answer.value.path;
    this.error = answer.error;
    return null;
  }
}
