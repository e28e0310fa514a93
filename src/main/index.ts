/** The desktop application: one window, and the engine in this process. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, session, shell } from 'electron';
import { driverModules } from '../drivers/node.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { FileStorage } from '../engine/storage.ts';
import { serve } from '../rpc/server.ts';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { chooseFile, chooseSave } from './dialogs.ts';
import { guardAllContents, guardSession } from './guards.ts';
import { setMenu } from './menu.ts';
import { handOverPorts } from './ports.ts';
import { prepareQuitting, type Quitting } from './quit.ts';
import { createWindow, showWindow } from './window.ts';

/** From here on a bug is logged and the sessions go on; before, there is nothing to keep. */
let isUp = false;

function say(line: string): void {
  process.stdout.write(`wirebench: ${line}\n`);
}

function report(bug: unknown): void {
  const text = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
  process.stderr.write(`wirebench: ${text}\n`);
}

/** Instead of Electron's dialog, in which a failed start would wait for somebody to click. */
function onBug(bug: unknown): void {
  report(bug);
  if (!isUp) app.exit(1);
}

function startEngine(): Engine {
  const data = app.getPath('userData');
  return createEngine({
    drivers: driverModules,
    storage: new FileStorage(join(data, 'workspace.json')),
    settings: new FileStorage(join(data, 'settings.json')),
    recordings: { folder: join(data, 'recordings') },
    workers: { scan: join(__dirname, 'scan-worker.cjs'), export: join(__dirname, 'export-worker.cjs') },
    version: app.getVersion(),
    runtime: `Electron ${process.versions.electron}`,
    chooseFile,
    chooseSave,
    reveal: (path) => {
      shell.showItemInFolder(path);
    },
    report,
  });
}

async function openWindow(engine: Engine, quitting: Quitting): Promise<void> {
  const window = createWindow();
  quitting.watch(window);
  handOverPorts(window, (port) => {
    serve(port, (connection) => engine.handlers(connection), report);
  });
  await showWindow(window);
  isUp = true;
  say('window ready');
}

async function start(): Promise<void> {
  await app.whenReady();
  const { electron, chrome, node } = process.versions;
  say(`Electron ${electron} (Chrome ${chrome}, Node ${node})`);
  guardSession(session.defaultSession);
  const folder = join(__dirname, '../renderer');
  // Else the window would open and say that there is no such file.
  await access(join(folder, 'index.html'));
  serveAppScheme(folder);
  const engine = startEngine();
  const quitting = prepareQuitting(engine);
  setMenu(() => void quitting.request());
  await openWindow(engine, quitting);
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(engine, quitting).catch(onBug);
  });
}

// A terminal that has gone must not end the application by EPIPE.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.on('uncaughtException', onBug);
process.on('unhandledRejection', onBug);
app.setName('Wirebench');
registerAppScheme();
guardAllContents(app);

// Two engines would write the same workspace over each other.
if (app.requestSingleInstanceLock()) {
  start().catch(onBug);
} else {
  say('it is running already; its window has come to the front');
  app.exit(0);
}
