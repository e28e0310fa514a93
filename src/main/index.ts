/** The desktop application: one window, and the engine in this process. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, session, shell } from 'electron';
import { LINK_SCHEME } from '../shared/open-link.ts';
import { shortArguments } from './arguments.ts';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { Commands } from './commands.ts';
import { recoverFromCrashes } from './crash.ts';
import { guardAllContents, guardSession } from './guards.ts';
import { HandoverQueue } from './handover-queue.ts';
import { takeIncoming, thisStart } from './incoming.ts';
import { LateEngine } from './late-engine.ts';
import { LogFile } from './log-file.ts';
import { setMenu } from './menu.ts';
import { takePorts } from './ports.ts';
import { prepareQuitting, type Quitting } from './quit.ts';
import { createWindow, showWindow } from './window.ts';

app.setName('Wirebench');

const WEBSITE = 'https://github.com/wirebench/wirebench';

/** From here on a bug is logged and the sessions go on; before, there is nothing to keep. */
let isUp = false;

function say(line: string): void {
  process.stdout.write(`wirebench: ${line}\n`);
}

const log = new LogFile(join(app.getPath('userData'), 'logs', 'wirebench.log'));

function report(bug: unknown): void {
  const text = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
  process.stderr.write(`wirebench: ${text}\n`);
  log.write(`bug: ${text}`);
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

const commands = new Commands();
const handovers = new HandoverQueue((handover) => {
  // Of a link not even the beginning: it may hold a preset.
  const what = 'path' in handover ? ` ${JSON.stringify(handover.path)}` : '';
  say(`handed to the window: ${handover.type}${what}`);
});

async function openWindow(engine: LateEngine, quitting: Quitting): Promise<void> {
  const window = createWindow();
  quitting.watch(window);
  takePorts(window, (port) => {
    engine.serve(port);
  });
  recoverFromCrashes(window, {
    handovers,
    note: (line) => {
      say(line);
      log.write(line);
    },
    logPath: log.path,
    quit: () => void quitting.request(),
  });
  await Promise.all([showWindow(window), engine.started]);
  isUp = true;
  say('window ready');
}

async function start(): Promise<void> {
  const folder = join(__dirname, '../renderer');
  const graphics = graphicsKnown();
  let openAgain = (): void => undefined;
  takeIncoming(handovers, () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) openAgain();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  // Without the page the window would open and say that there is no such file.
  await Promise.all([app.whenReady(), access(join(folder, 'index.html'))]);
  const { electron, chrome, node } = process.versions;
  const runtime = `Electron ${electron} (Chrome ${chrome}, Node ${node})`;
  say(runtime);
  guardSession(session.defaultSession);
  const scriptServed = serveAppScheme(folder);
  const engine = new LateEngine(async () => {
    const { startEngine } = await import('./host.ts');
    return startEngine(__dirname, report, {
      handovers,
      openAddress: async (address) => (await import('./open-external.ts')).openExternal(address),
      onCommand: (listener) => commands.on(listener),
    });
  });
  // From then on the page is busy with its script, and nothing waits for this thread.
  void Promise.all([graphics, scriptServed]).then(() => {
    engine.load();
  });
  const quitting = prepareQuitting(engine);
  setMenu({
    run: (command) => {
      commands.run(command);
    },
    quit: () => void quitting.request(),
    about: () => void import('./about.ts').then(({ showAbout }) => showAbout()),
    showLog: () => {
      log.write('the log was shown');
      shell.showItemInFolder(log.path);
    },
    website: () => void import('./open-external.ts').then(({ openExternal }) => openExternal(WEBSITE)),
  });
  await openWindow(engine, quitting);
  openAgain = () => {
    openWindow(engine, quitting).catch(onBug);
  };
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openAgain();
  });
  log.write(`Wirebench ${app.getVersion()} on ${runtime}, ${process.platform} ${process.arch}`);
  // The packages of the other systems tell them; here the application itself must.
  if (process.platform === 'win32' && app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
}

// A terminal that has gone must not end the application by EPIPE.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.on('uncaughtException', onBug);
process.on('unhandledRejection', onBug);
registerAppScheme();
guardAllContents(app);

const short = shortArguments(process.argv.slice(1));
if (short !== null) {
  // Asking for the lock with these would end the instance that runs. An AppImage is not at its path any more then.
  const { APPIMAGE: execPath } = process.env;
  app.relaunch({ args: short, ...(execPath === undefined ? {} : { execPath }) });
  app.exit(0);
} else if (app.requestSingleInstanceLock({ ...thisStart() })) {
  start().catch(onBug);
} else {
  // Two engines would write the same workspace over each other.
  say('it is running already; its window has come to the front');
  app.exit(0);
}
