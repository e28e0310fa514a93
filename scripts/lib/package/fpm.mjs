#!/usr/bin/env node
/**
 * Takes the place of fpm, the program that electron-builder would download to make .deb and .rpm: the same arguments,
 * but by the tools of the system itself, dpkg-deb and rpmbuild. Named to electron-builder by CUSTOM_FPM_PATH.
 * Started as a program: it must run on its own, without node_modules.
 */
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { writeDeb } from './deb.mjs';
import { parseFpmArguments } from './fpm-arguments.mjs';
import { writeRpm } from './rpm.mjs';

/** electron-builder always adds it to the application. With chrome-sandbox installed as below there is no need of it. */
const UNWANTED = 'apparmor-profile';

/**
 * Lays out what goes into the package, as it will be on the system.
 * @param {readonly import('./fpm-arguments.mjs').Mapping[]} mappings
 * @param {string} root
 */
async function layOut(mappings, root) {
  for (const { source, target } of mappings) {
    const place = join(root, target);
    await mkdir(dirname(place), { recursive: true });
    // As fpm does: `folder/` stands for what is in it.
    await cp(source, place, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== UNWANTED });
  }
}

/**
 * Nobody but root may change what is installed, everybody may read it, whatever mask the build had.
 * @param {string} path
 * @returns {Promise<import('./deb.mjs').Entry[]>} all below it, sorted
 */
async function normalise(path, root = path) {
  const found = await lstat(path);
  const name = relative(root, path).split(sep).join('/');
  if (found.isSymbolicLink()) return [{ name, kind: 'link', size: 0 }];
  if (found.isDirectory()) {
    await chmod(path, 0o755);
    const names = (await readdir(path)).sort();
    const below = await Promise.all(names.map((each) => normalise(join(path, each), root)));
    return [...(name === '' ? [] : [{ name, kind: /** @type {const} */ ('folder'), size: 0 }]), ...below.flat()];
  }
  await chmod(path, modeOf(name, (found.mode & 0o111) !== 0));
  return [{ name, kind: 'file', size: found.size }];
}

/** @param {string} name @param {boolean} isProgram */
function modeOf(name, isProgram) {
  // Chromium's sandbox where the system has no user namespaces for everybody: setuid root, as Chromium's own packages
  // ship it. Where there are namespaces it is not used.
  if (/^opt\/[^/]+\/chrome-sandbox$/.test(name)) return 0o4755;
  // Shared libraries need no such bit; those of Electron come with it.
  return isProgram && !/\.so(\.\d+)*$/.test(name) ? 0o755 : 0o644;
}

const plan = parseFpmArguments(process.argv.slice(2));
const work = await mkdtemp(join(tmpdir(), 'wirebench-package-'));
try {
  const root = join(work, 'root');
  await mkdir(root);
  await layOut(plan.mappings, root);
  const entries = await normalise(root);
  await mkdir(dirname(plan.output), { recursive: true });
  await rm(plan.output, { force: true });
  await (plan.type === 'deb' ? writeDeb : writeRpm)({ plan, root, work, entries });
} finally {
  await rm(work, { recursive: true, force: true });
}
