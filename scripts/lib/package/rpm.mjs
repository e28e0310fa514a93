import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './deb.mjs';

/**
 * An .rpm by rpmbuild. https://rpm-software-management.github.io/rpm/manual/spec.html
 */

/** electron-builder's words for how to compress, and rpm's. */
const COMPRESSIONS = new Map([
  ['xz', 'w2.xzdio'],
  ['xzmt', 'w2T.xzdio'],
  ['gzip', 'w6.gzdio'],
  ['gz', 'w6.gzdio'],
  ['zstd', 'w19.zstdio'],
  ['none', 'w0.gzdio'],
]);
const ARCHITECTURES = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
]);
/** Folders that belong to other packages: of those only what is ours in them is listed. */
const FOREIGN = /^(opt|usr(\/(bin|share(\/(applications|doc|icons(\/.*)?|man(\/.*)?|metainfo|mime(\/.*)?))?)?)?)$/;

/** @param {string} text @returns {string} in a spec, `%` begins a macro */
const plain = (text) => text.replaceAll('%', '%%');

/** @param {import('./deb.mjs').Laid} laid @returns {string} */
export function specFile({ plan, entries }) {
  const files = entries
    // Overrides for Debian's checker mean nothing here.
    .filter(({ name }) => !name.startsWith('usr/share/lintian'))
    .filter(({ name, kind }) => kind !== 'folder' || !FOREIGN.test(name))
    .map(({ name, kind }) => {
      const mode = name.endsWith('/chrome-sandbox') ? '%attr(4755, root, root) ' : '';
      return `${kind === 'folder' ? '%dir ' : ''}${mode}"/${plain(name)}"`;
    });
  return [
    // What it brings is built already: nothing may be stripped, indexed by build id, or byte-compiled.
    '%global _build_id_links none',
    '%global __strip /bin/true',
    '%global __os_install_post %{nil}',
    `%global _binary_payload ${COMPRESSIONS.get(plan.compression) ?? 'w2T.xzdio'}`,
    `Name: ${plan.name}`,
    `Version: ${plan.version}`,
    'Release: 1',
    `Summary: ${plain(plan.summary)}`,
    `License: ${plan.license}`,
    `Vendor: ${plain(plan.vendor)}`,
    `URL: ${plan.url}`,
    // Its libraries come with it; what it needs of the system is listed.
    'AutoReqProv: no',
    ...plan.depends.map((name) => `Requires: ${name}`),
    '%description',
    plain(plan.description.join('\n')),
    '%files',
    '%defattr(-, root, root, -)',
    ...files,
    '',
  ].join('\n');
}

/** @param {import('./deb.mjs').Laid} laid */
export async function writeRpm(laid) {
  const { plan, root, work } = laid;
  const top = join(work, 'rpm');
  const packages = join(top, 'packages');
  await mkdir(packages, { recursive: true });
  const spec = join(top, `${plan.name}.spec`);
  await writeFile(spec, specFile(laid));
  runTool('rpmbuild', [
    '-bb',
    ...['--define', `_topdir ${top}`, '--define', `_rpmdir ${packages}`],
    ...['--define', '_unpackaged_files_terminate_build 0'],
    ...['--buildroot', root, '--target', ARCHITECTURES.get(plan.architecture) ?? plan.architecture, spec],
  ]);
  const [folder = ''] = await readdir(packages);
  const [file = ''] = await readdir(join(packages, folder));
  await copyFile(join(packages, folder, file), plan.output);
}
