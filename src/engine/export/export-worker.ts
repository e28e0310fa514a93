/** The thread of one export: parts of the recording come as messages, in order, and go to the file. */
import { parentPort } from 'node:worker_threads';
import { EXPORT_PROGRESS_MS } from '../../shared/limits.ts';
import { BlockSource } from '../disk/block-source.ts';
import { exportError } from './export-errors.ts';
import { ExportFile, WriteFailure } from './export-file.ts';
import { ExportJob } from './export-job.ts';
import type { ExportTask, FromExport, ToExport } from './export-messages.ts';
import { FilterFailure } from './record-match.ts';

type Work = (message: Exclude<ToExport, { type: 'begin' }>) => void;

let work: Work | null = null;
let path = '';

parentPort?.on('message', (message: ToExport) => {
  try {
    if (message.type === 'begin') {
      ({ path } = message.task);
      work = begin(message.task);
    } else work?.(message);
  } catch (problem) {
    // Whatever is no bug is an answer; a bug ends the thread, and the engine reports it.
    if (problem instanceof WriteFailure) post({ type: 'failed', error: exportError(problem.cause, path) });
    else if (problem instanceof FilterFailure) post({ type: 'failed', error: problem.error });
    else throw problem;
    work = null;
  }
});

function post(message: FromExport): void {
  parentPort?.postMessage(message);
}

/** @throws WriteFailure, FilterFailure; and so does what it returns */
function begin(task: ExportTask): Work {
  const file = new ExportFile(task.unfinished);
  const source = new BlockSource();
  const write = (bytes: Buffer): void => {
    file.write(bytes);
  };
  let told = performance.now();
  const job = new ExportJob(task, source, write, (counts) => {
    const now = performance.now();
    if (now - told < EXPORT_PROGRESS_MS) return;
    told = now;
    post({ type: 'progress', ...counts() });
  });
  return (message) => {
    if (message.type === 'part') {
      job.take(message.part);
      post({ type: 'progress', ...job.counts });
      return;
    }
    const error = job.finish();
    file.finish();
    source.close();
    post({ type: 'finished', error, ...job.counts });
  };
}
