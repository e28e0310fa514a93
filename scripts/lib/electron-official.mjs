import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './json.mjs';
import { toolEnvironment, toolNode } from './node.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { say, step } from './say.mjs';

/** How long the download host may take to answer at all, ms. The download itself has no limit. */
const PROBE_TIME = 5000;
const RELEASES = 'https://github.com/electron/electron/releases/download/';

const folder = inRoot('node_modules', 'electron');

/** The binary's place inside an Electron folder. */
export function binaryName(platform = process.platform) {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @returns {Promise<string>} the version that package.json asks for and npm installed */
export async function officialVersion() {
  const about = /** @type {{ version: string }} */ (await readJson(join(folder, 'package.json')));
  return about.version;
}

/** @returns {Promise<string | null>} path of the binary when a whole download of the right version is there */
export async function findOfficial() {
  const installed = await readFile(join(folder, 'dist', 'version'), 'utf8').catch(() => '');
  // Its installer writes path.txt last.
  const complete = existsSync(join(folder, 'path.txt'));
  const binary = join(folder, 'dist', binaryName());
  return complete && installed.replace(/^v/, '').trim() === (await officialVersion()) && existsSync(binary)
    ? binary
    : null;
}

/**
 * Where the electron package will download from, as it decides itself.
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
export function downloadAddress(version, env = process.env, platform = process.platform, arch = process.arch) {
  const mirror = env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror ?? env.NPM_CONFIG_ELECTRON_MIRROR ?? RELEASES;
  const directory = (env.ELECTRON_CUSTOM_DIR ?? 'v{{ version }}').replace('{{ version }}', version);
  return `${mirror}${directory}/electron-v${version}-${platform}-${arch}.zip`;
}

/**
 * Asks whether the download would begin. A closed network says no within PROBE_TIME.
 * @param {string} address
 * @returns {Promise<string | null>} null when it is reachable, else why not
 */
export async function probe(address) {
  // In a process of its own: only a newer Node's fetch honours HTTPS_PROXY.
  // One byte by GET: the signed addresses behind release pages may refuse HEAD.
  const script = `
    const options = { headers: { range: 'bytes=0-0' }, signal: AbortSignal.timeout(${String(PROBE_TIME)}) };
    const why = await fetch(process.argv[1], options).then(
      (answer) => (answer.ok ? '' : 'HTTP ' + answer.status),
      (error) => (error.name === 'TimeoutError' ? 'no answer' : String(error.cause?.code ?? error.message)),
    );
    process.stdout.write(why, () => process.exit());
  `;
  const env = { ...toolEnvironment(), NODE_USE_ENV_PROXY: '1' };
  const result = await run(toolNode(), ['--input-type=module', '-e', script, address], { env });
  const reason = result.output.trim();
  return reason === '' && result.code === 0 ? null : reason;
}

/**
 * Downloads the official runtime with the electron package's own installer, which
 * checks it against the checksums in the package.
 * @returns {Promise<{ binary: string } | { reason: string }>}
 */
export async function downloadOfficial() {
  const version = await officialVersion();
  const address = downloadAddress(version);
  const reason = await probe(address);
  if (reason !== null) return { reason: `${new URL(address).host} is not reachable: ${reason}` };
  await step(`Downloading Electron ${version} (about 110 MB)`, async () => {
    const env = { ...toolEnvironment(), ELECTRON_GET_USE_PROXY: '1' };
    const result = await run(toolNode(), [join(folder, 'install.js')], { env, output: 'inherit' });
    if (result.code !== 0) say(`  the installer of the electron package failed (exit code ${String(result.code)})`);
  });
  const binary = await findOfficial();
  return binary === null ? { reason: `the download from ${new URL(address).host} broke off` } : { binary };
}
