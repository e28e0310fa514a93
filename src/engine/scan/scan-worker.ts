/** Entry of the thread that scans. The engine starts it (scanner.ts) and ends it. */
import { parentPort } from 'node:worker_threads';
import { ScanHost } from './scan-host.ts';
import type { ToScan } from './scan-messages.ts';

const port = parentPort;
if (port === null) throw new Error('This is the entry of a worker thread');
const host = new ScanHost((message) => {
  port.postMessage(message, message.type === 'looked' ? message.looks.map(({ found }) => found.buffer) : []);
});
port.on('message', (message: ToScan) => {
  host.handle(message);
});
