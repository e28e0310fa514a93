/** A worker of exports with a bug. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', () => {
  throw new Error('A bug in the worker');
});
