/**
 * Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security), one test for each of its
 * 20 items, in their order and with their titles, against the application as it runs. `npm run security-check` prints
 * them as a table.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { makeLauncher, type Host, type Launcher } from '../support/host.ts';
import { drawFrames } from '../support/frames.ts';
import { expect, test } from '../support/test.ts';

const root = join(import.meta.dirname, '../../..');

let launcher: Launcher;
let host: Host;
let page: Page;
let electron: ElectronApplication;
/** Somebody else's server: nothing may ever reach it. */
let outside: Server;
let outsideAddress = '';
const reached: string[] = [];

test.beforeAll(async () => {
  outside = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('<title>outside</title>');
  }).listen(0, '127.0.0.1');
  await once(outside, 'listening');
  const place = outside.address();
  outsideAddress = typeof place === 'object' && place !== null ? `http://127.0.0.1:${place.port}` : '';
  launcher = await makeLauncher('electron');
  host = await launcher.start();
  page = host.page;
  if (host.electron === null) throw new Error('this is a test of Electron');
  electron = host.electron;
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
});

test.afterAll(async () => {
  await launcher.dispose();
  outside.close();
});

/** The preferences that the window was made with. */
function preferences(): Promise<Readonly<Record<string, unknown>>> {
  return electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const ask: unknown = contents === undefined ? undefined : Reflect.get(contents, 'getLastWebPreferences');
    const found: unknown = typeof ask === 'function' ? Reflect.apply(ask, contents, []) : null;
    return Object.fromEntries(Object.entries(found ?? {}).filter(([, value]) => typeof value !== 'object'));
  });
}

/** What a request of the page comes to: the status of its answer, or `refused`. */
function fetched(address: string): Promise<number | 'refused'> {
  return page.evaluate(async (url) => {
    try {
      return (await fetch(url)).status;
    } catch {
      return 'refused' as const;
    }
  }, address);
}

test('1 · Only load secure content', async () => {
  const loaded: string[] = [];
  const note = (request: { url(): string }): void => void loaded.push(request.url());
  page.on('request', note);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  page.off('request', note);
  expect(loaded.length).toBeGreaterThan(2);
  expect(loaded.filter((url) => !url.startsWith('app://wirebench/'))).toEqual([]);
});

test('2 · Do not enable Node.js integration for remote content', async () => {
  const { nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames } = await preferences();
  const globals = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in window),
  );
  expect([nodeIntegration, nodeIntegrationInWorker ?? false, nodeIntegrationInSubFrames ?? false, ...globals]).toEqual([
    false,
    false,
    false,
  ]);
});

test('3 · Enable context isolation', async () => {
  expect(await preferences()).toMatchObject({ contextIsolation: true });
});

test('4 · Enable process sandboxing', async () => {
  expect(await preferences()).toMatchObject({ sandbox: true });
});

test('5 · Handle session permission requests from remote content', async () => {
  const granted = await page.evaluate(async () => {
    const asked: Readonly<Record<string, () => Promise<unknown>>> = {
      notifications: async () => {
        if ((await Notification.requestPermission()) !== 'granted') throw new Error('denied');
      },
      camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
      microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
      screen: () => navigator.mediaDevices.getDisplayMedia(),
      clipboard: () => navigator.clipboard.readText(),
      location: () =>
        new Promise((resolve, reject) => {
          navigator.geolocation.getCurrentPosition(resolve, reject);
        }),
      midi: () => navigator.requestMIDIAccess({ sysex: true }),
    };
    const answers = Object.entries(asked).map(async ([name, ask]) => {
      try {
        await ask();
        return [name];
      } catch {
        return [];
      }
    });
    return (await Promise.all(answers)).flat();
  });
  expect(granted).toEqual([]);
});

test('6 · Do not disable webSecurity', async () => {
  const { webSecurity } = await preferences();
  expect([webSecurity ?? true, await fetched('file:///etc/passwd'), await fetched(outsideAddress)]).toEqual([
    true,
    'refused',
    'refused',
  ]);
});

test('7 · Define a Content Security Policy', async () => {
  const policy = await page.evaluate(
    async () => (await fetch('app://wirebench/index.html')).headers.get('content-security-policy') ?? '',
  );
  const refused = await page.evaluate(
    (address) =>
      new Promise<readonly string[]>((resolve) => {
        const found: string[] = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          found.push(effectiveDirective),
        );
        const inline = document.createElement('script');
        inline.textContent = 'window.inlineRan = true';
        const remote = document.createElement('script');
        remote.src = `${address}/script.js`;
        const image = document.createElement('img');
        image.src = `${address}/pixel.png`;
        const frame = document.createElement('iframe');
        frame.src = `${address}/frame.html`;
        document.body.append(inline, remote, image, frame);
        setTimeout(() => {
          let evaluated = 'evaluated';
          try {
            Reflect.construct(Function, ['return 1']);
          } catch {
            evaluated = 'eval refused';
          }
          for (const element of [inline, remote, image, frame]) element.remove();
          resolve([...found.sort(), evaluated, 'inlineRan' in window ? 'inline ran' : 'inline refused']);
        }, 300);
      }),
    outsideAddress,
  );
  expect([
    policy.startsWith("default-src 'none'"),
    /unsafe-(?:eval|inline)/.test(policy),
    ...refused,
    ...reached,
  ]).toEqual([
    true,
    false,
    'frame-src',
    'img-src',
    'script-src-elem',
    'script-src-elem',
    'eval refused',
    'inline refused',
  ]);
});

