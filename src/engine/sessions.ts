/** All sessions of one engine, and what the handlers of its windows share. */
import { randomUUID } from 'node:crypto';
import type { DriverModule } from '../drivers/driver.ts';
import type { SessionConfig } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { DISPOSE_MS } from '../shared/limits.ts';
import { MemoryRecording } from './memory-recording.ts';
import type { Recording } from './recording.ts';
import { Session } from './session.ts';
import type { DocumentStorage } from './storage.ts';
import { Turns } from './turns.ts';
import { WorkspaceStore } from './workspace-store.ts';

export interface EngineOptions {
  readonly drivers: readonly DriverModule[];
  /** Where the workspace is kept. */
  readonly storage: DocumentStorage;
  readonly version: string;
  /** What the engine runs in, for people: "Electron 45.4.1". */
  readonly runtime: string;
  /** Lets the person choose a file; resolves with its path or null. Absent where the host has no dialogs. */
  readonly chooseFile?: () => Promise<string | null>;
  readonly createRecording?: () => Recording;
  /** Bugs, for the log. */
  readonly report?: (bug: unknown) => void;
}

export class Sessions {
  readonly options: EngineOptions;
  readonly workspace: WorkspaceStore;
  readonly turns = new Turns();
  /** Whoever holds something of a session lets go of it when the session is removed. */
  readonly onRemoved = new Set<(session: Session) => void>();
  readonly #sessions = new Map<string, Session>();
  #isDisposed = false;

  constructor(options: EngineOptions) {
    this.options = options;
    this.workspace = new WorkspaceStore(options.storage);
  }

  /** From the moment on at which the engine is to end. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  get live(): number {
    return this.all().filter((session) => !session.isOver).length;
  }

  report(bug: unknown): void {
    this.options.report?.(bug);
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  /** Error: `not-found`. */
  get(id: string): Outcome<Session> {
    const session = this.#sessions.get(id);
    return session === undefined ? failure('not-found', 'This session no longer exists.') : success(session);
  }

  /** Error: `not-found` when there is no driver for the protocol. */
  create(config: SessionConfig): Outcome<Session> {
    const module = this.options.drivers.find((driver) => driver.spec.id === config.protocol);
    if (module === undefined) {
      return failure('not-found', `There is no protocol "${config.protocol}".`, '', { field: 'protocol' });
    }
    if (this.#isDisposed) return failure('not-open', 'Wirebench is closing.');
    const recording = this.options.createRecording?.() ?? new MemoryRecording();
    // Random: a tab that was saved by an earlier engine must not find a session of this one.
    const session = new Session(randomUUID(), module, config, recording, (bug) => {
      this.report(bug);
    });
    this.#sessions.set(session.id, session);
    return success(session);
  }

  async remove(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    for (const listener of this.onRemoved) listener(session);
    await session.dispose();
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const all = Promise.all([this.workspace.idle(), ...this.all().map((session) => this.remove(session))]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DISPOSE_MS);
    });
    try {
      await Promise.race([all, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
