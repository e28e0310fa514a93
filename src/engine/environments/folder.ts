/** What environments need of the workspace folder (engine/presets has it). Places are paths inside of it, divided by `/`. */
import type { Outcome } from '../../shared/errors.ts';

export interface EnvironmentFiles {
  /** Names of everything in a folder. Errors: `file-not-found`, `storage-failed`. */
  names(folder: string): Promise<Outcome<readonly string[]>>;
  /** Error `file-not-found`. */
  locate(place: string): Promise<Outcome<string>>;
  /** Another content has another revision. Errors: `file-not-found`, `storage-failed`, `bad-preset`. */
  read(place: string): Promise<Outcome<{ readonly text: string; readonly revision: string }>>;
  /** All or nothing. Error `conflict` when the file is not that of `base`; null: whatever is there is replaced, also nothing. */
  write(place: string, text: string, base: string | null): Promise<Outcome<{ readonly revision: string }>>;
  /** A new file, named after `name`. */
  create(
    folder: string,
    name: string,
    text: string,
  ): Promise<Outcome<{ readonly path: string; readonly revision: string }>>;
  /** @returns what `restore` takes */
  remove(place: string): Promise<Outcome<string>>;
  /** @returns where it is again */
  restore(undo: string): Promise<Outcome<string>>;
}

export interface OpenFolder {
  /** Its path, by which secrets are kept apart. */
  readonly root: string;
  readonly files: EnvironmentFiles;
}

export interface Folders {
  /** The folder that is open. */
  current(): Promise<OpenFolder>;
  /** In the folder that is open; null: none. */
  chosenEnvironment(): Promise<string | null>;
  chooseEnvironment(place: string | null): Promise<Outcome>;
  /** Another folder is open. */
  readonly onOpened: { add(listener: () => void): () => void };
  /** Something in it has changed. */
  readonly onDisk: { add(listener: () => void): () => void };
}