test('8 · Do not enable allowRunningInsecureContent', async () => {
  expect((await preferences()).allowRunningInsecureContent ?? false).toBe(false);
});

test('9 · Do not enable experimental features', async () => {
  expect((await preferences()).experimentalFeatures ?? false).toBe(false);
});

test('10 · Do not use enableBlinkFeatures', async () => {
  expect((await preferences()).enableBlinkFeatures ?? '').toBe('');
});

test('11 · Do not use allowpopups for WebViews', async () => {
  expect((await preferences()).webviewTag).toBe(false);
});

test('12 · Verify WebView options and parameters', async () => {
  const kind = await page.evaluate((address) => {
    const view = document.createElement('webview');
    view.setAttribute('src', address);
    view.setAttribute('allowpopups', '');
    document.body.append(view);
    const made = view.constructor.name;
    view.remove();
    return made;
  }, outsideAddress);
  const guests = await electron.evaluate(
    ({ webContents }) => webContents.getAllWebContents().filter((contents) => contents.getType() === 'webview').length,
  );
  expect([kind, guests, ...reached]).toEqual(['HTMLElement', 0]);
});

test('13 · Disable or limit navigation', async () => {
  const elsewhere = [outsideAddress, 'file:///etc/passwd', 'data:text/html,x', 'about:blank', 'app://other/index.html'];
  for (const address of elsewhere) {
    await page.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      link.remove();
      window.location.href = url;
    }, address);
    // What is not refused begins within these frames.
    await drawFrames(page, 12).catch(() => undefined);
    // about:blank cannot be prevented: our page comes again.
    const shown = (): Promise<string> =>
      page.evaluate(() => `${location.href} ${document.querySelector('h1')?.textContent ?? ''}`).catch(() => '');
    await expect.poll(shown).toBe('app://wirebench/index.html Wirebench');
  }
  expect([page.url(), ...reached]).toEqual(['app://wirebench/index.html']);
});

test('14 · Disable or limit creation of new windows', async () => {
  const opened = await page.evaluate((address) => {
    const link = document.createElement('a');
    link.href = address;
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.remove();
    return [window.open(address), window.open('about:blank'), window.open('app://wirebench/index.html')];
  }, outsideAddress);
  const windows = await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  expect([...opened, windows, ...reached]).toEqual([null, null, null, 1]);
});

test('15 · Do not use shell.openExternal with untrusted content', async () => {
  const address = 'https://github.com/wirebench/wirebench';
  await electron.evaluate(({ app, dialog, shell }) => {
    const log: string[] = [];
    const functions = [Reflect.get(dialog, 'showMessageBox'), Reflect.get(shell, 'openExternal')];
    Reflect.set(app, 'seenByTest', { log, response: 1, functions });
    Reflect.set(dialog, 'showMessageBox', (...given: readonly unknown[]) => {
      const options: unknown = given.at(-1);
      log.push(`asks ${String(typeof options === 'object' && options !== null ? Reflect.get(options, 'detail') : '')}`);
      const { response }: { response: number } = Reflect.get(app, 'seenByTest');
      return Promise.resolve({ response, checkboxChecked: false });
    });
    Reflect.set(shell, 'openExternal', (opened: string) => {
      log.push(`opens ${opened}`);
      return Promise.resolve();
    });
  });
  /** Chooses the item and answers the question with that button. */
  const choose = (response: number): Promise<void> =>
    electron.evaluate(({ app, Menu }, button) => {
      Reflect.set(Reflect.get(app, 'seenByTest'), 'response', button);
      Menu.getApplicationMenu()
        ?.items.flatMap((menu) => menu.submenu?.items ?? [])
        .find(({ label }) => label === 'Website')
        ?.click();
    }, response);
  const seen = (): Promise<readonly string[]> =>
    electron.evaluate(({ app }) => {
      const { log }: { log: readonly string[] } = Reflect.get(app, 'seenByTest');
      return log;
    });
  await choose(1);
  await expect.poll(seen).toEqual([`asks ${address}`]);
  await choose(0);
  await expect.poll(seen).toEqual([`asks ${address}`, `asks ${address}`, `opens ${address}`]);
  await electron.evaluate(({ app, dialog, shell }) => {
    const { functions }: { functions: readonly unknown[] } = Reflect.get(app, 'seenByTest');
    Reflect.set(dialog, 'showMessageBox', functions[0]);
    Reflect.set(shell, 'openExternal', functions[1]);
  });
});

