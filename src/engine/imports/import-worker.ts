/** The thread that looks at one import: hostile content takes no time from sockets, and no memory from the engine. */
import { parentPort } from 'node:worker_threads';
import type { ImportContent } from './import-messages.ts';
import { readImport } from './read-import.ts';

parentPort?.once('message', (content: ImportContent) => {
  parentPort?.postMessage(readImport(content));
});
