import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * A .deb by dpkg-deb. https://www.debian.org/doc/debian-policy/ch-controlfields.html
 * It has no maintainer scripts: shared-mime-info, desktop-file-utils and the icon themes bring triggers of their own.
 */

/**
 * @typedef {object} Entry
 * @property {string} name path in the package, without `/` at its start
 * @property {'file' | 'folder' | 'link'} kind
 * @property {number} size bytes
 *
 * @typedef {object} Laid
 * @property {import('./fpm-arguments.mjs').FpmPlan} plan
 * @property {string} root folder laid out as it will be on the system
 * @property {string} work folder for what is needed meanwhile
 * @property {readonly Entry[]} entries what is in `root`
 */

/** Words for the same in electron-builder and in dpkg-deb; the rest has one name. */
const COMPRESSIONS = new Map([['gz', 'gzip']]);
/** Policy 5.6.20: what a file and a folder count for, bytes. */
const BLOCK = 1024;
/** Longest line of a description, characters. */
const LINE = 78;

/** @param {string} text @returns {string[]} lines that a terminal has room for */
function wrap(text) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @param {import('./fpm-arguments.mjs').FpmPlan} plan @param {readonly Entry[]} entries @returns {string} */
export function controlFile(plan, entries) {
  const size = entries.reduce((sum, entry) => sum + Math.max(Math.ceil(entry.size / BLOCK), 1), 0);
  /** @type {readonly (readonly [name: string, value: string])[]} */
  const fields = [
    ['Package', plan.name],
    ['Version', plan.version],
    ['Architecture', plan.architecture],
    ['Maintainer', plan.maintainer],
    ['Installed-Size', String(size)],
    ['Depends', plan.depends.join(', ')],
    ['Recommends', plan.recommends.join(', ')],
    ['Section', plan.category],
    ['Priority', plan.priority],
    ['Homepage', plan.url],
    ['Description', [plan.summary, ...plan.description.flatMap(wrap)].join('\n ')],
  ];
  return fields
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** @param {string} path @returns {Promise<string>} hex; MD5 is what the format has, against accidents and not attackers */
async function md5(path) {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** @param {Laid} laid */
export async function writeDeb({ plan, root, entries }) {
  const control = join(root, 'DEBIAN');
  await mkdir(control, { mode: 0o755 });
  await writeFile(join(control, 'control'), controlFile(plan, entries));
  let sums = '';
  for (const { name, kind } of entries) if (kind === 'file') sums += `${await md5(join(root, name))}  ${name}\n`;
  await writeFile(join(control, 'md5sums'), sums);
  const compression = COMPRESSIONS.get(plan.compression) ?? plan.compression;
  runTool('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, plan.output]);
}

/** @param {string} command @param {readonly string[]} args @throws {Error} with what it said */
export function runTool(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} failed (exit code ${String(status)}):\n${stdout}${stderr}`);
}
