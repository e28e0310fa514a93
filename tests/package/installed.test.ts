/** The package as a person has it: installed by apt, started from the menu, used, and removed again. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Bench } from '../e2e/support/bench.ts';
import { exportTo } from '../e2e/support/exporting.ts';
import { packageEnding } from './support/package.ts';
import { open, Person, type Opened } from './support/person.ts';
import { processesOf } from './support/processes.ts';
import { apt, run, succeed } from './support/run.ts';

test.describe.configure({ mode: 'serial' });

const PROGRAM = '/opt/Wirebench/wirebench';
const SCHEME = 'x-scheme-handler/wirebench';
/** Folders that belong to the system, in which the package has put something. */
const OF_THE_SYSTEM =
  /^\/(\.|opt|usr(\/(bin|share(\/(applications|doc|icons(\/.*)?|lintian(\/overrides)?|man(\/man1)?|metainfo|mime(\/packages)?))?)?)?)$/;

let person: Person;
let files: readonly string[] = [];

async function isInstalled(): Promise<boolean> {
  return (await run('dpkg-query', ['--status', 'wirebench'])).code === 0;
}

test.beforeAll(async () => {
  if (await isInstalled())
    throw new Error('Wirebench is installed here. These tests would remove it: remove it first.');
  person = await Person.make();
});

test.afterAll(async () => {
  await person.remove();
  if (await isInstalled()) await apt('purge', 'wirebench');
});

/** Whatever happens, the application ends. */
async function using(opened: Opened, work: (bench: Bench, opened: Opened) => Promise<void>): Promise<void> {
  try {
    await work(new Bench(opened.page), opened);
  } finally {
    await opened.browser.close();
    await opened.started.stop();
  }
}

test('apt installs it, and every file is as it was packed', async () => {
  await apt('install', await packageEnding('.deb'));
  files = (await succeed('dpkg-query', ['--listfiles', 'wirebench'])).trim().split('\n');
  expect(files).toContain('/usr/bin/wirebench');
  expect(await succeed('dpkg', ['--verify', 'wirebench'])).toBe('');
  const open = await Promise.all(files.map(async (path) => ({ path, mode: (await stat(path)).mode })));
  expect(open.filter(({ mode }) => (mode & 0o022) !== 0)).toEqual([]);
});

test('desktops know it: links, kinds of files, icons', async () => {
  expect(await succeed('gio', ['mime', SCHEME])).toContain('wirebench.desktop');
  const kinds = {
    '000001.wbr': 'application/vnd.wirebench.recording',
    'room.wirebench': 'application/vnd.wirebench.preset',
    'room.wb.yaml': 'application/vnd.wirebench.preset',
  };
  for (const [name, kind] of Object.entries(kinds)) {
    const path = await person.write(join('kinds', name), 'wirebench: 1\n');
    expect(await succeed('gio', ['info', '--attributes=standard::content-type', path])).toContain(kind);
    expect(await succeed('gio', ['mime', kind])).toContain('wirebench.desktop');
  }
  expect(files.filter((path) => /\/hicolor\/\d+x\d+\/apps\/wirebench\.png$/.test(path)).length).toBeGreaterThanOrEqual(
    8,
  );
});

