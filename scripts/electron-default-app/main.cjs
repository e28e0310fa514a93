'use strict';
/**
 * What the stand-in runtime lacks of Electron: `electron [-r module]… <app> [arguments]`
 * loads the application in a folder (or a script), as Electron's own default app does.
 */
const { existsSync, readFileSync, statSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { app } = require('electron');

/** @param {readonly string[]} args @returns {{ preload: string[], target: string | null }} */
function parse(args) {
  const preload = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '-r' || arg === '--require') {
      index += 1;
      preload.push(args[index] ?? '');
    } else if (!arg.startsWith('-')) return { preload, target: resolve(arg) };
  }
  return { preload, target: null };
}

/** @param {string} folder */
function describe(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return;
  const about = JSON.parse(readFileSync(file, 'utf8'));
  if (about.version) app.setVersion(about.version);
  app.setName(about.productName ?? about.name ?? app.getName());
  app.setDesktopName(about.desktopName ?? `${app.getName()}.desktop`);
}

const { preload, target } = parse(process.argv.slice(1));
if (target === null) {
  process.stderr.write('usage: electron [-r module] <folder | script> [arguments]\n');
  process.exit(1);
}
try {
  for (const module of preload) require(resolve(module));
  const isFolder = statSync(target).isDirectory();
  if (isFolder) describe(target);
  app.setAppPath(isFolder ? target : dirname(target));
  process.defaultApp = true;
  require(target);
} catch (error) {
  process.stderr.write(
    `The application could not be loaded.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
