/**
 * The export of one tab's rows: what is chosen in the dialog, and the one
 * export that runs. It goes on while the dialog is closed.
 */
import type { Client } from '../../rpc/client.ts';
import type { ExportFormat, ExportProgress, Params } from '../../shared/contract.ts';
import { failure, sentence, type WireError } from '../../shared/errors.ts';
import { formatCount, formatSize } from '../format/size.ts';
import type { MessageList } from './message-list.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { download } from './save-text.ts';

const endings: Readonly<Record<ExportFormat, string>> = { jsonl: 'jsonl', text: 'txt', raw: 'bin' };

/** How long the notice of a finished export stays: time to press Reveal, ms. */
const DONE_MS = 15_000;

export interface ExporterOptions {
  readonly client: Client;
  readonly notices: Notices;
  readonly session: () => string | null;
  readonly messages: MessageList;
  /** The name of the tab: part of the name that is proposed. */
  readonly name: () => string;
  readonly canReveal: () => boolean;
  /** Whether the browser that the window is in can fetch a file from the host. */
  readonly canDownload: () => boolean;
  /** The folder of the export before, of whichever tab; the next one is proposed there. */
  readonly folder: { current: string };
}

/** A name for a file, without what some system does not allow in one. */
function fileName(name: string, startedAt: number, ending: string): string {
  const at = new Date(startedAt);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('');
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return `${(safe || 'session').slice(0, 80)}-${day}-${time}.${ending}`;
}

export class Exporter {
  isOpen = $state(false);
  format = $state<ExportFormat>('jsonl');
  direction = $state<'in' | 'out'>('in');
  /** `view`: only what the filter lets through. */
  scope = $state<'all' | 'view'>('all');
  path = $state('');
  /** `download`: the browser fetches it; `path`: the host writes it there. */
  target = $state<'download' | 'path'>('download');
  /** Why it could not begin, or how it failed. */
  error = $state.raw<WireError | null>(null);
  /** The export that runs, or null. */
  progress = $state.raw<ExportProgress | null>(null);
  isStarting = $state(false);

  readonly #options: ExporterOptions;
  /** The file that may be replaced: the person has been asked. */
  #mayReplace = '';
  /** Progress that came before the answer that says whose it is. */
  #early: ExportProgress[] = [];

  constructor(options: ExporterOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.isStarting || this.progress !== null;
  }

  get canView(): boolean {
    return this.#options.messages.isFiltered;
  }

  get canDownload(): boolean {
    return this.#options.canDownload();
  }

  get isDownload(): boolean {
    return this.canDownload && this.target === 'download';
  }

  /** What a filter is, that leaves rows out; '' when it is only the choice between messages and frames. */
  get narrowed(): string {
    const { filter, peer } = this.#options.messages;
    const parts = [
      filter.trim() === '' ? '' : `pass “${filter.trim()}”`,
      peer === null ? '' : `are of connection ${peer}`,
    ];
    return parts.filter((part) => part !== '').join(' and ');
  }

  /** What is going to be written, in plain words. */
  get words(): string {
    const { all, view } = this.rows;
    const left = formatCount(all - view);
    if (this.format === 'raw') return this.#rawWords;
    const isView = this.#isView;
    const which = isView ? view : all;
    const rows = which === 1 ? 'The one row' : `${isView ? 'The' : 'All'} ${formatCount(which)} rows`;
    if (!this.canView) return `${rows} of the session.`;
    const { level } = this.#options.messages;
    const kind =
      level === 'messages' ? 'the frames that its messages were on the wire' : 'messages that stand there as frames';
    if (this.narrowed === '') {
      return isView
        ? `${rows} of the list, as it is now. Not: ${kind} (${left} rows).`
        : `${rows} of the session, also ${kind} (${left} rows), which the list leaves out.`;
    }
    return isView
      ? `${rows} that ${this.narrowed}. ${left} others are left out.`
      : `${rows} of the session, whatever the filter shows.`;
  }

