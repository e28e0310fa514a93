/** An engine with scripted drivers and any number of windows, joined in memory. */
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/engine.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import { createClient, type Client } from '../../src/rpc/client.ts';
import { memoryPorts } from '../../src/rpc/port.ts';
import { serve } from '../../src/rpc/server.ts';
import { script, type Script } from './scripted-driver.ts';

export interface EngineBench {
  readonly engine: Engine;
  readonly driver: Script;
  readonly storage: MemoryStorage;
  readonly bugs: unknown[];
  /** A further window. */
  readonly connect: () => Client;
  readonly dispose: () => Promise<void>;
}

export function engineBench(options: Partial<EngineOptions> = {}): EngineBench {
  const driver = script();
  const storage = new MemoryStorage();
  const bugs: unknown[] = [];
  const report = (bug: unknown): void => void bugs.push(bug);
  const engine = createEngine({
    drivers: [driver.module],
    storage,
    version: '1.2.3',
    runtime: 'test',
    report,
    ...options,
  });
  const clients: Client[] = [];
  return {
    engine,
    driver,
    storage,
    bugs,
    connect() {
      const [left, right] = memoryPorts();
      serve(right, (connection) => engine.handlers(connection), report);
      const client = createClient(left);
      clients.push(client);
      return client;
    },
    async dispose() {
      for (const client of clients) client.close();
      await engine.dispose();
    },
  };
}
