/** The package before it is installed: what is in it, and what the checkers of Debian and of desktops say. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readFuses } from '../../scripts/lib/fuses.mjs';
import { packageEnding, packagesFolder } from './support/package.ts';
import { run, succeed } from './support/run.ts';

let unpacked = '';

test.beforeAll(async () => {
  unpacked = await mkdtemp(join(tmpdir(), 'wirebench-deb-'));
  await succeed('dpkg-deb', ['--extract', await packageEnding('.deb'), unpacked]);
});

test.afterAll(async () => {
  await rm(unpacked, { recursive: true });
});

test("Debian's checker finds no error, and no warning", async () => {
  const { output } = await run('lintian', ['--tag-display-limit', '0', await packageEnding('.deb')]);
  expect(output.split('\n').filter((line) => /^[EW]:/.test(line))).toEqual([]);
});

test('the entry for menus and the one for software centres are valid', async () => {
  const entry = join(unpacked, 'usr/share/applications/wirebench.desktop');
  expect(await run('desktop-file-validate', [entry])).toEqual({ code: 0, output: '' });
  const metainfo = join(unpacked, 'usr/share/metainfo/dev.wirebench.Wirebench.metainfo.xml');
  const { code, output } = await run('appstreamcli', ['validate', '--no-net', metainfo]);
  expect(code, output).toBe(0);
  const text = await readFile(entry, 'utf8');
  expect(text).toContain('StartupWMClass=wirebench\n');
  expect(text).toMatch(/^MimeType=.*x-scheme-handler\/wirebench;/m);
  expect(text).toMatch(/^Exec=\/opt\/Wirebench\/wirebench %U$/m);
});

test('everything belongs to root, can be written by nobody else, and one command is in the path', async () => {
  const listed = await succeed('dpkg-deb', ['--contents', await packageEnding('.deb')]);
  const rows = listed.split('\n').filter((line) => line !== '');
  expect(rows.filter((row) => !row.includes(' root/root '))).toEqual([]);
  expect(rows.filter((row) => /^[-d].{4}w|^[-d].{7}w/.test(row))).toEqual([]);
  const setuid = rows.filter((row) => /^-..s/.test(row)).map((row) => row.split(' ').at(-1));
  expect(setuid).toEqual(['./opt/Wirebench/chrome-sandbox']);
  expect(listed).toContain('./usr/bin/wirebench -> /opt/Wirebench/wirebench\n');
  expect(listed).not.toContain('default_app');
});

test('the package names the Electron that it carries, and says when that is a stand-in', async () => {
  const fields = await succeed('dpkg-deb', ['--field', await packageEnding('.deb'), 'Version', 'Description']);
  const electron = /Carries Electron (\d+)\.\d+\.\d+/.exec(fields)?.[1] ?? '';
  expect(electron).not.toBe('');
  const { devDependencies } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    devDependencies: { electron: string };
  };
  const isOfficial = devDependencies.electron.startsWith(`^${electron}.`);
  expect(fields.includes('not for release')).toBe(!isOfficial);
  expect(fields.includes(`~standin.electron${electron}`)).toBe(!isOfficial);
});

test('every fuse reads back from the binary as it was set', async () => {
  const fuses = await readFuses(join(unpacked, 'opt/Wirebench/wirebench'));
  const required = [
    'RunAsNode off',
    'EnableNodeOptionsEnvironmentVariable off',
    'EnableNodeCliInspectArguments off',
    'OnlyLoadAppFromAsar on',
    'EnableEmbeddedAsarIntegrityValidation on',
    'EnableCookieEncryption on',
  ];
  expect(fuses.slice(0, required.length).map(({ name, found }) => `${name} ${found}`)).toEqual(required);
  expect(fuses.filter(({ isGood }) => !isGood)).toEqual([]);
});

test('it carries the licences of everything inside', async () => {
  const notices = await readFile(join(unpacked, 'opt/Wirebench/resources/THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['svelte', 'zod', '@xterm/xterm', '@fontsource-variable/inter', 'yaml'])
    expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
  expect(await readFile(join(unpacked, 'opt/Wirebench/LICENSE.electron.txt'), 'utf8')).toContain(
    'Electron contributors',
  );
  expect(await readFile(join(unpacked, 'opt/Wirebench/LICENSES.chromium.html'), 'utf8')).toContain('<html');
  expect(await readFile(join(unpacked, 'usr/share/doc/wirebench/copyright'), 'utf8')).toContain('License: Expat');
});

test('its dependencies bring every library that the binary links', async () => {
  const linked = await succeed('ldd', [join(unpacked, 'opt/Wirebench/wirebench')]);
  expect(linked).not.toContain('not found');
  const paths = [...linked.matchAll(/=> (\/\S+)/g)]
    .map(([, path = '']) => path)
    .filter((path) => !path.startsWith(unpacked));
  const owners = await ownersOf(paths);
  const depends = await succeed('dpkg-deb', ['--field', await packageEnding('.deb'), 'Depends']);
  const names = depends.split(',').map((part) => /^\s*([^\s|(]+)/.exec(part)?.[1] ?? '');
  const closure = await closureOf(names);
  expect([...owners].filter((name) => !closure.has(name))).toEqual([]);
});

test('what lies beside the packages: check sums that hold, and a list of what is inside', async () => {
  const sums = await readFile(join(packagesFolder(), 'SHA256SUMS'), 'utf8');
  expect(sums).toContain(basename(await packageEnding('.deb')));
  const listed = sums.split('\n').filter((line) => line !== '');
  for (const line of listed) {
    const [, sum = '', name = ''] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
    expect(await succeed('sha256sum', [join(packagesFolder(), name)])).toContain(sum);
  }
  const sbom = await readFile(await packageEnding('.cdx.json'), 'utf8');
  expect(sbom).toContain('"bomFormat": "CycloneDX"');
  expect(sbom).toMatch(/pkg:npm\/electron@\d/);
  expect(sbom).toContain('pkg:npm/svelte@');
  expect(sbom).not.toContain('pkg:npm/vitest@');
});

/** The packages that files of the system came with; a path may go by a folder that is a link to another one (/lib). */
async function ownersOf(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const plain = (path: string): string => path.replace(/^\/usr(?=\/lib)/, '');
  const { output } = await run('dpkg-query', [
    '--search',
    ...paths.flatMap((path) => [plain(path), `/usr${plain(path)}`]),
  ]);
  const found = [...output.matchAll(/^([^:\s]+)(?::\S+)?: (\/.*)$/gm)];
  const known = new Set(found.map(([, , path = '']) => plain(path)));
  expect(paths.filter((path) => !known.has(plain(path)))).toEqual([]);
  return new Set(found.map(([, name = '']) => name));
}

/** All packages that come with these, themselves included. */
async function closureOf(names: readonly string[]): Promise<ReadonlySet<string>> {
  const only = ['--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks', '--no-replaces', '--no-enhances'];
  const text = await succeed('apt-cache', ['depends', '--recurse', ...only, ...names]);
  return new Set([...text.matchAll(/^(?! )(\S+)$/gm)].map(([, name = '']) => name));
}
