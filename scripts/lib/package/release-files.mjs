import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npmCommand } from '../node.mjs';
import { root } from '../paths.mjs';
import { run } from '../run.mjs';
import { Problem } from '../say.mjs';
import { collectNotices } from './notices.mjs';

/**
 * What goes beside the packages: check sums, and the list of what is inside (CycloneDX, https://cyclonedx.org).
 */

/** What electron-builder leaves beside its packages, of no use to anybody else. */
const NOT_RELEASED = /^(builder-.*\.ya?ml|.*\.blockmap|SHA256SUMS)$/;

/** @param {string} path @returns {Promise<string>} hex */
async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Writes SHA256SUMS, as `sha256sum --check` reads it. @param {string} folder */
export async function writeChecksums(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !NOT_RELEASED.test(entry.name)).map((entry) => entry.name);
  let text = '';
  for (const name of names.sort()) text += `${await sha256(join(folder, name))}  ${name}\n`;
  await writeFile(join(folder, 'SHA256SUMS'), text);
}

/**
 * @typedef {object} Sbom the part that is changed
 * @property {{ component?: Record<string, unknown> }} metadata
 * @property {({ 'bom-ref': string } & Record<string, unknown>)[]} components
 * @property {{ ref: string, dependsOn?: string[] }[]} dependencies
 */

/**
 * npm's list of what is shipped, and Electron, which npm takes for a tool of development.
 * @param {string} path
 * @param {import('./stage.mjs').PackagePlan} plan
 */
export async function writeSbom(path, { version, electron }) {
  const { command, args } = npmCommand();
  const options = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const result = await run(command, [...args, ...options, '--loglevel=error'], { cwd: root });
  if (result.code !== 0) throw new Problem(`npm sbom failed:\n\n${result.output.trim()}\n`);
  const sbom = /** @type {Sbom} */ (JSON.parse(result.output));
  // npm's own option for that, --omit, also leaves out what is shipped and needed by a tool of development as well.
  const shipped = new Set((await collectNotices()).map((notice) => `${notice.name}@${notice.version}`));
  const isShipped = (/** @type {string} */ ref) => shipped.has(ref);
  const own = String(sbom.metadata.component?.['bom-ref']);
  sbom.metadata.component = { ...sbom.metadata.component, version };
  sbom.components = sbom.components.filter((component) => isShipped(component['bom-ref']));
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => ref === own || isShipped(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(isShipped) }));
  sbom.components.push({
    'bom-ref': `electron@${electron.version}`,
    type: 'framework',
    name: 'electron',
    version: electron.version,
    purl: `pkg:npm/electron@${electron.version}`,
    description: 'The runtime, with Chromium and Node',
    licenses: [{ license: { id: 'MIT' } }],
  });
  await writeFile(path, `${JSON.stringify(sbom, null, 2)}\n`);
}
