/**
 * Values of secrets, outside of the workspace folder: encrypted by the key store of the system in a document of this
 * machine, or in memory only, where the system has none. What the cipher does is the host's business.
 */
import { z } from 'zod';
import type { SecretStore } from '../../shared/environment.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { SECRETS_BYTES } from '../../shared/preset-limits.ts';
import { DocumentStore } from '../document-store.ts';
import type { DocumentStorage } from '../storage.ts';

export interface SecretCipher {
  /** `weak`: what it writes can be read by whoever has the file. `none`: it cannot be used. May change while the application runs. */
  strength(): 'system' | 'weak' | 'none';
  /** Throws when the system refuses. */
  encrypt(text: string): Uint8Array;
  /** Throws when it was encrypted on another machine, by another user, or the key is gone. */
  decrypt(bytes: Uint8Array): string;
}

/** Which secret: of a workspace folder, of an environment in it (empty: of the whole workspace), by its name. */
export interface SecretPlace {
  readonly folder: string;
  readonly path: string;
  readonly name: string;
}

const entrySchema = z.object({
  folder: z.string(),
  path: z.string(),
  name: z.string(),
  by: z.enum(['system', 'weak']),
  /** Base64 of what the cipher made. */
  data: z.string(),
});
type Entry = z.infer<typeof entrySchema>;

const documentSchema = z.object({
  version: z.literal(1).default(1),
  isWeakAccepted: z.boolean().default(false),
  secrets: z.array(entrySchema).default([]),
});
type Document = z.infer<typeof documentSchema>;

export type Kept = { readonly type: 'none' | 'unreadable' } | { readonly type: 'value'; readonly value: string };

/** Secrets that were taken out, to be put back. */
export interface Taken {
  readonly kept: readonly Entry[];
  readonly memory: readonly (readonly [place: SecretPlace, value: string])[];
}

function keyOf({ folder, path, name }: SecretPlace): string {
  return JSON.stringify([folder, path, name]);
}

export class SecretVault {
  readonly #store: DocumentStore<Document>;
  readonly #cipher: SecretCipher | null;
  readonly #memory = new Map<string, { readonly place: SecretPlace; readonly value: string }>();
  /** Those that could not be decrypted. */
  readonly #unreadable = new Set<string>();
  #entries = new Map<string, Entry>();
  #isWeakAccepted = false;
  #notice: string | null = null;
  #loading: Promise<void> | null = null;

