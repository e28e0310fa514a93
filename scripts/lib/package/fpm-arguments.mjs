/**
 * The arguments with which electron-builder 26 calls fpm.
 */

/**
 * @typedef {object} Mapping
 * @property {string} source a file, or a folder with `/` at its end
 * @property {string} target absolute place on the system
 *
 * @typedef {object} FpmPlan
 * @property {'deb' | 'rpm'} type
 * @property {string} output the package's path
 * @property {string} name
 * @property {string} version
 * @property {string} architecture in the words of the target: `amd64`, `x86_64`
 * @property {string} maintainer
 * @property {string} vendor
 * @property {string} url
 * @property {string} license
 * @property {string} category
 * @property {string} priority of a .deb
 * @property {string} summary one line
 * @property {readonly string[]} description lines below the summary
 * @property {readonly string[]} depends
 * @property {readonly string[]} recommends
 * @property {string} compression
 * @property {readonly Mapping[]} mappings
 */

/** With a value each. Scripts are read and left out: what they would do, triggers of the system do. */
const KNOWN = new Set([
  'after-install',
  'after-remove',
  'architecture',
  'category',
  'deb-compression',
  'deb-priority',
  'deb-recommends',
  'description',
  'license',
  'log',
  'maintainer',
  'name',
  'package',
  'rpm-compression',
  'rpm-os',
  'rpm-summary',
  'url',
  'vendor',
  'version',
]);
const FLAGS = new Set(['--force', '--debug', '--verbose']);

/**
 * @param {readonly string[]} args
 * @returns {FpmPlan}
 * @throws {Error} when there is an option that is not known: then electron-builder wants something that would be missing
 */
export function parseFpmArguments(args) {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  /** @type {Mapping[]} */
  const mappings = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (FLAGS.has(arg)) continue;
    if (!arg.startsWith('-')) {
      const equals = arg.lastIndexOf('=');
      mappings.push({ source: arg.slice(0, equals), target: arg.slice(equals + 1) });
      continue;
    }
    const name = arg.replace(/^-+/, '');
    if (!KNOWN.has(name) && !['s', 't', 'd'].includes(name)) throw new Error(`fpm.mjs does not know the option ${arg}`);
    index += 1;
    options.set(name, [...(options.get(name) ?? []), args[index] ?? '']);
  }
  const all = (/** @type {string} */ name) => options.get(name) ?? [];
  const one = (/** @type {string} */ name) => all(name).at(-1) ?? '';
  const type = one('t');
  if (type !== 'deb' && type !== 'rpm') throw new Error(`fpm.mjs makes .deb and .rpm, not ${type}`);
  const [first = '', ...description] = one('description')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    type,
    output: one('package'),
    name: one('name').toLowerCase(),
    version: one('version'),
    architecture: one('architecture'),
    maintainer: one('maintainer'),
    vendor: one('vendor'),
    url: one('url'),
    license: one('license'),
    category: one('category'),
    priority: one('deb-priority'),
    // For a .deb the summary comes before the description, for an .rpm by itself.
    summary: type === 'deb' ? first : one('rpm-summary'),
    description: type === 'deb' ? description : [first, ...description],
    depends: all('d'),
    recommends: all('deb-recommends'),
    compression: one(`${type}-compression`),
    mappings,
  };
}
