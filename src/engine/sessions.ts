/** All sessions of one engine, their recordings, and what the handlers of its windows share. */
import { randomUUID } from 'node:crypto';
import type { DriverModule } from '../drivers/driver.ts';
import type { SessionConfig } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { DISPOSE_MS } from '../shared/limits.ts';
import { kindTable } from '../shared/record.ts';
import type { AnySession } from './any-session.ts';
import type { EngineOptions } from './engine-options.ts';
import { Environments } from './environments/environments.ts';
import { SecretVault } from './environments/secret-vault.ts';
import { SessionValues } from './environments/session-values.ts';
import { Exports } from './export/exports.ts';
import { RecordingLibrary } from './library/library.ts';
import type { NewRecording } from './library/new-recording.ts';
import { MemoryRecording } from './memory-recording.ts';
import { Openings } from './openings.ts';
import { Workspaces } from './presets/workspaces.ts';
import type { Recording } from './recording.ts';
import { Scanner } from './scan/scanner.ts';
import { ServerChecks } from './server-checks.ts';
import { Session } from './session.ts';
import { SettingsStore } from './settings-store.ts';
import { MemoryStorage } from './storage.ts';
import { WorkspaceStore } from './workspace-store.ts';

export class Sessions {
  readonly options: EngineOptions;
  readonly workspace: WorkspaceStore;
  readonly settings: SettingsStore;
  /** Null: there is no folder for recordings. */
  readonly library: RecordingLibrary | null;
  /** Null: there is no folder for presets. */
  readonly workspaces: Workspaces | null;
  readonly openings: Openings;
  readonly exports: Exports;
  readonly checks: ServerChecks;
  readonly environments: Environments;
  readonly scanner: Scanner;
  /** Whoever holds something of a session lets go of it when the session is removed. */
  readonly onRemoved = new Set<(session: AnySession) => void>();
  readonly #sessions = new Map<string, AnySession>();
  /** The ones that are on their way out, by their ids. */
  readonly #leaving = new Map<string, Promise<void>>();
  #isDisposed = false;
  #disposing: Promise<void> | null = null;

  constructor(options: EngineOptions) {
    const { recordings, version } = options;
    this.options = options;
    this.scanner = new Scanner({
      worker: options.workers?.scan ?? null,
      report: (bug) => {
        this.report(bug);
      },
    });
    this.workspace = new WorkspaceStore(options.storage);
    this.settings = new SettingsStore(options.settings ?? new MemoryStorage());
    this.library =
      recordings === undefined
        ? null
        : new RecordingLibrary({
            ...recordings,
            writer: `Wirebench ${version}`,
            settings: () => this.settings.recordings,
            retention: () => this.settings.retention,
          });
    this.workspaces = options.workspaces === undefined ? null : new Workspaces(options.workspaces);
    this.openings = new Openings({
      library: this.library,
      files: recordings?.files,
      messageKinds: (protocol) => this.#driver(protocol)?.spec.messageKinds ?? null,
      get: (id) => this.get(id),
      gone: (id) => this.#gone(id),
      add: (session) => {
        this.#sessions.set(session.id, session);
      },
    });
    this.exports = new Exports({
      worker: options.workers?.export,
      folder: recordings?.folder ?? null,
      downloads: options.downloads ?? null,
      report: (bug) => {
        this.report(bug);
      },
    });
    this.checks = new ServerChecks({
      drivers: options.drivers,
      values: () => new SessionValues(this.environments),
      report: (bug) => {
        this.report(bug);
      },
    });
    this.environments = new Environments({
      folders: this.workspaces,
      vault: new SecretVault(options.secrets?.storage ?? new MemoryStorage(), options.secrets?.cipher ?? null),
    });
    this.onRemoved.add(({ id }) => {
      this.exports.forgetSession(id);
    });
    void this.settings.load().then(() => this.library?.settingsChanged());
    this.library?.start();
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

  all(): AnySession[] {
    return [...this.#sessions.values()];
  }

  /** Error: `not-found`. */
  get(id: string): Outcome<AnySession> {
    const session = this.#sessions.get(id);
    return session === undefined ? failure('not-found', 'This session no longer exists.') : success(session);
  }

  /**
   * Error: `not-found` when there is no driver for the protocol.
   * @param preset name of the preset that it is made from; empty: none
   */
  async create(config: SessionConfig, preset = ''): Promise<Outcome<AnySession>> {
    const module = this.#driver(config.protocol);
    if (module === undefined) {
      return failure('not-found', `There is no protocol "${config.protocol}".`, '', { field: 'protocol' });
    }
    await this.library?.prepare();
    if (this.#isDisposed) return failure('not-open', 'Wirebench is closing.');
    // Random: a tab that was saved by an earlier engine must not find a session of this one.
    const id = randomUUID();
    const report = (bug: unknown): void => {
      this.report(bug);
    };
    const pauses = (): boolean => this.settings.recordings.whenBehind === 'pause';
    const recording = this.#newRecording({
      session: id,
      protocol: config.protocol,
      address: config.address.trim(),
      kinds: kindTable(module.spec.kinds),
      preset,
      startedAt: () => session.recorder.startedAt,
      about: () => session.about(),
    });
    const values = new SessionValues(this.environments);
    const session: Session = new Session(id, module, config, recording, report, pauses, values);
    this.#sessions.set(id, session);
    return success(session);
  }

  remove(session: AnySession): Promise<void> {
    const { id } = session;
    const leaving = this.#leaving.get(id) ?? this.#remove(session).finally(() => this.#leaving.delete(id));
    this.#leaving.set(id, leaving);
    return leaving;
  }

  /** Errors: those of `RecordingLibrary.delete`. A session that only reads it is removed. */
  async deleteRecording(id: string): Promise<Outcome> {
    const { library } = this;
    if (library === null) return failure('not-found', 'There is no folder for recordings here.');
    const session = library.sessionOf(id);
    const reader = session === null ? undefined : this.#sessions.get(session);
    if (reader?.isReadOnly === true) await this.remove(reader);
    if (session !== null) await this.#gone(session);
    return library.delete(id);
  }

  /** Called again, it waits for the same end. */
  dispose(): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async #dispose(): Promise<void> {
    this.#isDisposed = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DISPOSE_MS);
    });
    try {
      await Promise.race([this.#end(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #remove(session: AnySession): Promise<void> {
    this.#sessions.delete(session.id);
    this.openings.forget(session);
    for (const listener of this.onRemoved) listener(session);
    await session.dispose();
    this.openings.release(session);
    if (session instanceof Session) await this.library?.ended(session.recording);
  }

  /** Resolves when a session that is on its way out has gone. */
  async #gone(id: string): Promise<void> {
    await this.#leaving.get(id);
  }

  #driver(protocol: string): DriverModule | undefined {
    return this.options.drivers.find((driver) => driver.spec.id === protocol);
  }

  #newRecording(about: NewRecording): Recording {
    return this.library?.create(about) ?? new MemoryRecording();
  }

  async #end(): Promise<void> {
    const saved = [this.workspace.idle(), this.settings.idle(), this.environments.dispose()];
    const ended = [...this.all().map((session) => this.remove(session)), ...this.#leaving.values()];
    await Promise.all([this.exports.dispose(), this.checks.dispose(), ...saved, ...ended]);
    await Promise.all([this.library?.dispose(), this.scanner.dispose(), this.workspaces?.dispose()]);
  }
}