test('16 · Use a current version of Electron', async () => {
  const { devDependencies }: { devDependencies: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  const declared = Number(/\d+/.exec(devDependencies.electron ?? '')?.[0]);
  const running = await electron.evaluate(() => process.versions.electron);
  test.info().annotations.push({ type: 'note', description: `package.json asks for ${declared}; this is ${running}` });
  expect(declared).toBeGreaterThanOrEqual(45);
});

test('17 · Validate the sender of all IPC messages', async () => {
  const answers = await electron.evaluate(
    async ({ BrowserWindow, ipcMain, MessageChannelMain }, [channel = '', outside = '']) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) return [];
      const { webContents } = window;
      /** Offers a port so. `answered` resolves when the engine answers to it. */
      const offer = (sender: unknown, senderFrame: unknown): { isServed: boolean; answered: Promise<void> } => {
        const { port1, port2 } = new MessageChannelMain();
        const answered = new Promise<void>((resolve) => {
          port1.on('message', () => {
            offered.isServed = true;
            resolve();
          });
        });
        const offered = { isServed: false, answered };
        port1.start();
        ipcMain.emit(channel, { sender, senderFrame, ports: [port2] });
        port1.postMessage({ type: 'call', id: 1, method: 'app.info', params: {} });
        return offered;
      };
      const other = new BrowserWindow({ show: false });
      await other.loadURL(`data:text/html,<title>other</title>`);
      const { mainFrame } = webContents;
      const offers = [
        offer(other.webContents, other.webContents.mainFrame),
        offer(other.webContents, mainFrame),
        offer(webContents, { url: 'app://wirebench/index.html' }),
        offer(webContents, { url: outside }),
        offer(webContents, null),
        offer(webContents, mainFrame),
      ];
      // Those before the last would have been answered before it, and before what is asked after that.
      await offers.at(-1)?.answered;
      await offer(webContents, mainFrame).answered;
      const served = offers.map(({ isServed }) => isServed);
      other.destroy();
      return served;
    },
    ['wirebench:port', outsideAddress],
  );
  // Only the main frame of the window that shows our page: the last one.
  expect(answers).toEqual([false, false, false, false, false, true]);
});

test('18 · Avoid usage of the file:// protocol and prefer usage of custom protocols', async () => {
  const statuses = await Promise.all(
    [
      'app://wirebench/index.html',
      'app://wirebench/../package.json',
      'app://wirebench/%2e%2e/%2e%2e/package.json',
      'app://wirebench/..%5c..%5cpackage.json',
      'app://wirebench//etc/passwd',
      'app://wirebench/.git/config',
    ].map(fetched),
  );
  expect([page.url().split(':')[0], ...statuses]).toEqual(['app', 200, 404, 404, 404, 404, 404]);
});

test('19 · Check which fuses you can change', async () => {
  const config = await readFile(join(root, 'electron-builder.config.js'), 'utf8');
  const fuses = await readFile(join(root, 'scripts/lib/fuses.mjs'), 'utf8');
  const wanted = Array.from(
    fuses.matchAll(/name: '(\w+)',\s*option: [\w.]+,\s*on: (\w+),\s*required: true/g),
    ([, name, on]) => [name, on],
  );
  test.info().annotations.push({ type: 'note', description: 'read back from the packaged binary: see the fuse table' });
  expect([/afterPack:.*setFuses/.test(config), Object.fromEntries(wanted)]).toEqual([
    true,
    {
      RunAsNode: 'false',
      EnableNodeOptionsEnvironmentVariable: 'false',
      EnableNodeCliInspectArguments: 'false',
      OnlyLoadAppFromAsar: 'true',
      EnableEmbeddedAsarIntegrityValidation: 'true',
      EnableCookieEncryption: 'true',
    },
  ]);
});

test('20 · Do not expose Electron APIs to untrusted web content', async () => {
  const exposed = await page.evaluate(() => {
    const own = Object.getOwnPropertyNames(window).filter((name) => /electron|ipc|wirebench|node/i.test(name));
    return own.filter((name) => typeof Reflect.get(window, name) === 'object' && !/^(?:Node|IPC)/.test(name));
  });
  const members = await page.evaluate(() => {
    const files: unknown = Reflect.get(window, 'wirebenchFiles');
    return typeof files === 'object' && files !== null ? Object.keys(files) : [];
  });
  expect([
    ...exposed.filter((name) => name !== 'wirebenchFiles'),
    ...members.filter((name) => name !== 'pathOf'),
  ]).toEqual([]);
});
