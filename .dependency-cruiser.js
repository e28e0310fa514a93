/**
 * The layers of ARCHITECTURE.md: who may import whom. Each folder has a list of what it
 * may import; everything else is an error. tests/layers proves that each rule bites.
 */

const SHARED = '^src/shared/';
/** The driver interface and what a spec is; the engine knows drivers by these alone. */
const DRIVER_SEAM = '^src/drivers/(driver|spec)[.]ts$';
/** What drivers share: names to sockets. No driver itself, and free of every driver. */
const DRIVER_NET = '^src/drivers/net/';
const SPEC = '^src/drivers/[^/]+/[^/]*spec[.]ts$';
const SPEC_TYPES = '^src/drivers/spec[.]ts$';
/** Frames of WebSocket as bytes: the window shows them while they are put together, and says what they are. */
const FRAMES = '^src/drivers/websocket/(close-codes|frame|frame-values|frame-writer|raw-frame|mask)[.]ts$';
const SPEC_LIST = '^src/drivers/specs[.]ts$';
const FORM_LIST = '^src/drivers/forms[.]ts$';
const NODE_LIST = '^src/drivers/node[.]ts$';
const FORM = '^src/drivers/[^/]+/[^/]+[.]svelte$';
/** YAML of imports and bundles. The window has no use for it, and never loads it. */
const YAML_TEXT = '^src/shared/exchange/yaml[.]ts$';
const YAML = '^node_modules/yaml/';
/** One file reckons with IP addresses by ipaddr.js, which is as pure as itself: a number in, a number out. */
const IP_VALUE = '^src/shared/addresses/ip-value[.]ts$';
const IPADDR = '^node_modules/ipaddr[.]js/';
const ZOD = '^node_modules/zod/';
const NPM = '^node_modules/';
const ELECTRON = '^node_modules/electron/';
/** Libraries for the window: all but those that need Node. */
const WINDOW_LIBRARIES = '^node_modules/(?!(electron|ws)/)';
/** Libraries for code without a window. */
const NODE_LIBRARIES =
  '^node_modules/(?!(electron|svelte|bits-ui|paneforge|@lucide|@internationalized|@fontsource[^/]*)/)';

