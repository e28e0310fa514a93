/** The one window. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { APP_ORIGIN } from '../shared/handover.ts';
import { readWindowState, SMALLEST_WINDOW, writeWindowState } from './window-state.ts';

/** `--bg-0` of both themes (src/renderer/styles/tokens.css): what is seen before the first paint. */
const BACKGROUND = { dark: '#101214', light: '#f4f5f6' };

export function createWindow(): BrowserWindow {
  const statePath = join(app.getPath('userData'), 'window.json');
  const { place, width, height, maximized } = readWindowState(
    statePath,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    width,
    height,
    ...place,
    minWidth: SMALLEST_WINDOW.width,
    minHeight: SMALLEST_WINDOW.height,
    title: 'Wirebench',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: join(__dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (maximized) window.maximize();
  window.on('close', () => {
    const { x, y, ...size } = window.getNormalBounds();
    writeWindowState(statePath, { place: { x, y }, ...size, maximized: window.isMaximized() });
  });
  return window;
}

/**
 * How long a loaded page may take to its first picture, ms. When the process that draws has to be started a second time
 * (a system without a graphics card), Electron now and then never says that there is one.
 */
const PICTURE_MS = 3000;

/** Resolves when the window is on the screen. Rejects when the page cannot be loaded. */
export async function showWindow(window: BrowserWindow): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    window.once('ready-to-show', resolve);
  });
  await window.loadURL(`${APP_ORIGIN}/index.html`);
  await Promise.race([ready, delay(PICTURE_MS, undefined, { ref: false })]);
  if (!window.isDestroyed()) window.show();
}
