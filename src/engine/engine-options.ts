/** What a host gives to the engine that it runs. */
import type { DriverModule } from '../drivers/driver.ts';
import type { SecretCipher } from './environments/secret-vault.ts';
import type { LibraryOptions } from './library/library-types.ts';
import type { WorkspaceOptions } from './presets/workspaces.ts';
import type { DocumentStorage } from './storage.ts';

export interface EngineOptions {
  readonly drivers: readonly DriverModule[];
  /** Where the workspace is kept. */
  readonly storage: DocumentStorage;
  /** Where settings are kept; in memory when there is none. */
  readonly settings?: DocumentStorage;
  readonly version: string;
  /** What the engine runs in, for people: "Electron 45.4.1". */
  readonly runtime: string;
  /** Lets the person choose a file; resolves with its path or null. Absent where the host has no dialogs. */
  readonly chooseFile?: () => Promise<string | null>;
  /** Lets the person choose a folder; resolves with its path or null. Absent where the host has no dialogs. */
  readonly chooseFolder?: () => Promise<string | null>;
  /** Asks where to save a file of this name. Absent where the host has no dialogs. */
  readonly chooseSave?: (name: string) => Promise<string | null>;
  /** Shows a file or folder in the system's file manager. Absent where the host cannot. */
  readonly reveal?: (path: string) => void;
  /** Where recordings are kept; without it, sessions keep their newest part in memory. What is optional is for tests. */
  readonly recordings?: Pick<LibraryOptions, 'folder' | 'files' | 'sizes' | 'undoMs'>;
  /** Folders of presets. Without it there are none. */
  readonly workspaces?: WorkspaceOptions;
  /** Entry files of the worker threads. Without them filters and imports run among everything else, and nothing can be exported. */
  readonly workers?: { readonly scan: string | URL; readonly export: string | URL; readonly import?: string | URL };
  /** Where secrets are kept, and what encrypts them; in memory when there is neither. */
  readonly secrets?: { readonly storage: DocumentStorage; readonly cipher: SecretCipher | null };
  /** Bugs, for the log. */
  readonly report?: (bug: unknown) => void;
}
