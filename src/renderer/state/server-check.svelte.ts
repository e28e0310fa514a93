/**
 * Checking somebody's server: what is asked first, the one check that this
 * window runs, and what came of it. It goes on while the dialog is closed.
 */
import type { Client } from '../../rpc/client.ts';
import { checkVerdicts, type CheckedCase, type CheckProgress, type CheckVerdict } from '../../shared/checks.ts';
import type { Params } from '../../shared/contract.ts';
import { maskCredentials } from '../../shared/credentials.ts';
import { failure, sentence, type WireError } from '../../shared/errors.ts';
import { checkReport, countWords, verdictCounts } from '../format/check-report.ts';
import { copyText } from './clipboard.ts';
import type { Notices } from './notices.svelte.ts';
import { saveText } from './save-text.ts';

/** Whose server. */
export interface CheckTarget {
  readonly config: Params<'check.start'>['config'];
  /** What it is checked against: the spec's `standards`. */
  readonly standards: string;
}

/** Cases of one section, in their order. */
export interface CheckGroup {
  readonly name: string;
  readonly cases: readonly CheckedCase[];
  /** Of the section, also those that are not shown. */
  readonly tried: number;
  readonly passed: number;
  readonly notTried: number;
}

/** `asked`: nothing has begun. */
type CheckState = 'asked' | CheckProgress['state'];

/** How long the notice of a check that ended in the background stays: time to press Show, ms. */
const DONE_MS = 15_000;

/** Of the server's name in the name of the report's file. */
const HOST_CHARACTERS = 60;

export class ServerCheck {
  isOpen = $state(false);
  target = $state.raw<CheckTarget | null>(null);
  state = $state<CheckState>('asked');
  /** How many cases there are; 0: not known yet. */
  total = $state(0);
  /** What was found out about the server before any case. */
  about = $state('');
  error = $state.raw<WireError | null>(null);
  /** `others`: those that were tried and did not pass. */
  shown = $state<'all' | 'others' | 'not-tried'>('all');
  /** What became of copying or saving the report, in words. */
  said = $state('');
  #results = $state.raw<readonly CheckedCase[]>([]);
  /** When it began, ms since 1970. */
  #startedAt = 0;
  /** What the engine made of the address; '' before that. */
  #resolved = $state('');
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #hasDialogs: () => boolean;
  /** The number of the running check; null while the engine has not given it. */
  #id: number | null = null;
  /** Progress that came before the answer that says whose it is. */
  #early: CheckProgress[] = [];

  /** @param hasDialogs whether the host has a dialog for files */
  constructor(client: Client, notices: Notices, hasDialogs: () => boolean = () => false) {
    this.#client = client;
    this.#notices = notices;
    this.#hasDialogs = hasDialogs;
    client.on('check.progress', (progress) => {
      this.#take(progress);
    });
    client.onClosed(() => {
      const { error } = failure('disconnected', 'The window has lost its connection to the engine.');
      if (this.state === 'running') this.#end('failed', error);
    });
  }