test('an ordinary user gets a window, with the sandbox on', async () => {
  await using(await open(person), async (bench, { started }) => {
    await expect(bench.page).toHaveTitle(/Wirebench/);
    await expect(bench.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
    const processes = await processesOf(PROGRAM);
    expect(processes.filter(({ command }) => command.includes('--no-sandbox'))).toEqual([]);
    const renderer = processes.find(({ command }) => command.includes('--type=renderer'));
    const main = processes.find(({ command }) => !command.includes('--type='));
    expect(renderer?.seccomp).toBe(2);
    expect(renderer?.namespace).not.toBe(main?.namespace);
    const version = await succeed('dpkg-query', ['--show', '--showformat=${Version}', 'wirebench']);
    await expect(bench.page.getByText(`· ${version.replace('~', '-')}`)).toBeVisible();
    const [, electron = ''] = await started.line(/wirebench: Electron (\S+)/);
    await expect(bench.page.getByText(`Electron ${electron} ·`)).toBeVisible();
    // What a dock goes by to find the icon of a window.
    const windows = await succeed('xwininfo', ['-root', '-tree']);
    expect(windows).toMatch(/"Wirebench": \("wirebench" "[Ww]irebench"\)/);
  });
});

test('the threads that search and export start out of the archive', async () => {
  await using(await open(person), async (bench) => {
    const { page } = bench;
    await page.getByRole('button', { name: 'Try the echo demo' }).click();
    await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Filter messages' }).fill('dir:in hello');
    await expect(bench.row('out', 'data')).toHaveCount(0);
    await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
    const path = join(person.home, 'export.txt');
    await exportTo(bench, { format: 'Plain text', rows: /^Filtered view/, path });
    const text = await readFile(path, 'utf8');
    expect(text).toContain('hello world');
  });
});

// A preset that comes from outside is read in a thread, too.
test('a preset arrives as an argument, and a second start hands its file to the same window', async () => {
  const preset = await person.write(
    'room.wirebench',
    'wirebench: 1\nname: Room of the test\nprotocol: tcp-client\naddress: 127.0.0.1:9\n',
  );
  const second = await person.write(
    'other.wirebench',
    'wirebench: 1\nname: Other room\nprotocol: tcp-client\naddress: 127.0.0.1:9\n',
  );
  await using(await open(person, [preset]), async ({ page }, { started }) => {
    await started.line(new RegExp(`wirebench: handed to the window: \\w+ "${preset}"`));
    await expect(page.getByText('Room of the test').first()).toBeVisible();
    const again = person.spawn('/usr/bin/wirebench', [second]);
    expect(await again.ended).toBe(0);
    await started.line(new RegExp(`wirebench: handed to the window: \\w+ "${second}"`));
  });
});

test('a recording arrives as an argument', async () => {
  const recordings = join(person.home, '.config', 'Wirebench', 'recordings');
  const segment = (await succeed('find', [recordings, '-name', '000001.wbr'])).split('\n')[0] ?? '';
  expect(segment).not.toBe('');
  await using(await open(person, [segment]), async (bench, { started }) => {
    await started.line(new RegExp(`wirebench: handed to the window: recording "${segment}"`));
    await expect(bench.status).toContainText('read only');
  });
});

test('nobody gets the binary to run other code', async () => {
  const attempts = [
    { args: ['-p', '6 * 7'], env: { ELECTRON_RUN_AS_NODE: '1' } },
    { args: ['--version'], env: { NODE_OPTIONS: '--require=/nowhere/loaded.js' } },
    { args: ['--inspect=127.0.0.1:0'], env: {} },
  ];
  for (const { args, env } of attempts) {
    // Without a screen it ends at once, unless something else than the application runs.
    const { started } = { started: person.spawn(PROGRAM, args, { DISPLAY: '', ...env }) };
    await started.ended;
    expect(started.said).not.toMatch(/^42$/m);
    expect(started.said).not.toContain('/nowhere/loaded.js');
    expect(started.said).not.toContain('Debugger listening');
  }
});

test('removed, it leaves nothing of the package behind', async () => {
  await apt('purge', 'wirebench');
  const ours = files.filter((path) => !OF_THE_SYSTEM.test(path));
  expect(ours.length).toBeGreaterThan(20);
  expect(ours.filter((path) => existsSync(path))).toEqual([]);
  expect(existsSync('/opt/Wirebench')).toBe(false);
  expect(await succeed('gio', ['mime', SCHEME])).not.toContain('wirebench.desktop');
  const caches = await run('grep', [
    '-rl',
    'wirebench',
    '/usr/share/applications',
    '/usr/share/mime',
    '/etc',
    '/var/lib/dpkg/info',
  ]);
  expect(caches.output).toBe('');
  expect(await processesOf(PROGRAM)).toEqual([]);
});
