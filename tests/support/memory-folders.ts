/** The workspace folder in memory: as environments see it. */
import { createHash } from 'node:crypto';
import type { EnvironmentFiles, Folders, OpenFolder } from '../../src/engine/environments/folder.ts';
import { Listeners } from '../../src/engine/listeners.ts';
import { failure, success, type Outcome, type WireError } from '../../src/shared/errors.ts';

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export class MemoryFolders implements Folders, EnvironmentFiles, OpenFolder {
  root = '/home/anna/room';
  readonly onOpened = new Listeners();
  readonly onDisk = new Listeners();
  /** By their places. */
  readonly texts = new Map<string, string>();
  readonly removed = new Map<string, { readonly place: string; readonly text: string }>();
  chosen: string | null = null;
  /** Why it cannot be used. */
  error: WireError | null = null;

  constructor(texts: Readonly<Record<string, string>> = {}) {
    for (const [place, text] of Object.entries(texts)) this.texts.set(place, text);
  }

  get files(): EnvironmentFiles {
    return this;
  }

  /** Somebody else writes a file. */
  edit(place: string, text: string): void {
    this.texts.set(place, text);
    this.onDisk.tell();
  }

  current(): Promise<OpenFolder> {
    return Promise.resolve(this);
  }

  chosenEnvironment(): Promise<string | null> {
    return Promise.resolve(this.chosen);
  }

  chooseEnvironment(path: string | null): Promise<Outcome> {
    this.chosen = path;
    return Promise.resolve(success());
  }

  names(folder: string): Promise<Outcome<readonly string[]>> {
    const inside = [...this.texts.keys()].filter((place) => place.startsWith(`${folder}/`));
    const names = inside.map((place) => place.slice(folder.length + 1));
    return Promise.resolve(names.length === 0 ? gone(folder) : success(names));
  }

  locate(place: string): Promise<Outcome<string>> {
    return Promise.resolve(this.error === null ? success(`${this.root}/${place}`) : { ok: false, error: this.error });
  }

  read(place: string): Promise<Outcome<{ readonly text: string; readonly revision: string }>> {
    const text = this.texts.get(place);
    const isHere = text !== undefined && this.error === null;
    return Promise.resolve(isHere ? success({ text, revision: revisionOf(text) }) : gone(place));
  }

  write(place: string, text: string, base: string | null): Promise<Outcome<{ readonly revision: string }>> {
    const before = this.texts.get(place);
    if (base !== null && before === undefined) return Promise.resolve(gone(place));
    if (base !== null && before !== undefined && revisionOf(before) !== base) {
      return Promise.resolve(failure('conflict', `${place} was changed.`));
    }
    this.texts.set(place, text);
    return Promise.resolve(success({ revision: revisionOf(text) }));
  }

  create(
    folder: string,
    name: string,
    text: string,
  ): Promise<Outcome<{ readonly path: string; readonly revision: string }>> {
    const path = `${folder}/${name}.wb.yaml`;
    this.texts.set(path, text);
    return Promise.resolve(success({ path, revision: revisionOf(text) }));
  }

  remove(place: string): Promise<Outcome<string>> {
    const text = this.texts.get(place);
    if (text === undefined) return Promise.resolve(gone(place));
    this.texts.delete(place);
    const undo = `undo-${this.removed.size}`;
    this.removed.set(undo, { place, text });
    return Promise.resolve(success(undo));
  }

  restore(undo: string): Promise<Outcome<string>> {
    const found = this.removed.get(undo);
    if (found === undefined) return Promise.resolve(failure('not-found', 'It cannot be undone any more.'));
    this.texts.set(found.place, found.text);
    return Promise.resolve(success(found.place));
  }
}

function gone(place: string): ReturnType<typeof failure> {
  return failure('file-not-found', `${place} is not there any more.`);
}