  /** @param cipher null: the host has none */
  constructor(storage: DocumentStorage, cipher: SecretCipher | null) {
    this.#cipher = cipher;
    this.#store = new DocumentStore(storage, {
      schema: documentSchema,
      empty: () => documentSchema.parse({}),
      limit: SECRETS_BYTES,
      name: 'The secrets document',
      content: 'The secrets',
      remedy: 'Forget some of them.',
      instead: 'none, so that they have to be typed again',
      refrains: 'saves none',
    });
  }

  /** Reads what is kept, once. Everything else waits for it. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** What a person should know, or null: the document was damaged, or cannot be read. */
  get notice(): string | null {
    return this.#notice;
  }

  get isWeakAccepted(): boolean {
    return this.#isWeakAccepted;
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#entries.size === 0 && this.#memory.size === 0;
  }

  /** Without asking the system, which may ask the person to unlock its key store. */
  get expectedStore(): SecretStore {
    return this.#cipher === null ? 'memory' : 'system';
  }

  /** Whether there is a weaker store that could be accepted. */
  get hasWeak(): boolean {
    return this.#cipher?.strength() === 'weak';
  }

  /** Where a secret goes that is set now. */
  get store(): SecretStore {
    const strength = this.#cipher?.strength() ?? 'none';
    if (strength === 'system') return 'system';
    return strength === 'weak' && this.#isWeakAccepted ? 'weak' : 'memory';
  }

  /** Call `load` before. */
  get(place: SecretPlace): Kept {
    const key = keyOf(place);
    const inMemory = this.#memory.get(key);
    if (inMemory !== undefined) return { type: 'value', value: inMemory.value };
    const entry = this.#entries.get(key);
    if (entry === undefined) return { type: 'none' };
    const value = this.#decrypt(entry);
    if (value === null) {
      this.#unreadable.add(key);
      return { type: 'unreadable' };
    }
    this.#unreadable.delete(key);
    return { type: 'value', value };
  }

  /** Names of those that have a value, as far as that is known without asking the system for its key. Call `load` before. */
  known(folder: string, path: string): readonly string[] {
    const names = [...this.#places()].flatMap((place) => {
      const isKnown = place.folder === folder && place.path === path && !this.#unreadable.has(keyOf(place));
      return isKnown ? [place.name] : [];
    });
    return [...new Set(names)].sort();
  }

  /** Error `storage-failed`: it could not be kept, and holds for this run only. @param value null: it is forgotten */
  async set(place: SecretPlace, value: string | null): Promise<Outcome> {
    await this.load();
    const key = keyOf(place);
    const wasKept = this.#entries.delete(key);
    this.#unreadable.delete(key);
    this.#memory.delete(key);
    if (value === null) return wasKept ? this.#save() : success();
    const entry = this.#encrypt(place, value);
    if (!entry.ok || entry.value === null) {
      this.#memory.set(key, { place, value });
      // What was kept before must not come back with the next start.
      const saved = wasKept ? await this.#save() : success();
      return entry.ok ? saved : entry;
    }
    this.#entries.set(key, entry.value);
    return this.#save();
  }

  /**
   * Whether the weaker store may be used where the system has no better one. What is in memory goes there, or comes
   * back from there. Error `storage-failed`.
   */
  async acceptWeak(accept: boolean): Promise<Outcome> {
    await this.load();
    this.#isWeakAccepted = accept;
    if (!accept) {
      for (const [key, entry] of this.#entries) {
        if (entry.by !== 'weak') continue;
        const value = this.#decrypt(entry);
        this.#entries.delete(key);
        if (value !== null) this.#memory.set(key, { place: placeOf(entry), value });
      }
    }
    for (const [key, { place, value }] of this.#memory) {
      const entry = this.#encrypt(place, value);
      if (!entry.ok || entry.value === null) continue;
      this.#entries.set(key, entry.value);
      this.#memory.delete(key);
    }
    return this.#save();
  }

  /** Takes out what belongs to an environment. Error `storage-failed`. */
  async take(folder: string, path: string): Promise<Outcome<Taken>> {
    await this.load();
    const isOf = (place: SecretPlace): boolean => place.folder === folder && place.path === path;
    const kept = [...this.#entries.values()].filter(isOf);
    const memory = [...this.#memory.values()].filter(({ place }) => isOf(place));
    for (const place of kept) this.#entries.delete(keyOf(place));
    for (const { place } of memory) this.#memory.delete(keyOf(place));
    const taken = { kept, memory: memory.map(({ place, value }) => [place, value] as const) };
    if (kept.length === 0) return success(taken);
    const saved = await this.#save();
    if (saved.ok) return success(taken);
    // They are still in the document, and shall not go with what is saved next.
    for (const entry of kept) this.#entries.set(keyOf(entry), entry);
    return saved;
  }

  /** Puts back what was taken. Error `storage-failed`. @param path of the environment now */
  put({ kept, memory }: Taken, path: string): Promise<Outcome> {
    for (const entry of kept) this.#entries.set(keyOf({ ...entry, path }), { ...entry, path });
    for (const [place, value] of memory)
      this.#memory.set(keyOf({ ...place, path }), { place: { ...place, path }, value });
    return kept.length === 0 ? Promise.resolve(success()) : this.#save();
  }

  /** Resolves when everything that was asked for is done. */
  idle(): Promise<void> {
    return this.#store.idle();
  }

  *#places(): Iterable<SecretPlace> {
    yield* this.#entries.values();
    for (const { place } of this.#memory.values()) yield place;
  }

  async #load(): Promise<void> {
    const loaded = await this.#store.load();
    if (!loaded.ok) {
      this.#notice = `The secrets could not be read. ${loaded.error.message}`;
      return;
    }
    const { document, notice } = loaded.value;
    this.#notice = notice;
    this.#isWeakAccepted = document.isWeakAccepted;
    this.#entries = new Map(document.secrets.map((entry) => [keyOf(entry), entry]));
  }

  async #save(): Promise<Outcome> {
    const document = {
      version: 1 as const,
      isWeakAccepted: this.#isWeakAccepted,
      secrets: [...this.#entries.values()],
    };
    const saved = await this.#store.save(document);
    if (saved.ok) return saved;
    const hint = `${saved.error.hint} Until Wirebench ends, the secret is known.`.trim();
    return { ok: false, error: { ...saved.error, hint } };
  }

  /** Null: it is not to be kept. */
  #encrypt(place: SecretPlace, value: string): Outcome<Entry | null> {
    const { store } = this;
    if (this.#cipher === null || store === 'memory') return success(null);
    try {
      const data = Buffer.from(this.#cipher.encrypt(value)).toString('base64');
      return success({ ...place, by: store, data });
    } catch {
      // What the system says could have the value in it.
      const message = `The key store of the system did not encrypt {{${place.name}}}.`;
      return failure(
        'storage-failed',
        message,
        'Unlock it, and set the secret again. Until Wirebench ends, it is known.',
      );
    }
  }

  #decrypt(entry: Entry): string | null {
    try {
      return this.#cipher?.decrypt(Buffer.from(entry.data, 'base64')) ?? null;
    } catch {
      return null;
    }
  }
}

function placeOf({ folder, path, name }: Entry): SecretPlace {
  return { folder, path, name };
}
