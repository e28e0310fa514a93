/** The form of how long recordings are kept: what is typed, what is wrong with it, and what the engine has. */
import type { Client } from '../../rpc/client.ts';
import type { RecordingSettings } from '../../shared/contract.ts';
import type { WireError } from '../../shared/errors.ts';
import { RECORDING_QUOTA_MIN_BYTES } from '../../shared/limits.ts';
import type { Notices } from './notices.svelte.ts';

const GIB = 1024 ** 3;
const DAYS_MAX = 36_500;

/** Bytes as GiB, with as many decimals as make a difference. */
function gib(bytes: number): string {
  return String(Number((bytes / GIB).toFixed(3)));
}

/** @returns whole bytes, or NaN when the text is no number */
function bytesOf(text: string): number {
  return /^\d+([.,]\d+)?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(',', '.')) * GIB) : Number.NaN;
}

function quotaProblem(text: string): string | null {
  const bytes = bytesOf(text);
  if (Number.isNaN(bytes)) return 'Write a number of GiB, as 8 or 0.5.';
  if (bytes < RECORDING_QUOTA_MIN_BYTES) return `The least is ${gib(RECORDING_QUOTA_MIN_BYTES)} GiB.`;
  return bytes > Number.MAX_SAFE_INTEGER ? 'No disk is that large.' : null;
}

export class RecordingSettingsForm {
  /** GiB, as typed. */
  sessionQuota = $state('');
  totalQuota = $state('');
  keepDays = $state('');
  whenBehind = $state<RecordingSettings['whenBehind']>('pause');
  /** What the engine has; null: not known. */
  saved = $state.raw<RecordingSettings | null>(null);
  /** Why they cannot be read or saved. */
  error = $state.raw<WireError | null>(null);
  isOpen = $state(false);

  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  readonly problems = $derived.by(() => {
    const days = this.keepDays.trim();
    const total = bytesOf(this.totalQuota);
    return {
      sessionQuota: quotaProblem(this.sessionQuota),
      totalQuota:
        quotaProblem(this.totalQuota) ??
        (total < bytesOf(this.sessionQuota) ? 'This must not be less than what one session may take.' : null),
      keepDays:
        /^\d{1,5}$/.test(days) && Number(days) <= DAYS_MAX
          ? null
          : `Write whole days from 0 to ${DAYS_MAX}; 0 is for ever.`,
    };
  });

  readonly canSave = $derived(this.saved !== null && Object.values(this.problems).every((problem) => problem === null));

  /** Shows the form with what the engine has. */
  async open(): Promise<void> {
    this.isOpen = true;
    await this.load();
  }

  async load(): Promise<void> {
    const loaded = await this.#client.call('settings.load', {});
    this.error = loaded.ok ? null : loaded.error;
    if (!loaded.ok) return;
    this.#show(loaded.value.recordings);
    if (loaded.value.notice !== null) this.#notices.show(loaded.value.notice, { tone: 'bad' });
  }

  /** @returns true when the engine has taken them; then the form closes */
  async save(): Promise<boolean> {
    if (!this.canSave) return false;
    const recordings: RecordingSettings = {
      sessionQuota: bytesOf(this.sessionQuota),
      totalQuota: bytesOf(this.totalQuota),
      keepDays: Number(this.keepDays),
      whenBehind: this.whenBehind,
    };
    const saved = await this.#client.call('settings.save', { recordings });
    this.error = saved.ok ? null : saved.error;
    if (!saved.ok) return false;
    this.saved = recordings;
    this.isOpen = false;
    return true;
  }

  #show(settings: RecordingSettings): void {
    this.saved = settings;
    this.sessionQuota = gib(settings.sessionQuota);
    this.totalQuota = gib(settings.totalQuota);
    this.keepDays = String(settings.keepDays);
    this.whenBehind = settings.whenBehind;
  }
}
