/**
 * A document of the application in its storage. What is found there and is
 * none is set aside, and an empty one comes out: the application always opens.
 * What cannot be read at all may be a good one: it stays, and nothing is saved
 * over it.
 */
import type { z } from 'zod';
import { failure, success, type Outcome, type WireError } from '../shared/errors.ts';
import type { DocumentStorage } from './storage.ts';

export interface Loaded<T> {
  readonly document: T;
  /** What a person should know, or null: a broken document was set aside. */
  readonly notice: string | null;
}

/** One kind of document, and how it is spoken of. */
export interface DocumentKind<T> {
  readonly schema: z.ZodType<T>;
  readonly empty: () => T;
  /** Largest one, in bytes. */
  readonly limit: number;
  /** "The workspace" */
  readonly name: string;
  /** "The saved tabs" */
  readonly content: string;
  /** What to do when it is too large. */
  readonly remedy: string;
  /** "no tabs": what Wirebench starts with instead. */
  readonly instead: string;
  /** "saves none": what it does while a broken document is in the way. */
  readonly refrains: string;
}

export class DocumentStore<T> {
  readonly #storage: DocumentStorage;
  readonly #kind: DocumentKind<T>;
  /** Reading and writing one after the other, in the order in which they were asked for. */
  #queue: Promise<unknown> = Promise.resolve();
  /** A broken document is still in its place: it must not be overwritten. */
  #mustSetAside = false;
  /** Why the document could not be read when that was last tried. */
  #unread: WireError | null = null;

  constructor(storage: DocumentStorage, kind: DocumentKind<T>) {
    this.#storage = storage;
    this.#kind = kind;
  }

  /** Error: `storage-failed` when the disk does not let it be read. */
  load(): Promise<Outcome<Loaded<T>>> {
    return this.#inTurn(async () => {
      const found = await this.#storage.read(this.#kind.limit);
      this.#unread = found.ok ? null : found.error;
      if (!found.ok) return found;
      switch (found.value.type) {
        case 'none':
          return success({ document: this.#kind.empty(), notice: null });
        case 'unfit':
          return success(await this.#broken(found.value.reason));
        case 'text': {
          const parsed = this.#parse(found.value.text);
          return success(
            parsed.ok ? { document: parsed.value, notice: null } : await this.#broken(parsed.error.message),
          );
        }
      }
    });
  }

  /** Errors: `storage-failed` when it is too large, or when there is one that could not be read; else those of the file system. */
  save(document: T): Promise<Outcome> {
    return this.#inTurn(async () => {
      const { name, limit, remedy } = this.#kind;
      const text = `${JSON.stringify(document, null, 1)}\n`;
      const size = Buffer.byteLength(text);
      if (size > limit) {
        const message = `${name} was not saved: it has ${size} bytes, and at most ${limit} are kept.`;
        return failure('storage-failed', message, remedy);
      }
      if (this.#unread !== null) {
        const message = `${name} was not saved, because the saved one could not be read. ${this.#unread.message}`;
        return failure('storage-failed', message, 'When it can be read again, reload the window.');
      }
      if (this.#mustSetAside) {
        const aside = await this.#setAside();
        if (!aside.ok) return aside;
      }
      return this.#storage.write(text);
    });
  }

  /** Resolves when everything that was asked for is done. */
  async idle(): Promise<void> {
    await this.#queue;
  }

  async #broken(reason: string): Promise<Loaded<T>> {
    const { content, instead, refrains, empty } = this.#kind;
    const aside = await this.#setAside();
    this.#mustSetAside = !aside.ok;
    const what = `${content} could not be read. ${reason}`;
    const then = aside.ok
      ? `The file was set aside as ${aside.value}, and Wirebench starts with ${instead}.`
      : `${aside.error.message} Wirebench starts with ${instead}, and ${refrains} until the file is out of the way.`;
    return { document: empty(), notice: `${what} ${then}` };
  }

  async #setAside(): Promise<Outcome<string>> {
    // Colons and dots are for other uses in file names.
    const aside = await this.#storage.setAside(`broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
    if (aside.ok) this.#mustSetAside = false;
    return aside;
  }

  #parse(text: string): Outcome<T> {
    try {
      const document: unknown = JSON.parse(text);
      const parsed = this.#kind.schema.safeParse(document);
      if (parsed.success) return success(parsed.data);
      const [issue] = parsed.error.issues;
      const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
      const what = this.#kind.name.replace(/^The /, 'a ');
      return failure('storage-failed', `It is not ${what}: ${issue?.message ?? 'unknown'}${where}.`);
    } catch {
      return failure('storage-failed', 'It is not JSON.');
    }
  }

  #inTurn<R>(run: () => Promise<R>): Promise<R> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