/**
 * A folder (or some of its files) and the whole list of what it may import.
 * @param {string} name
 * @param {string} comment
 * @param {{ path: string, pathNot?: string[] }} from
 * @param {string[]} allowed paths of modules
 * @param {{ node?: boolean }} [more] `node`: Node's own modules as well
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
function only(name, comment, from, allowed, { node = false } = {}) {
  return { name, comment, severity: 'error', from, to: { pathNot: allowed, dependencyTypesNot: node ? ['core'] : [] } };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    only('shared-is-pure', 'src/shared imports nothing but zod.', { path: SHARED, pathNot: [YAML_TEXT, IP_VALUE] }, [
      SHARED,
      ZOD,
    ]),
    only('ip-value-is-narrow', 'One file of src/shared knows ipaddr.js.', { path: IP_VALUE }, [SHARED, IPADDR]),
    only('yaml-is-narrow', 'One file of src/shared reads and writes YAML.', { path: YAML_TEXT }, [SHARED, YAML]),
    only(
      'specs-are-pure',
      'A spec is data that every layer reads: src/shared, the spec types, specs of its own folder.',
      { path: '^src/drivers/([^/]+)/[^/]*spec[.]ts$' },
      [SHARED, ZOD, SPEC_TYPES, '^src/drivers/$1/[^/]*spec[.]ts$'],
    ),
    only(
      'frames-are-pure',
      'The window makes and reads frames, too: src/shared, the spec types and each other.',
      { path: FRAMES },
      [SHARED, SPEC_TYPES, FRAMES],
    ),
    only(
      'driver-imports',
      'A driver knows src/shared, the seam, src/drivers/net, its own folder, Node and its library; never another driver.',
      { path: '^src/drivers/([^/]+)/', pathNot: [SPEC, FORM] },
      [SHARED, DRIVER_SEAM, DRIVER_NET, '^src/drivers/$1/.+[.]ts$', NODE_LIBRARIES],
      { node: true },
    ),
    only(
      'form-imports',
      "A driver's form runs in the window: src/shared, specs, forms and pure modules of its own folder.",
      { path: '^src/drivers/([^/]+)/[^/]+[.]svelte$' },
      [SHARED, SPEC_TYPES, '^src/drivers/$1/[^/]*spec[.]ts$', '^src/drivers/$1/[^/]+[.]svelte$', WINDOW_LIBRARIES],
    ),
    only(
      'driver-seam-imports',
      'The driver interface and the spec types are free of every driver.',
      { path: DRIVER_SEAM },
      [SHARED, SPEC_TYPES, ZOD],
    ),
    only('spec-list-imports', 'The list of specs names specs only.', { path: SPEC_LIST }, [SHARED, SPEC_TYPES, SPEC]),
    only('form-list-imports', 'The list of forms names forms only.', { path: FORM_LIST }, [
      SHARED,
      SPEC_TYPES,
      SPEC,
      FORM,
      WINDOW_LIBRARIES,
    ]),
    only('node-list-imports', 'The list of drivers names drivers only.', { path: NODE_LIST }, [
      SHARED,
      DRIVER_SEAM,
      '^src/drivers/(?!net/)[^/]+/[^/]+[.]ts$',
    ]),
    only(
      'engine-imports',
      'The engine knows src/shared and the driver seam; no driver, no Electron, no Svelte.',
      { path: '^src/engine/' },
      [SHARED, DRIVER_SEAM, '^src/engine/', NODE_LIBRARIES],
      { node: true },
    ),
    only('rpc-imports', 'rpc knows src/shared only (and zod, for its own messages).', { path: '^src/rpc/' }, [
      SHARED,
      '^src/rpc/',
      ZOD,
    ]),
    only(
      'main-imports',
      "src/main: the engine, rpc, src/shared, the drivers' node list and Electron.",
      { path: '^src/main/' },
      [SHARED, '^src/main/', '^src/(engine|rpc)/', NODE_LIST, ELECTRON, NODE_LIBRARIES],
      { node: true },
    ),
    only('preload-imports', 'src/preload: src/shared and Electron.', { path: '^src/preload/' }, [
      SHARED,
      '^src/preload/',
      ELECTRON,
    ]),
    only(
      'renderer-imports',
      "src/renderer: src/shared, rpc, the drivers' specs, forms and pure frames; no Node, no Electron, no engine.",
      { path: '^src/renderer/' },
      [SHARED, '^src/(renderer|rpc)/', SPEC_TYPES, SPEC, FRAMES, SPEC_LIST, FORM_LIST, FORM, WINDOW_LIBRARIES],
    ),
    only(
      'web-host-imports',
      "src/web-host: the engine, rpc, src/shared and the drivers' node list.",
      { path: '^src/web-host/' },
      [SHARED, '^src/web-host/', '^src/(engine|rpc)/', NODE_LIST, NODE_LIBRARIES],
      { node: true },
    ),
    {
      name: 'electron-only-in-its-host',
      comment: 'Only src/main and src/preload know Electron, so that every other layer runs without it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|preload)/' },
      to: { path: ELECTRON },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|scripts)/' },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'What the product runs on is in "dependencies"; Electron is the runtime itself.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: NPM, pathNot: ELECTRON, dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment:
        'A module that nothing imports and that imports nothing is dead. The window is left to knip: type imports of Svelte files are not seen here.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: ['[.]d[.]ts$', '^src/(main|preload|web-host)/index[.]ts$', '^src/renderer/'],
      },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type-only imports are dependencies too: a type can drag a layer along.
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.json'],
    },
  },
};
