/** The worker of exports on a disk that is full after two writes. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let writes = 0;
const { writeSync } = fs;
Object.assign(fs, {
  writeSync(file: number, bytes: Uint8Array, offset: number) {
    writes += 1;
    if (writes <= 2) return writeSync(file, bytes, offset);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  },
});
syncBuiltinESMExports();
await import('../../src/engine/export/export-worker.ts');
