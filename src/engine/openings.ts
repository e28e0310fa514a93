/** Recordings that are open to be read: each of them once, however often it is asked for. */
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { maskCredentials } from '../shared/credentials.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { wireErrorOf } from '../shared/system-error.ts';
import type { AnySession } from './any-session.ts';
import { nodeDiskFiles, type DiskFiles } from './disk/disk-files.ts';
import { segmentNumber } from './disk/format.ts';
import { openRecording, type OpenedRecording } from './disk/open-recording.ts';
import { errnoOf } from './file-errors.ts';
import type { RecordingLibrary } from './library/library.ts';
import { fileOfSegment, readRecordingFile, type RecordingFile } from './library/recording-file.ts';
import { ReadOnlySession } from './read-only-session.ts';

export interface OpeningsHost {
  readonly library: RecordingLibrary | null;
  readonly files: DiskFiles | undefined;
  /** Kinds that carry bytes of a conversation in this protocol; null when there is no driver for it. */
  messageKinds(protocol: string): readonly string[] | null;
  get(id: string): Outcome<AnySession>;
  /** Resolves when a session that is on its way out has gone. */
  gone(id: string): Promise<void>;
  /** A session that is there from now on. */
  add(session: AnySession): void;
}

export interface Opened {
  readonly session: AnySession;
  /** Its name, or what it goes by. */
  readonly title: string;
}

/** Messages of a protocol that is not known here. */
const usualMessages = ['data', 'text', 'binary'];

type Opening = Promise<Outcome<Opened>>;

export class Openings {
  readonly #host: OpeningsHost;
  readonly #files: DiskFiles;
  /** By the folder's real path. */
  readonly #open = new Map<string, Opening>();
  /** What the sessions read: the folder, and the name in History if it has one. */
  readonly #reads = new Map<AnySession, { readonly folder: string; readonly recording: string | null }>();

  constructor(host: OpeningsHost) {
    this.#host = host;
    this.#files = host.files ?? nodeDiskFiles;
  }

  /** Errors: `not-found`, `newer-recording`, `bad-recording`, those of the file system. */
  async byId(id: string): Opening {
    const found = await this.#host.library?.find(id);
    if (found === undefined) return failure('not-found', 'There is no folder for recordings here.');
    return found.ok ? this.#once(found.value) : found;
  }

  /** The recording that a `.wbr` file is part of, or that a folder holds. Errors: as above. */
  async byPath(path: string): Opening {
    const folder = segmentNumber(basename(path)) === null ? path : dirname(path);
    try {
      // Else a file of another name would be one of another recording, too.
      await this.#files.list(folder);
    } catch (problem) {
      if (errnoOf(problem) !== 'ENOTDIR') return { ok: false, error: wireErrorOf(problem, path) };
      const hint = 'Choose 000001.wbr or another segment in the folder of a recording, or the folder itself.';
      return failure('bad-recording', `${path} is no part of a recording.`, hint);
    }
    return this.#once(folder);
  }

  /** A session is going: if it is one of these, its recording is opened anew when it is asked for. */
  forget(session: AnySession): void {
    const reads = this.#reads.get(session);
    if (reads !== undefined) this.#open.delete(reads.folder);
  }

  /** It has gone, and reads nothing any more. */
  release(session: AnySession): void {
    const reads = this.#reads.get(session);
    if (reads === undefined) return;
    this.#reads.delete(session);
    if (reads.recording !== null) this.#host.library?.release(reads.recording, session.id);
  }

  async #once(folder: string): Opening {
    const real = await this.#realPath(folder);
    const root = this.#host.library === null ? null : await this.#realPath(this.#host.library.folder);
    const id = dirname(real) === root ? basename(real) : null;
    const own = id === null ? null : (this.#host.library?.sessionOf(id) ?? null);
    if (own !== null) await this.#host.gone(own);
    const known = this.#open.get(real);
    if (known !== undefined) return known;
    if (own !== null && this.#host.get(own).ok) return this.#ofLive(own);
    const opening = id === null ? this.#openElsewhere(real) : this.#openOwn(real, id);
    this.#open.set(real, opening);
    const opened = await opening;
    if (!opened.ok) this.#open.delete(real);
    return opened;
  }

  /** A recording that a session of this engine still writes. */
  #ofLive(id: string): Outcome<Opened> {
    const session = this.#host.get(id);
    if (!session.ok) return session;
    return success({ session: session.value, title: maskCredentials(session.value.address) });
  }

  async #openOwn(folder: string, recording: string): Opening {
    const { library } = this.#host;
    const id = randomUUID();
    const reading = await library?.open(recording, id);
    if (library === null || reading === undefined) return failure('not-found', 'There is no such recording.');
    if (!reading.ok) return reading;
    const { entry } = reading.value;
    const file = entry.file ?? fileOfSegment(reading.value.info);
    return this.#add(id, reading.value, file, folder, recording);
  }

  async #openElsewhere(folder: string): Opening {
    const opened = await openRecording(folder, this.#files);
    if (!opened.ok) return opened;
    const stored = await readRecordingFile(this.#files, folder).catch(() => null);
    const file = stored ?? fileOfSegment(opened.value.info);
    return this.#add(randomUUID(), opened.value, file, folder, null);
  }

  #add(
    id: string,
    opened: OpenedRecording,
    file: RecordingFile,
    folder: string,
    recording: string | null,
  ): Outcome<Opened> {
    const { protocol, kinds } = opened.info;
    const messageKinds = this.#host.messageKinds(protocol) ?? usualMessages.filter((kind) => kinds.includes(kind));
    const session = new ReadOnlySession({ id, opened, file, messageKinds, recording });
    this.#reads.set(session, { folder, recording });
    this.#host.add(session);
    return success({ session, title: file.name || file.preset || maskCredentials(file.address) || basename(folder) });
  }

  async #realPath(path: string): Promise<string> {
    return realpath(path).catch(() => join(path));
  }
}
