/** Settings in their storage. They are read once, when they are first asked for; until then the defaults hold. */
import { z } from 'zod';
import { recordingSettingsSchema, type RecordingSettings } from '../shared/contract.ts';
import { success, type Outcome } from '../shared/errors.ts';
import {
  RECORDING_KEEP_DAYS,
  RECORDING_SESSION_QUOTA_BYTES,
  RECORDING_TOTAL_QUOTA_BYTES,
  SETTINGS_BYTES,
} from '../shared/limits.ts';
import { DocumentStore } from './document-store.ts';
import type { DocumentStorage } from './storage.ts';

const { sessionQuota, totalQuota, keepDays, whenBehind } = recordingSettingsSchema.shape;

/** Every field has a default, so that an older document always loads. */
const settingsSchema = z.object({
  version: z.literal(1).default(1),
  recordings: z
    .object({
      sessionQuota: sessionQuota.default(RECORDING_SESSION_QUOTA_BYTES),
      totalQuota: totalQuota.default(RECORDING_TOTAL_QUOTA_BYTES),
      keepDays: keepDays.default(RECORDING_KEEP_DAYS),
      whenBehind: whenBehind.default('pause'),
    })
    .prefault({}),
});
type Settings = z.infer<typeof settingsSchema>;

export interface LoadedSettings {
  readonly recordings: RecordingSettings;
  /** What a person should know, or null: a broken document was set aside. */
  readonly notice: string | null;
}

export class SettingsStore {
  readonly #store: DocumentStore<Settings>;
  #current: Settings = settingsSchema.parse({});
  #notice: string | null = null;
  #isKnown = false;
  #loading: Promise<Outcome> | null = null;

  constructor(storage: DocumentStorage) {
    this.#store = new DocumentStore(storage, {
      schema: settingsSchema,
      empty: () => settingsSchema.parse({}),
      limit: SETTINGS_BYTES,
      name: 'The settings document',
      content: 'The settings',
      remedy: '',
      instead: 'the usual ones, but deletes no recordings until settings are saved',
      refrains: 'saves none',
    });
  }

  /** What holds at the moment. */
  get recordings(): RecordingSettings {
    return this.#current.recordings;
  }

  /** What holds, if that is what the person wants: null before it is read, or when it could not be. Nothing is deleted then. */
  get retention(): RecordingSettings | null {
    return this.#isKnown ? this.recordings : null;
  }

  /** Error: `storage-failed` when the disk does not let them be read; the defaults hold, and it is tried again when asked again. */
  async load(): Promise<Outcome<LoadedSettings>> {
    this.#loading ??= this.#load();
    const loaded = await this.#loading;
    if (!loaded.ok) {
      this.#loading = null;
      return loaded;
    }
    return success({ recordings: this.recordings, notice: this.#notice });
  }

  /** Errors: as for `load`, and `storage-failed` when they cannot be written; then the old ones hold. */
  async save(recordings: RecordingSettings): Promise<Outcome> {
    const loaded = await this.load();
    if (!loaded.ok) return loaded;
    const settings = { ...this.#current, recordings };
    const saved = await this.#store.save(settings);
    if (!saved.ok) return saved;
    this.#current = settings;
    this.#notice = null;
    this.#isKnown = true;
    return saved;
  }

  /** Resolves when everything that was asked for is done. */
  idle(): Promise<void> {
    return this.#store.idle();
  }

  async #load(): Promise<Outcome> {
    const loaded = await this.#store.load();
    if (!loaded.ok) return loaded;
    this.#current = loaded.value.document;
    this.#notice = loaded.value.notice;
    this.#isKnown = this.#notice === null;
    return success();
  }
}
