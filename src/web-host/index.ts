/** The same window in a browser: the engine in plain Node, the window by HTTP on this machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { driverModules } from '../drivers/node.ts';
import { createEngine } from '../engine/engine.ts';
import { Downloads } from '../engine/export/downloads.ts';
import { FileStorage } from '../engine/storage.ts';
import { sentence } from '../shared/errors.ts';
import { wireErrorOf } from '../shared/system-error.ts';
import { parseArguments } from './arguments.ts';
import { startWebHost } from './server.ts';

function report(bug: unknown): void {
  const text = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
  process.stderr.write(`wirebench: ${text}\n`);
}

function version(): string {
  const document: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(document).version;
}

async function start(): Promise<void> {
  const args = parseArguments(process.argv.slice(2), process.env, process.platform);
  if (!args.ok) {
    process.stderr.write(`wirebench: ${sentence(args.error)}\n`);
    process.exitCode = 2;
    return;
  }
  const { host, port, data, recordings } = args.value;
  const storage = new FileStorage(join(data, 'workspace.json'));
  const downloads = new Downloads();
  const engine = createEngine({
    drivers: driverModules,
    storage,
    downloads,
    settings: new FileStorage(join(data, 'settings.json')),
    recordings: { folder: recordings },
    workspaces: {
      home: join(data, 'workspace'),
      folders: new FileStorage(join(data, 'folders.json')),
      trash: join(data, 'deleted-presets'),
      thread: join(__dirname, 'files-worker.cjs'),
    },
    workers: {
      scan: join(__dirname, 'scan-worker.cjs'),
      export: join(__dirname, 'export-worker.cjs'),
      import: join(__dirname, 'import-worker.cjs'),
    },
    version: version(),
    runtime: `Node ${process.versions.node}`,
    report,
  });
  const folder = join(__dirname, '../renderer');
  try {
    const webHost = await startWebHost({ engine, folder, downloads, host, port, report });
    const stop = async (): Promise<void> => {
      await Promise.all([webHost.close(), engine.dispose()]);
      process.exit(0);
    };
    process.once('SIGINT', () => void stop());
    process.once('SIGTERM', () => void stop());
    // Only now: a bug at the start ends the process, a later one is logged and the sessions go on.
    process.on('uncaughtException', report);
    process.on('unhandledRejection', report);
    process.stdout.write(`Wirebench is served at ${webHost.url}\n`);
  } catch (problem) {
    process.stderr.write(`wirebench: ${sentence(wireErrorOf(problem, `${host}:${port}`))}\n`);
    process.exitCode = 1;
  }
}

// A terminal that has gone must not end the process by EPIPE.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
void start();
