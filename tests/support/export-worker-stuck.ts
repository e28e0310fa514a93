/** The worker of exports on a disk that takes one write and then no more: the next one never returns. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let writes = 0;
const { writeSync } = fs;
Object.assign(fs, {
  writeSync(file: number, bytes: Uint8Array, offset: number) {
    writes += 1;
    if (writes > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return writeSync(file, bytes, offset);
  },
});
syncBuiltinESMExports();
await import('../../src/engine/export/export-worker.ts');
