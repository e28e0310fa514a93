/** What a host gives to the engine that it runs. */
import type { DriverModule } from '../drivers/driver.ts';
import type { AppCommand } from '../shared/app-commands.ts';
import type { Handover } from '../shared/app-contract.ts';
import type { SecretCipher } from './environments/secret-vault.ts';
import type { Downloads } from './export/downloads.ts';
import type { LibraryOptions } from './library/library-types.ts';
import type { WorkspaceOptions } from './presets/workspaces.ts';
import type { DocumentStorage } from './storage.ts';

/** The desktop application that a window belongs to. */
export interface DesktopHost {
  /** Files and links that it was asked to open. */
  readonly handovers: {
    /** Told when something has come. */
    readonly onWaiting: Set<() => void>;
    /** Everything that waits: each once. */
    take(): { handovers: Handover[]; dropped: number };
  };
  /** Shows an address and, if the person wants, opens it in another program. Null: it is of a kind that is never opened. */
  readonly openAddress: (address: string) => Promise<boolean | null>;
  /** Listens to its menu. @returns ends that */
  readonly onCommand: (listener: (command: AppCommand) => void) => () => void;
}

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
  /** Where exports wait for the browser to fetch them. Absent where the window is in no browser. */
  readonly downloads?: Downloads;
  /** Shows a file or folder in the system's file manager. Absent where the host cannot. */
  readonly reveal?: (path: string) => void;
  /** Absent where the window stands alone, in a browser. */
  readonly desktop?: DesktopHost;
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
