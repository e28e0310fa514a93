/** Exports a recording to a real file, as the engine does it, and reads formats back. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Downloads } from '../../src/engine/export/downloads.ts';
import { Exports, type ExportSource } from '../../src/engine/export/exports.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import type { ExportProgress, Params } from '../../src/shared/contract.ts';
import type { WindowLink } from '../../src/shared/handlers.ts';
import { directions, kindTable, type Direction, type Meta } from '../../src/shared/record.ts';
import { valueOf } from './outcome.ts';

export const workerFile = new URL('../../src/engine/export/export-worker.ts', import.meta.url);
export const kinds = kindTable(['data', 'connect']);
export const DATA = kinds.indexOf('data');
export const CONNECT = kinds.indexOf('connect');
/** 2026-11-23T14:02:11.020Z. */
export const STARTED_AT = Date.UTC(2026, 10, 23, 14, 2, 11, 20);

export const info = {
  protocol: 'tcp-client',
  address: '127.0.0.1:9000',
  startedAt: STARTED_AT,
  kinds,
  messageKinds: ['data'],
} as const;

export function sourceOf(recording: RecordingReader, session = 'session-1'): ExportSource {
  return { ...info, session, recording };
}

/** A window that keeps the progress it is told of. */
export class ExportWindow implements WindowLink {
  readonly progress: ExportProgress[] = [];
  backlog = 0;
  readonly #waiting: { readonly holds: (progress: ExportProgress) => boolean; readonly resolve: () => void }[] = [];

  emit(_event: string, payload: unknown): void {
    const progress = payload;
    if (!isProgress(progress)) return;
    this.progress.push(progress);
    for (const waiting of this.#waiting) if (waiting.holds(progress)) waiting.resolve();
  }

  onClosed(): void {
    return;
  }

  async until(holds: (progress: ExportProgress) => boolean): Promise<ExportProgress> {
    if (!this.progress.some(holds)) {
      await new Promise<void>((resolve) => this.#waiting.push({ holds, resolve }));
    }
    const found = this.progress.find(holds);
    if (found === undefined) throw new Error('No such progress');
    return found;
  }

  /** How an export has ended. */
  end(id: number): Promise<ExportProgress> {
    return this.until((progress) => progress.export === id && progress.state !== 'running');
  }
}

function isProgress(payload: unknown): payload is ExportProgress {
  return typeof payload === 'object' && payload !== null && 'export' in payload;
}

/** Exports with a folder for their files; all of it is gone after `dispose`. */
export class ExportBench {
  readonly folder: string;
  readonly exports: Exports;
  readonly window = new ExportWindow();
  readonly bugs: unknown[] = [];

  private constructor(folder: string, worker: URL, recordings: string | null, downloads: Downloads | null) {
    this.folder = folder;
    this.exports = new Exports({ worker, folder: recordings, downloads, report: (bug) => void this.bugs.push(bug) });
  }

  static async make(worker: URL = workerFile, recordings: string | null = null): Promise<ExportBench> {
    return new ExportBench(await mkdtemp(join(tmpdir(), 'wirebench-export-')), worker, recordings, null);
  }

  /** One whose exports can be fetched; they wait in its folder. */
  static async withDownloads(): Promise<{ readonly bench: ExportBench; readonly downloads: Downloads }> {
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-export-'));
    const downloads = new Downloads(folder);
    return { bench: new ExportBench(folder, workerFile, null, downloads), downloads };
  }

  path(name = 'exported'): string {
    return join(this.folder, name);
  }

  params(more: Partial<Params<'export.start'>> = {}): Params<'export.start'> {
    return {
      session: 'session-1',
      filter: '',
      peer: null,
      format: 'jsonl',
      direction: null,
      path: this.path(),
      ...more,
    };
  }

  async start(recording: RecordingReader, more: Partial<Params<'export.start'>> = {}): Promise<number> {
    return valueOf(await this.exports.start(this.window, sourceOf(recording), this.params(more))).export;
  }

  /** Runs an export to its end. */
  async run(recording: RecordingReader, more: Partial<Params<'export.start'>> = {}): Promise<ExportProgress> {
    return this.window.end(await this.start(recording, more));
  }

  read(name?: string): Promise<Buffer> {
    return readFile(this.path(name));
  }

  /** Names of all files that are there, unfinished ones too. */
  files(): Promise<string[]> {
    return readdir(this.folder);
  }

  async dispose(): Promise<void> {
    await this.exports.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A record as JSON Lines give it back. */
export interface Imported {
  readonly seq: number;
  readonly time: string;
  readonly ns: number;
  readonly peer: number;
  readonly direction: Direction;
  readonly kind: string;
  readonly meta: Meta;
  readonly payload: Buffer;
}

/** Reads JSON Lines as docs/export.md describes them. Throws for what they must not be. */
export function importJsonl(file: Buffer): { readonly head: Record<string, unknown>; readonly records: Imported[] } {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file);
  if (!text.endsWith('\n')) throw new Error('The last line does not end');
  const [head = '', ...lines] = text.slice(0, -1).split('\n');
  return { head: objectOf(JSON.parse(head)), records: lines.map((line) => imported(objectOf(JSON.parse(line)))) };
}

function imported(line: Record<string, unknown>): Imported {
  const direction = directions.find((name) => name === line.direction);
  const { seq, time, ns, peer, kind, length, text, base64, meta } = line;
  if (
    direction === undefined ||
    typeof seq !== 'number' ||
    typeof time !== 'string' ||
    typeof ns !== 'number' ||
    typeof peer !== 'number' ||
    typeof kind !== 'string'
  ) {
    throw new Error(`No record: ${JSON.stringify(line)}`);
  }
  const payload =
    typeof text === 'string'
      ? Buffer.from(text)
      : typeof base64 === 'string'
        ? Buffer.from(base64, 'base64')
        : Buffer.alloc(0);
  if (payload.length !== length) throw new Error(`Record ${seq} has ${payload.length} bytes of ${String(length)}`);
  return { seq, time, ns, peer, direction, kind, meta: metaOf(meta), payload };
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('No object');
  return Object.fromEntries(Object.entries(value));
}

function metaOf(value: unknown): Meta {
  const meta: Record<string, string | number | boolean | null> = {};
  for (const [key, item] of Object.entries(value === undefined ? {} : objectOf(value))) {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' || item === null) {
      Object.defineProperty(meta, key, { value: item, enumerable: true });
    } else throw new Error(`No meta: ${key}`);
  }
  return meta;
}
