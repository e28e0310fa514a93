/**
 * The workspace in its storage. What is found there and is none is set aside,
 * and an empty one comes out: the application always opens. What cannot be
 * read at all may be a good one: it stays, and nothing is saved over it.
 */
import { failure, success, type Outcome, type WireError } from '../shared/errors.ts';
import { WORKSPACE_BYTES } from '../shared/limits.ts';
import { emptyWorkspace, workspaceSchema, type Workspace } from '../shared/workspace.ts';
import type { DocumentStorage } from './storage.ts';

export interface LoadedWorkspace {
  readonly workspace: Workspace;
  /** What a person should know, or null: a broken document was set aside. */
  readonly notice: string | null;
}

export class WorkspaceStore {
  readonly #storage: DocumentStorage;
  /** Reading and writing one after the other, in the order in which they were asked for. */
  #queue: Promise<unknown> = Promise.resolve();
  /** A broken document is still in its place: it must not be overwritten. */
  #mustSetAside = false;
  /** Why the document could not be read when that was last tried. */
  #unread: WireError | null = null;

  constructor(storage: DocumentStorage) {
    this.#storage = storage;
  }

  /** Error: `storage-failed` when the disk does not let it be read. */
  load(): Promise<Outcome<LoadedWorkspace>> {
    return this.#inTurn(async () => {
      const found = await this.#storage.read(WORKSPACE_BYTES);
      this.#unread = found.ok ? null : found.error;
      if (!found.ok) return found;
      switch (found.value.type) {
        case 'none':
          return success({ workspace: emptyWorkspace(), notice: null });
        case 'unfit':
          return success(await this.#broken(found.value.reason));
        case 'text': {
          const parsed = parse(found.value.text);
          return success(
            parsed.ok ? { workspace: parsed.value, notice: null } : await this.#broken(parsed.error.message),
          );
        }
      }
    });
  }

  /** Errors: `storage-failed` when it is too large, or when there is one that could not be read; else those of the file system. */
  save(workspace: Workspace): Promise<Outcome> {
    return this.#inTurn(async () => {
      const text = `${JSON.stringify(workspace, null, 1)}\n`;
      const size = Buffer.byteLength(text);
      if (size > WORKSPACE_BYTES) {
        const message = `The workspace was not saved: it has ${size} bytes, and at most ${WORKSPACE_BYTES} are kept.`;
        return failure('storage-failed', message, 'Close tabs with very long drafts.');
      }
      if (this.#unread !== null) {
        const message = `The workspace was not saved, because the saved one could not be read. ${this.#unread.message}`;
        return failure('storage-failed', message, 'When it can be read again, reload the window.');
      }
      if (this.#mustSetAside) {
        const aside = await this.#setAside();
        if (!aside.ok) return aside;
      }
      return this.#storage.write(text);
    });
  }

  /** Resolves when everything that was asked for is done. */
  async idle(): Promise<void> {
    await this.#queue;
  }

  async #broken(reason: string): Promise<LoadedWorkspace> {
    const aside = await this.#setAside();
    this.#mustSetAside = !aside.ok;
    const what = `The saved tabs could not be read. ${reason}`;
    const then = aside.ok
      ? `The file was set aside as ${aside.value}, and Wirebench starts with no tabs.`
      : `${aside.error.message} Wirebench starts with no tabs, and saves none until the file is out of the way.`;
    return { workspace: emptyWorkspace(), notice: `${what} ${then}` };
  }

  async #setAside(): Promise<Outcome<string>> {
    // Colons and dots are for other uses in file names.
    const aside = await this.#storage.setAside(`broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
    if (aside.ok) this.#mustSetAside = false;
    return aside;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

function parse(text: string): Outcome<Workspace> {
  try {
    const document: unknown = JSON.parse(text);
    const parsed = workspaceSchema.safeParse(document);
    if (parsed.success) return success(parsed.data);
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
    return failure('storage-failed', `It is not a workspace: ${issue?.message ?? 'unknown'}${where}.`);
  } catch {
    return failure('storage-failed', 'It is not JSON.');
  }
}
