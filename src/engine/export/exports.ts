/** The exports of one engine: begun by a window, ended with it, with the session or with the engine. */
import { dirname } from 'node:path';
import type { ExportProgress, Params } from '../../shared/contract.ts';
import { maskCredentials } from '../../shared/credentials.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { parseFilter } from '../../shared/filter.ts';
import type { WindowLink } from '../../shared/handlers.ts';
import { EVENT_BACKLOG_BYTES, EXPORTS_AT_ONCE, EXPORTS_REMEMBERED } from '../../shared/limits.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import { homePath } from '../home-path.ts';
import type { RecordingReader } from '../recording.ts';
import type { Downloads } from './downloads.ts';
import type { ExportTask } from './export-messages.ts';
import type { ExportInfo } from './packed.ts';
import { RecordingParts } from './recording-parts.ts';
import { RunningExport, type Ending } from './running-export.ts';
import { prepareTarget, removeUnfinished, type TargetFile } from './target-file.ts';

/** What is exported. */
export interface ExportSource extends Omit<ExportInfo, 'filter' | 'peer'> {
  readonly session: string;
  readonly recording: RecordingReader;
}

export interface ExportsOptions {
  /** Built worker, or its source where Node reads TypeScript. Absent: nothing can be exported. */
  readonly worker: string | URL | undefined;
  /** Folder of all recordings: nothing is written there. */
  readonly folder: string | null;
  /** Where exports wait to be fetched; null: nothing can be. */
  readonly downloads: Downloads | null;
  readonly report: (bug: unknown) => void;
}

interface Entry {
  readonly link: WindowLink;
  readonly session: string;
  /** Null while its file is made. */
  running: RunningExport | null;
  /** How it is to end, when that was decided before it ran. */
  ending: Ending | null;
  /** Resolves when nothing is left of it. */
  readonly gone: Promise<void>;
}

const cancelled: Ending = { state: 'cancelled', error: null };

export class Exports {
  readonly #options: ExportsOptions;
  readonly #entries = new Map<number, Entry>();
  /** Where finished exports are, for whoever wants to see them. */
  readonly #finished = new Map<number, { readonly link: WindowLink; readonly path: string }>();
  #last = 0;
  #isDisposed = false;

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the unfinished file is there and the thread begins. Errors: `bad-filter`, `bad-request`, `busy`,
   * `not-supported`, and those of the file (target-file.ts).
   */
  async start(
    link: WindowLink,
    source: ExportSource,
    params: Params<'export.start'>,
  ): Promise<Outcome<{ readonly export: number }>> {
    const { worker } = this.#options;
    const terms = parseFilter(params.filter);
    if (!terms.ok) return terms;
    if ((params.format === 'raw') !== (params.direction !== null)) {
      return failure('bad-request', 'The bytes of one direction need to know which one; other formats take both.');
    }
    if (worker === undefined || this.#isDisposed) return failure('not-supported', 'Nothing can be exported here.');
    if (this.#entries.size >= EXPORTS_AT_ONCE) {
      return failure('busy', `${EXPORTS_AT_ONCE} exports are running.`, 'Wait for one of them, or cancel it.');
    }
    this.#last += 1;
    const id = this.#last;
    let leave: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const entry: Entry = { link, session: source.session, running: null, ending: null, gone };
    this.#entries.set(id, entry);
    try {
      const running = await this.#run(id, entry, source, params, worker);
      if (!running.ok) return running;
      entry.running = running.value;
      void running.value.ended.then(({ state }) => {
        this.#entries.delete(id);
        if (state === 'done') this.#remember(id, link, running.value.path);
        leave();
      });
      return success({ export: id });
    } finally {
      if (entry.running === null) {
        this.#entries.delete(id);
        leave();
      }
    }
  }

  async #run(
    id: number,
    entry: Entry,
    source: ExportSource,
    params: Params<'export.start'>,
    worker: string | URL,
  ): Promise<Outcome<RunningExport>> {
    const { folder, report } = this.#options;
    const { session, recording, protocol, address, startedAt, kinds, messageKinds } = source;
    const { format, direction, filter, peer } = params;
    const parts = new RecordingParts(recording);
    const own = [...foldersOf(recording), ...(folder === null ? [] : [folder])];
    const target = await (params.path === null ? this.#toFetch() : prepareTarget(homePath(params.path), own));
    if (!target.ok) return target;
    if (entry.ending !== null) {
      await removeUnfinished(target.value);
      return { ok: false, error: entry.ending.error ?? failure('cancelled', 'The export was cancelled.').error };
    }
    const { path, unfinished } = target.value;
    const info = { protocol, address: maskCredentials(address), startedAt, kinds, messageKinds, filter, peer };
    const task: ExportTask = { format, direction, info, from: parts.from, end: parts.end, unfinished, path };
    const emit = params.path === null ? this.#fetched(entry.link, params.name ?? 'export') : emitterOf(entry.link);
    try {
      return success(new RunningExport({ id, session, worker, target: target.value, task, parts, emit, report }));
    } catch (bug) {
      await removeUnfinished(target.value);
      throw bug;
    }
  }

  /** Errors as of `prepareTarget`, and `not-supported` where there is no browser. */
  async #toFetch(): Promise<Outcome<TargetFile>> {
    const { downloads } = this.#options;
    if (downloads === null)
      return failure('not-supported', 'Nothing can be fetched here.', 'Write the path of a file.');
    try {
      return await prepareTarget(await downloads.place(), []);
    } catch (problem) {
      return { ok: false, error: wireErrorOf(problem, 'the folder for temporary files') };
    }
  }

