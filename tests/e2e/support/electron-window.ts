/** The window by Electron's own hands: Playwright lets go of a page that has crashed. */
import type { ElectronApplication } from '@playwright/test';
import { PAGE_SETTLED_MS } from '../../../src/shared/app-limits.ts';
import type { Host } from './host.ts';

export class ElectronWindow {
  readonly #electron: ElectronApplication;

  constructor({ electron }: Host) {
    if (electron === null) throw new Error('this is a test of Electron');
    this.#electron = electron;
  }

  /** Id of the process that draws the window. */
  pid(): Promise<number> {
    return this.#electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return window?.webContents.getOSProcessId() ?? 0;
    });
  }

  /** Text of the page; empty while there is none. */
  text(): Promise<string> {
    return this.#electron.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined || window.webContents.isLoading() || window.webContents.isCrashed()) return '';
      const reading: Promise<unknown> = window.webContents.executeJavaScript('document.body.innerText');
      // A page that dies meanwhile never answers.
      const gone = new Promise<string>((resolve) => setTimeout(resolve, 2000, ''));
      return String(await Promise.race([reading, gone]));
    });
  }

  crash(): Promise<void> {
    return this.#electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
  }

  /** Lets the page be up for so long that its end does not count as a crash of its own. */
  settle(): Promise<void> {
    return this.#electron.evaluate(async (_, ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }, PAGE_SETTLED_MS + 100);
  }

  /** Chooses an item of the application menu by its words. */
  async menu(label: string): Promise<void> {
    const isThere = await this.#electron.evaluate(({ BrowserWindow, Menu }, wanted) => {
      const todo = [...(Menu.getApplicationMenu()?.items ?? [])];
      for (let item = todo.shift(); item !== undefined; item = todo.shift()) {
        todo.push(...(item.submenu?.items ?? []));
        if (item.label !== wanted) continue;
        Reflect.apply(item.click, item, [undefined, BrowserWindow.getAllWindows()[0], undefined]);
        return true;
      }
      return false;
    }, label);
    if (!isThere) throw new Error(`the menu has no ${label}`);
  }

  moveTo(bounds: Electron.Rectangle): Promise<void> {
    return this.#electron.evaluate(({ BrowserWindow }, place) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(place);
    }, bounds);
  }

  bounds(): Promise<Electron.Rectangle> {
    return this.#electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return window?.getNormalBounds() ?? { x: 0, y: 0, width: 0, height: 0 };
    });
  }

  /** From now on each message box of the system is answered with its button of this number. */
  answerDialogs(response: number): Promise<void> {
    return this.#electron.evaluate(({ app, dialog }, button) => {
      const seen: string[] = [];
      Reflect.set(app, 'seenByTest', seen);
      Reflect.set(dialog, 'showMessageBox', (...given: readonly unknown[]) => {
        const options: unknown = given.at(-1);
        const message: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'message') : '';
        seen.push(String(message));
        return Promise.resolve({ response: button, checkboxChecked: false });
      });
    }, response);
  }

  /** Messages of the boxes that were answered so. */
  dialogs(): Promise<string[]> {
    return this.#electron.evaluate(({ app }) => {
      const seen: unknown = Reflect.get(app, 'seenByTest');
      return Array.isArray(seen) ? seen.map(String) : [];
    });
  }
}