  get #isView(): boolean {
    return this.scope === 'view' && this.canView;
  }

  /** The bytes of the stream or of the messages: frames and events have no part in them. */
  get #rawWords(): string {
    const what = this.direction === 'in' ? 'The bytes that came' : 'The bytes that were sent';
    return this.#isView && this.narrowed !== '' ? `${what}, in rows that ${this.narrowed}.` : `${what}, all of them.`;
  }

  /** Rows that would be looked at. */
  get rows(): { readonly all: number; readonly view: number } {
    const { shown, total } = this.#options.messages.counts;
    return { all: total, view: shown };
  }

  readonly suggestedName = $derived.by(() =>
    fileName(this.#options.name(), this.#options.messages.startedAt, endings[this.format]),
  );

  /** Opens the dialog, for what is in view when that is a part. */
  open(): void {
    this.isOpen = true;
    if (this.isRunning) return;
    this.error = null;
    this.scope = this.canView ? 'view' : 'all';
    const folder = this.#options.folder.current;
    if (this.path === '' && folder !== '') this.path = folder + this.suggestedName;
  }

  /** Another format: a path that ends as the one before did gets its ending. */
  setFormat(format: ExportFormat): void {
    const before = `.${endings[this.format]}`;
    this.format = format;
    if (this.path.endsWith(before)) this.path = `${this.path.slice(0, -before.length)}.${endings[format]}`;
  }

  /** Asks for the place in the system's dialog. */
  async choose(): Promise<void> {
    const chosen = await this.#options.client.call('file.chooseSave', { name: this.suggestedName });
    if (!chosen.ok) this.error = chosen.error;
    else if (chosen.value.path !== null) this.path = this.#mayReplace = chosen.value.path;
  }

  async start(): Promise<void> {
    const session = this.#options.session();
    if (this.isRunning || session === null) return;
    this.isStarting = true;
    this.#early = [];
    this.error = this.isDownload ? null : await this.#pathProblem();
    if (this.error === null) await this.#begin(session);
    this.isStarting = false;
    for (const progress of this.#early) this.take(progress);
    this.#early = [];
  }

  async #begin(session: string): Promise<void> {
    const { isDownload } = this;
    const path = isDownload ? this.suggestedName : this.path.trim();
    const started = await this.#options.client.call('export.start', this.#params(session));
    if (!started.ok) {
      this.error = started.error;
      return;
    }
    // The next one asks again before it replaces this file.
    this.#mayReplace = '';
    if (!isDownload)
      this.#options.folder.current = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    const { export: id } = started.value;
    const total = this.rows.all;
    this.progress = {
      export: id,
      session,
      path,
      state: 'running',
      looked: 0,
      total,
      records: 0,
      bytes: 0,
      error: null,
    };
  }

  /** What is wrong with the path; a file that is there already is replaced only when that is asked for twice. */
  async #pathProblem(): Promise<WireError | null> {
    const path = this.path.trim();
    const field = 'path';
    if (path === '') return failure('bad-request', 'There is no file to write to.', 'Write its path.', { field }).error;
    if (path === this.#mayReplace) return null;
    const found = await this.#options.client.call('file.stat', { path });
    if (!found.ok) return null;
    this.#mayReplace = path;
    const size = formatSize(found.value.size);
    const hint = 'Press Export again to replace it, or write another path.';
    return failure('bad-request', `There is a file ${path} already, of ${size}.`, hint, { field }).error;
  }

  /** The unfinished file is removed. */
  async cancel(): Promise<void> {
    if (this.progress === null) return;
    const cancelled = await this.#options.client.call('export.cancel', { export: this.progress.export });
    if (!cancelled.ok) this.error = cancelled.error;
  }

  #params(session: string): Params<'export.start'> {
    const { messages } = this.#options;
    const isView = this.#isView;
    return {
      session,
      filter: isView ? messages.query : '',
      peer: isView ? messages.peer : null,
      format: this.format,
      direction: this.format === 'raw' ? this.direction : null,
      ...(this.isDownload ? { path: null, name: this.suggestedName } : { path: this.path.trim() }),
    };
  }

  /** The owner hands each progress event of this tab's session here. */
  take(progress: ExportProgress): void {
    if (this.isStarting) this.#early.push(progress);
    if (progress.export !== this.progress?.export) return;
    this.progress = progress.state === 'running' ? progress : null;
    if (progress.state === 'done') this.#done(progress);
    else if (progress.state === 'cancelled')
      this.#options.notices.show('The export was cancelled; its file is removed.');
    else if (progress.state === 'failed') this.#failed(progress);
  }

  #done({ export: id, records, bytes, path, download: key }: ExportProgress): void {
    const { notices, client, canReveal } = this.#options;
    this.isOpen = false;
    const rows = records === 1 ? '1 row' : `${formatCount(records)} rows`;
    if (key !== undefined) {
      download(`/download/${key}`, path);
      notices.show(`Exported ${rows}, ${formatSize(bytes)}; the browser downloads ${path}.`, { stay: DONE_MS });
      return;
    }
    notices.show(`Exported ${rows}, ${formatSize(bytes)}, to ${path}.`, {
      stay: DONE_MS,
      action: canReveal()
        ? {
            label: 'Reveal',
            run: () => {
              void client.call('export.reveal', { export: id }).then((revealed) => {
                if (!revealed.ok) notices.show(sentence(revealed.error), { tone: 'bad' });
              });
            },
          }
        : null,
    });
  }

  #failed({ error, path }: ExportProgress): void {
    this.error = error ?? failure('internal', `The export to ${path} failed.`).error;
    if (!this.isOpen) this.#options.notices.show(sentence(this.error), { tone: 'bad' });
  }
}
