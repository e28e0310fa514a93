/** The engine as this application hosts it. Loaded late (late-engine.ts): this file brings nearly all of the code of the main process. */
import { join } from 'node:path';
import { app, safeStorage, shell } from 'electron';
import { driverModules } from '../drivers/node.ts';
import { createEngine } from '../engine/engine.ts';
import type { DesktopHost } from '../engine/engine-options.ts';
import { FileStorage } from '../engine/storage.ts';
import { serve } from '../rpc/server.ts';
import { chooseFile, chooseFolder, chooseSave } from './dialogs.ts';
import { keyStoreCipher } from './key-store.ts';
import type { HostedEngine } from './late-engine.ts';

/** @param report receives bugs, for the log */
export function startEngine(folder: string, report: (bug: unknown) => void, desktop: DesktopHost): HostedEngine {
  const data = app.getPath('userData');
  const engine = createEngine({
    drivers: driverModules,
    storage: new FileStorage(join(data, 'workspace.json')),
    settings: new FileStorage(join(data, 'settings.json')),
    recordings: { folder: join(data, 'recordings') },
    secrets: {
      storage: new FileStorage(join(data, 'secrets.json')),
      cipher: keyStoreCipher(safeStorage, process.platform),
    },
    workspaces: {
      home: join(data, 'workspace'),
      folders: new FileStorage(join(data, 'folders.json')),
      trash: join(data, 'deleted-presets'),
      thread: join(folder, 'files-worker.cjs'),
    },
    workers: {
      scan: join(folder, 'scan-worker.cjs'),
      export: join(folder, 'export-worker.cjs'),
      import: join(folder, 'import-worker.cjs'),
    },
    version: app.getVersion(),
    runtime: `Electron ${process.versions.electron}`,
    desktop,
    chooseFile,
    chooseFolder,
    chooseSave,
    reveal: (path) => {
      shell.showItemInFolder(path);
    },
    report,
  });
  return {
    get liveSessions() {
      return engine.liveSessions;
    },
    serve(port) {
      serve(port, (link) => engine.handlers(link), report);
    },
    dispose: () => engine.dispose(),
  };
}
