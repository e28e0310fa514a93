/** The desktop application: one window, and the engine in this process. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { guardAllContents, guardSession } from './guards.ts';
import { LateEngine } from './late-engine.ts';
import { setMenu } from './menu.ts';
import { takePorts } from './ports.ts';
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

/** Resolves when Chromium knows how it will draw. Where it never says so, the page's port starts the engine. */
function graphicsKnown(): Promise<void> {
  return new Promise((resolve) => {
    app.once('gpu-info-update', () => {
      resolve();
    });
  });
}

async function openWindow(engine: LateEngine, quitting: Quitting): Promise<void> {
  const window = createWindow();
  quitting.watch(window);
  takePorts(window, (port) => {
    engine.serve(port);
  });
  await Promise.all([showWindow(window), engine.started]);
  isUp = true;
  say('window ready');
}

async function start(): Promise<void> {
  const folder = join(__dirname, '../renderer');
  const graphics = graphicsKnown();
  // Without the page the window would open and say that there is no such file.
  await Promise.all([app.whenReady(), access(join(folder, 'index.html'))]);
  const { electron, chrome, node } = process.versions;
  say(`Electron ${electron} (Chrome ${chrome}, Node ${node})`);
  guardSession(session.defaultSession);
  const scriptServed = serveAppScheme(folder);
  const engine = new LateEngine(async () => {
    const { startEngine } = await import('./host.ts');
    return startEngine(__dirname, report);
  });
  // From then on the page is busy with its script, and nothing waits for this thread.
  void Promise.all([graphics, scriptServed]).then(() => {
    engine.load();
  });
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
