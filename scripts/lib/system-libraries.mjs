import { readdir } from 'node:fs/promises';
import { run } from './run.mjs';

/**
 * Which shared libraries a binary lacks, and which Debian packages bring them.
 */

/**
 * Library → Debian package; `t64` marks packages that Debian 13 and Ubuntu 24.04 renamed
 * when time_t became 64 bits wide.
 * @type {readonly { library: string, name: string, t64?: boolean }[]}
 */
const PACKAGES = [
  { library: 'libX11.so', name: 'libx11-6' },
  { library: 'libX11-xcb.so', name: 'libx11-xcb1' },
  { library: 'libXcomposite.so', name: 'libxcomposite1' },
  { library: 'libXcursor.so', name: 'libxcursor1' },
  { library: 'libXdamage.so', name: 'libxdamage1' },
  { library: 'libXext.so', name: 'libxext6' },
  { library: 'libXfixes.so', name: 'libxfixes3' },
  { library: 'libXi.so', name: 'libxi6' },
  { library: 'libXrandr.so', name: 'libxrandr2' },
  { library: 'libXrender.so', name: 'libxrender1' },
  { library: 'libXss.so', name: 'libxss1' },
  { library: 'libXtst.so', name: 'libxtst6' },
  { library: 'libasound.so', name: 'libasound2', t64: true },
  { library: 'libatk-1.0.so', name: 'libatk1.0-0', t64: true },
  { library: 'libatk-bridge-2.0.so', name: 'libatk-bridge2.0-0', t64: true },
  { library: 'libatspi.so', name: 'libatspi2.0-0', t64: true },
  { library: 'libcairo.so', name: 'libcairo2' },
  { library: 'libcups.so', name: 'libcups2', t64: true },
  { library: 'libdbus-1.so', name: 'libdbus-1-3' },
  { library: 'libdrm.so', name: 'libdrm2' },
  { library: 'libexpat.so', name: 'libexpat1' },
  { library: 'libgbm.so', name: 'libgbm1' },
  { library: 'libgdk-3.so', name: 'libgtk-3-0', t64: true },
  { library: 'libgio-2.0.so', name: 'libglib2.0-0', t64: true },
  { library: 'libglib-2.0.so', name: 'libglib2.0-0', t64: true },
  { library: 'libgobject-2.0.so', name: 'libglib2.0-0', t64: true },
  { library: 'libgtk-3.so', name: 'libgtk-3-0', t64: true },
  { library: 'libnspr4.so', name: 'libnspr4' },
  { library: 'libnss3.so', name: 'libnss3' },
  { library: 'libnssutil3.so', name: 'libnss3' },
  { library: 'libpango-1.0.so', name: 'libpango-1.0-0' },
  { library: 'libsmime3.so', name: 'libnss3' },
  { library: 'libudev.so', name: 'libudev1' },
  { library: 'libxcb.so', name: 'libxcb1' },
  { library: 'libxcb-dri3.so', name: 'libxcb-dri3-0' },
  { library: 'libxkbcommon.so', name: 'libxkbcommon0' },
  { library: 'libxshmfence.so', name: 'libxshmfence1' },
];

/** Newer Electron opens GTK only when it starts, so that ldd does not see it. */
const OPENED_LATER = ['libgtk-3.so.0'];

/** The libraries that `ldd` could not find. @param {string} text its output */
export function parseMissing(text) {
  return [...new Set([...text.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? ''))];
}

/**
 * @param {readonly string[]} libraries such as `libnss3.so`, `libgbm.so.1`
 * @param {boolean} t64 whether the system has the renamed packages
 * @returns {string[]} Debian packages, each once; libraries that are not known are left out
 */
export function packagesFor(libraries, t64) {
  const names = PACKAGES.filter((entry) =>
    libraries.some((library) => library === entry.library || library.startsWith(`${entry.library}.`)),
  ).map((entry) => (t64 && entry.t64 === true ? `${entry.name}t64` : entry.name));
  return [...new Set(names)].sort();
}

/** What a .deb of ours depends on, under both names where there are two. @returns {string[]} such as `libnss3` */
export function debianPackages() {
  const names = PACKAGES.map(({ name, t64 }) => (t64 === true ? `${name} | ${name}t64` : name));
  return [...new Set(names)].sort();
}

/** Whether this system's packages have the t64 names. */
export async function hasT64Names() {
  const files = await readdir('/var/lib/dpkg/info').catch(() => []);
  return files.some((file) => /t64(:|\.list)/.test(file));
}

/** @param {string} binary @returns {Promise<string[]>} libraries that it lacks; none on other systems than Linux */
export async function missingLibraries(binary) {
  if (process.platform !== 'linux') return [];
  const linked = await run('ldd', [binary]);
  const missing = linked.code === 0 ? parseMissing(linked.output) : [];
  const known = await run('ldconfig', ['-p'], {
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/sbin:/usr/sbin` },
  });
  const later = known.code === 0 ? OPENED_LATER.filter((library) => !known.output.includes(library)) : [];
  return [...new Set([...missing, ...later])];
}
