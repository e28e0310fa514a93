/** The workspace in its storage. */
import { success, type Outcome } from '../shared/errors.ts';
import { WORKSPACE_BYTES } from '../shared/limits.ts';
import { emptyWorkspace, workspaceSchema, type Workspace } from '../shared/workspace.ts';
import { DocumentStore } from './document-store.ts';
import type { DocumentStorage } from './storage.ts';

export interface LoadedWorkspace {
  readonly workspace: Workspace;
  /** What a person should know, or null: a broken document was set aside. */
  readonly notice: string | null;
}

export class WorkspaceStore {
  readonly #store: DocumentStore<Workspace>;

  constructor(storage: DocumentStorage) {
    this.#store = new DocumentStore(storage, {
      schema: workspaceSchema,
      empty: emptyWorkspace,
      limit: WORKSPACE_BYTES,
      name: 'The workspace',
      content: 'The saved tabs',
      remedy: 'Close tabs with very long drafts.',
      instead: 'no tabs',
      refrains: 'saves none',
    });
  }

  /** Error: `storage-failed` when the disk does not let it be read. */
  async load(): Promise<Outcome<LoadedWorkspace>> {
    const loaded = await this.#store.load();
    return loaded.ok ? success({ workspace: loaded.value.document, notice: loaded.value.notice }) : loaded;
  }

  /** Errors: `storage-failed` when it is too large, or when there is one that could not be read; else those of the file system. */
  save(workspace: Workspace): Promise<Outcome> {
    return this.#store.save(workspace);
  }

  /** Resolves when everything that was asked for is done. */
  idle(): Promise<void> {
    return this.#store.idle();
  }
}