  /** Without a password that is in it; from when it runs on without variables. */
  readonly address = $derived(this.#resolved || maskCredentials(this.target?.config.address.trim() ?? ''));
  readonly counts: Readonly<Record<CheckVerdict, number>> = $derived(verdictCounts(this.#results));

  get tried(): number {
    return this.#results.length;
  }

  /** In the order of the matrix, as far as they have ended and are to be shown. */
  readonly groups = $derived.by<readonly CheckGroup[]>(() => {
    const groups = new Map<string, CheckedCase[]>();
    for (const one of [...this.#results].sort((left, right) => left.place - right.place)) {
      const group = groups.get(one.group);
      if (group === undefined) groups.set(one.group, [one]);
      else group.push(one);
    }
    return [...groups].flatMap(([name, all]) => {
      const cases = all.filter(({ verdict }) => this.#isShown(verdict));
      const passed = all.filter(({ verdict }) => verdict === 'passed').length;
      const notTried = all.filter(({ verdict }) => verdict === 'not-tried').length;
      return cases.length === 0 ? [] : [{ name, cases, tried: all.length - notTried, passed, notTried }];
    });
  });

  /** Opens the dialog: for this server, unless another check runs or this one's report is there. */
  ask(target: CheckTarget): void {
    this.isOpen = true;
    if (this.state === 'running') return;
    const isSame = JSON.stringify(this.target?.config) === JSON.stringify(target.config);
    this.target = target;
    if (!isSame || this.tried === 0) this.reset();
  }

  /** Asks again; what came of the check before is forgotten. */
  reset(): void {
    if (this.state === 'running') return;
    this.#forget();
    this.state = 'asked';
  }

  async start(): Promise<void> {
    const { target } = this;
    if (target === null || this.state === 'running') return;
    this.#forget();
    this.state = 'running';
    this.#startedAt = Date.now();
    const started = await this.#client.call('check.start', { config: target.config });
    if (!started.ok) {
      this.#end('failed', started.error);
      return;
    }
    this.#id = started.value.check;
    const early = this.#early;
    this.#early = [];
    for (const progress of early) this.#take(progress);
  }

  /** What has been found out stays. */
  async cancel(): Promise<void> {
    if (this.#id === null || this.state !== 'running') return;
    // That it has ended meanwhile is no news.
    await this.#client.call('check.cancel', { check: this.#id });
  }

  /** Puts the report on the clipboard, as Markdown. */
  async copy(): Promise<void> {
    const copied = await copyText(this.report());
    this.said = copied.ok ? 'Copied as Markdown' : sentence(copied.error);
  }

  /** Writes the report to a file that the person chooses, as Markdown. */
  async save(): Promise<void> {
    const host = this.address
      .replace(/^[a-z]+:\/\//i, '')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^-+|-+$/g, '');
    const day = new Date(this.#startedAt).toISOString().slice(0, 10);
    const name = `check-${host.slice(0, HOST_CHARACTERS) || 'server'}-${day}.md`;
    const saved = await saveText(this.#client, this.#hasDialogs(), name, this.report());
    if (!saved.ok) this.said = sentence(saved.error);
    else if (saved.value !== null) this.said = saved.value === '' ? `Downloaded ${name}` : `Saved to ${saved.value}`;
  }

  #isShown(verdict: CheckVerdict): boolean {
    if (this.shown === 'all') return true;
    if (this.shown === 'not-tried') return verdict === 'not-tried';
    return verdict === 'failed' || verdict === 'remark';
  }

  /** All results as Markdown, whatever is shown. */
  report(): string {
    const { address, about, state, total, target } = this;
    const standards = target?.standards ?? '';
    const isWhole = state === 'done';
    const results = [...this.#results].sort((left, right) => left.place - right.place);
    return checkReport({ address, standards, about, isWhole, total, startedAt: this.#startedAt, results });
  }

  #forget(): void {
    this.#id = null;
    this.#early = [];
    this.#results = [];
    this.total = 0;
    this.about = '';
    this.#resolved = '';
    this.error = null;
    this.shown = 'all';
    this.said = '';
  }

  #take(progress: CheckProgress): void {
    if (this.state !== 'running') return;
    if (this.#id === null) {
      this.#early.push(progress);
      return;
    }
    if (progress.check !== this.#id) return;
    this.total = progress.total;
    this.about = progress.about;
    this.#resolved = progress.address;
    if (progress.results.length > 0) this.#results = [...this.#results, ...progress.results];
    if (progress.state !== 'running') this.#end(progress.state, progress.error);
  }

  #end(state: 'done' | 'cancelled' | 'failed', error: WireError | null): void {
    this.state = state;
    this.error = error;
    if (this.isOpen) return;
    const show = {
      label: 'Show',
      run: () => {
        this.isOpen = true;
      },
    };
    const text = error === null ? `Checked ${this.address}: ${this.words}.` : sentence(error);
    this.#notices.show(text, { tone: error === null ? 'calm' : 'bad', stay: DONE_MS, action: show });
  }

  /** `472 passed, 22 remarks, 2 failed`. */
  get words(): string {
    const parts = checkVerdicts.filter((verdict) => verdict === 'passed' || this.counts[verdict] > 0);
    return parts.map((verdict) => countWords(verdict, this.counts[verdict])).join(', ');
  }
}
