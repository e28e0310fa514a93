import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inRoot } from '../paths.mjs';

/**
 * What a Linux package has outside of the application's folder: the command, the manual page, the kinds of files, the
 * entry for software centres, the licence, and for Debian a change log and what its checker may pass over.
 */

/** Where electron-builder puts the application. */
const INSTALLED = '/opt/Wirebench';

/** @param {string} text */
const gzip = (text) => gzipSync(text, { level: 9 });

/**
 * @param {string} text with `@NAME@` for values
 * @param {Readonly<Record<string, string>>} values
 */
const fill = (text, values) =>
  text.replaceAll(/@([A-Z]+)@/g, (whole, /** @type {string} */ name) => values[name] ?? whole);

/** @param {Date} date @returns {string} as RFC 5322 has it, in UTC: `Mon, 23 Nov 2026 15:00:00 +0000` */
const mailDate = (date) => date.toUTCString().replace('GMT', '+0000');

/** @param {string} version as in the package @param {string} author @param {Date} date @returns {string} */
export function debianChangelog(version, author, date) {
  return [
    `wirebench (${version}) unstable; urgency=medium`,
    '',
    '  * See CHANGELOG.md in the source for what changed.',
    '',
    ` -- ${author}  ${mailDate(date)}`,
    '',
  ].join('\n');
}

/**
 * @param {string} folder receives `usr/…`
 * @param {object} facts
 * @param {string} facts.version of the package, in npm's form
 * @param {string} facts.author name and address
 * @param {string} facts.notices text of the third-party notices
 * @param {Date} facts.date of the source
 */
export async function writeLinuxFiles(folder, { version, author, notices, date }) {
  const values = { VERSION: version, DATE: date.toISOString().slice(0, 10), YEAR: String(date.getUTCFullYear()) };
  const templates = inRoot('build', 'linux');
  /** @param {string} name */
  const template = async (name) => fill(await readFile(join(templates, name), 'utf8'), values);
  const debianVersion = version.replaceAll('-', '~');

  /** @type {readonly (readonly [place: string, content: string | Buffer])[]} */
  const files = [
    ['usr/share/doc/wirebench/copyright', await template('copyright')],
    ['usr/share/doc/wirebench/changelog.gz', gzip(debianChangelog(debianVersion, author, date))],
    ['usr/share/doc/wirebench/third-party-notices.txt.gz', gzip(notices)],
    ['usr/share/man/man1/wirebench.1.gz', gzip(await template('wirebench.1'))],
    ['usr/share/metainfo/dev.wirebench.Wirebench.metainfo.xml', await template('wirebench.metainfo.xml')],
  ];
  for (const [place, content] of files) {
    await mkdir(dirname(join(folder, place)), { recursive: true });
    await writeFile(join(folder, place), content);
  }
  await cp(join(templates, 'wirebench-mime.xml'), join(folder, 'usr/share/mime/packages/wirebench.xml'));
  await cp(join(templates, 'lintian-overrides'), join(folder, 'usr/share/lintian/overrides/wirebench'));
  await mkdir(join(folder, 'usr/bin'), { recursive: true });
  await symlink(`${INSTALLED}/wirebench`, join(folder, 'usr/bin/wirebench'));
}
