/**
 * Like scan-worker.ts, but breaks down when it is told to by a name among the
 * kinds: `crash:FILE` at each part while there is that file, and removes it when
 * the name is `crash-once:FILE`.
 */
import { existsSync, rmSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { ScanHost } from '../../src/engine/scan/scan-host.ts';
import type { ToScan } from '../../src/engine/scan/scan-messages.ts';

const host = new ScanHost((message) => parentPort?.postMessage(message));
const crashing = new Map<number, { file: string; isOnce: boolean }>();

parentPort?.on('message', (message: ToScan) => {
  if (message.type === 'open') {
    for (const kind of message.request.kinds) {
      const [, once, file] = /^crash(-once)?:(.*)$/.exec(kind) ?? [];
      if (file !== undefined) crashing.set(message.job, { file, isOnce: once !== undefined });
    }
  }
  const crash = message.type === 'part' ? crashing.get(message.job) : undefined;
  if (crash !== undefined && existsSync(crash.file)) {
    if (crash.isOnce) rmSync(crash.file);
    throw new Error('The thread broke down');
  }
  host.handle(message);
});
