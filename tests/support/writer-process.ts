/** Records in a folder until it is killed; run by tests with Node. Prints the name of the recording when it is on disk. */
import { createEngine } from '../../src/engine/engine.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import { createClient } from '../../src/rpc/client.ts';
import { memoryPorts } from '../../src/rpc/port.ts';
import { serve } from '../../src/rpc/server.ts';
import { script } from './scripted-driver.ts';

const [folder = '', count = '1'] = process.argv.slice(2);
const driver = script();
const report = (bug: unknown): void => {
  process.stderr.write(`${String(bug)}\n`);
};
const engine = createEngine({
  drivers: [driver.module],
  storage: new MemoryStorage(),
  version: '1.2.3',
  runtime: 'test',
  recordings: { folder, sizes: { flushMs: 1 } },
  report,
});
const [left, right] = memoryPorts();
serve(right, (link) => engine.handlers(link), report);
const client = createClient(left);
const config = { protocol: 'scripted', address: 'in another process', options: {} };
const created = await client.call('session.create', { config });
if (!created.ok) throw new Error(created.error.message);
const { session } = created.value;
await client.call('session.open', { session, config });
const peer = driver.last.connect('10.0.0.1:5');
for (let index = 0; index < Number(count); index += 1) driver.last.receive(peer, `message ${index}`);

// Not a timer of the engine: this process lives until it is killed.
const timer = setInterval(() => {
  void client.call('session.list', {}).then((listed) => {
    const recording = listed.ok ? listed.value.sessions[0]?.recording : undefined;
    if (recording?.id === null || recording?.waiting !== 0) return;
    clearInterval(timer);
    setInterval(() => undefined, 1e6);
    process.stdout.write(`${recording.id}\n`);
  });
}, 5);
