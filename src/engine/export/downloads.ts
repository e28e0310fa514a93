/** Finished exports that a browser fetches: each in a folder of its own, which only this person can read, and once. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DOWNLOAD_KEPT_MS } from '../../shared/file-limits.ts';

/** Bytes of a name that cannot be guessed. */
const KEY_BYTES = 16;

export interface Download {
  /** Where it is now. */
  readonly path: string;
  /** What it is to be called. */
  readonly name: string;
}

export class Downloads {
  readonly #parent: string;
  readonly #offered = new Map<string, Download & { readonly timer: ReturnType<typeof setTimeout> }>();
  /** Folders that there are. */
  readonly #folders = new Set<string>();

  /** @param parent where their folders are made */
  constructor(parent = tmpdir()) {
    this.#parent = parent;
  }

  /** A path for a new file. Rejects with the error of the system. */
  async place(): Promise<string> {
    const folder = await mkdtemp(join(this.#parent, 'wirebench-download-'));
    this.#folders.add(folder);
    return join(folder, 'export');
  }

  /** The file there is whole. @returns the key by which it can be taken, for DOWNLOAD_KEPT_MS */
  offer(path: string, name: string): string {
    const key = randomBytes(KEY_BYTES).toString('hex');
    const timer = setTimeout(() => {
      this.#offered.delete(key);
      void this.remove(path);
    }, DOWNLOAD_KEPT_MS);
    this.#offered.set(key, { path, name, timer });
    return key;
  }

  /** Only once: whoever takes it removes it. Null when there is none. */
  take(key: string): Download | null {
    const offered = this.#offered.get(key);
    if (offered === undefined) return null;
    clearTimeout(offered.timer);
    this.#offered.delete(key);
    return { path: offered.path, name: offered.name };
  }

  /** Removes a file with its folder. Never rejects: what cannot be removed is in the system's folder for such files. */
  async remove(path: string): Promise<void> {
    const folder = dirname(path);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    this.#folders.delete(folder);
  }

  /** Removes all. */
  async dispose(): Promise<void> {
    for (const { timer } of this.#offered.values()) clearTimeout(timer);
    this.#offered.clear();
    await Promise.all([...this.#folders].map((folder) => this.remove(join(folder, 'export'))));
  }
}