  /** Tells the window of it by the name that it will have, and offers it when it is done. */
  #fetched(link: WindowLink, name: string): (progress: ExportProgress) => void {
    const emit = emitterOf(link);
    const { downloads } = this.#options;
    return (progress) => {
      const { path, state } = progress;
      if (state === 'done' && downloads !== null)
        emit({ ...progress, path: name, download: downloads.offer(path, name) });
      else emit({ ...progress, path: name });
      if (state === 'cancelled' || state === 'failed') void downloads?.remove(path);
    };
  }

  /** Resolves when the unfinished file is gone. Error `not-found` when there is no such export of this window. */
  async cancel(link: WindowLink, id: number): Promise<Outcome> {
    const entry = this.#entries.get(id);
    if (entry?.link !== link) return failure('not-found', 'This export has ended.');
    await this.#end(entry, cancelled);
    return success();
  }

  /** Where the file of an export that is done is. Error `not-found` when this window has none such. */
  pathOf(link: WindowLink, id: number): Outcome<string> {
    const finished = this.#finished.get(id);
    if (finished?.link === link) return success(finished.path);
    return failure('not-found', 'There is no such finished export.', 'Look for its file in the folder you chose.');
  }

  /** The window has gone. */
  forgetLink(link: WindowLink): void {
    for (const [id, finished] of this.#finished) if (finished.link === link) this.#finished.delete(id);
    for (const entry of this.#entries.values()) if (entry.link === link) void this.#end(entry, cancelled);
  }

  /** The session and its recording are removed. */
  forgetSession(session: string): void {
    const { error } = failure('gone', 'The recording was removed while it was exported.');
    const ending: Ending = this.#isDisposed ? cancelled : { state: 'failed', error };
    for (const entry of this.#entries.values()) if (entry.session === session) void this.#end(entry, ending);
  }

  /** Cancels all. Resolves when no thread and no unfinished file is left. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#end(entry, cancelled)));
    await this.#options.downloads?.dispose();
  }

  #remember(id: number, link: WindowLink, path: string): void {
    this.#finished.set(id, { link, path });
    const [oldest] = this.#finished.keys();
    if (this.#finished.size > EXPORTS_REMEMBERED && oldest !== undefined) this.#finished.delete(oldest);
  }

  async #end(entry: Entry, ending: Ending): Promise<void> {
    entry.ending ??= ending;
    entry.running?.end(ending);
    await entry.gone;
  }
}

/** The folder of this recording, wherever it was opened from. */
function foldersOf(recording: RecordingReader): string[] {
  const part = recording.scan(recording.firstKept);
  return part?.type === 'blocks' ? [dirname(part.path)] : [];
}

/** A window that does not read, such as a frozen browser tab, still gets to know how it ended. */
function emitterOf(link: WindowLink): (progress: ExportProgress) => void {
  return (progress) => {
    if (progress.state === 'running' && link.backlog > EVENT_BACKLOG_BYTES) return;
    link.emit('export.progress', progress);
  };
}
