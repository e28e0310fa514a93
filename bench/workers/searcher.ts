/** Looks through a recording as the box "Filter messages" does: a view whose scan runs in its thread. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { Scanner } from '../../src/engine/scan/scanner.ts';
import { View } from '../../src/engine/view.ts';
import { parseFilter } from '../../src/shared/filter.ts';
import { engineBench } from '../../tests/support/engine-bench.ts';
import { valueOf } from '../../tests/support/outcome.ts';
import { serveCalls, textOf } from '../support/serve.ts';

const engine = new URL('../../src/engine/', import.meta.url);
const workers = {
  scan: new URL('scan/scan-worker.ts', engine),
  export: new URL('export/export-worker.ts', engine),
};

const report = (bug: unknown): void => {
  throw bug;
};
const scanner = new Scanner({ worker: workers.scan, report });
let recording: RecordingReader | null = null;
let kinds: readonly string[] = [];

/** A view, and the moments at which it had its first row and had seen everything, in ms from its making. */
function search(filter: string): {
  readonly view: View;
  readonly first: Promise<number>;
  readonly all: Promise<number>;
} {
  if (recording === null) throw new Error('no recording is open');
  const started = performance.now();
  const told = { first: (_ms: number): void => undefined, all: (_ms: number): void => undefined };
  const first = new Promise<number>((resolve) => (told.first = resolve));
  const all = new Promise<number>((resolve) => (told.all = resolve));
  const changed = (): void => {
    const { error, end, scanned, total } = view.status;
    if (error !== null) throw new Error(error.message);
    if (end > 0) told.first(performance.now() - started);
    if (scanned === total) told.all(performance.now() - started);
  };
  const view: View = new View(1, { recording, kinds, scanner, changed }, valueOf(parseFilter(filter)), null);
  return { view, first, all };
}

serveCalls({
  async open(settings) {
    const opened = valueOf(await openRecording(textOf(settings, 'folder')));
    recording = opened.reader;
    kinds = opened.info.kinds;
    return { rows: opened.reader.rows.end };
  },

  /** The whole recording as plain text, by the product's own export. */
  async export(settings) {
    const folder = textOf(settings, 'folder');
    const path = textOf(settings, 'path');
    const bench = engineBench({ recordings: { folder: dirname(folder) }, workers });
    const client = bench.connect();
    const { session } = valueOf(await client.call('recordings.open', { path: folder }));
    const started = performance.now();
    const ended = new Promise<string>((resolve) => {
      client.on('export.progress', ({ state, error }) => {
        if (state !== 'running') resolve(error?.message ?? state);
      });
    });
    valueOf(
      await client.call('export.start', { session, filter: '', peer: null, format: 'text', direction: null, path }),
    );
    const state = await ended;
    if (state !== 'done') throw new Error(`the export: ${state}`);
    const ms = performance.now() - started;
    await bench.dispose();
    return { ms, bytes: statSync(path).size };
  },

  async search(settings) {
    const { view, first, all } = search(textOf(settings, 'filter'));
    const ms = await all;
    const { end } = view.status;
    view.close();
    return { ms, first: await first, rows: end };
  },

  /**
   * Cancels a search in its middle and begins another one at once: the thread can give the first row of that only when
   * it has let go of the one that was cancelled.
   */
  async cancel(settings) {
    const cancelled = search(textOf(settings, 'filter'));
    await cancelled.first;
    const isDone = cancelled.view.status.scanned === cancelled.view.status.total;
    if (isDone) throw new Error('the search is over before it can be cancelled');
    cancelled.view.close();
    const next = search(textOf(settings, 'next'));
    const cancel = await next.first;
    next.view.close();
    return { cancel };
  },
});
