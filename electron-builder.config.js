import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setFuses } from './scripts/lib/fuses.mjs';
import { readJson } from './scripts/lib/json.mjs';
import { debianPackages } from './scripts/lib/system-libraries.mjs';

/**
 * How packages are made, for all systems. `npm run package` lays everything out before in a folder of its own
 * (scripts/lib/package/stage.mjs) and names it in WIREBENCH_STAGE; electron-builder is never started otherwise.
 */
const stage = process.env.WIREBENCH_STAGE;
if (stage === undefined) throw new Error('Packages are made by: npm run package');
const plan = /** @type {import('./scripts/lib/package/stage.mjs').PackagePlan} */ (
  await readJson(join(stage, 'plan.json'))
);
/** Those that were asked for, if any were. */
const asked = plan.targets?.map((target) => ({ target }));

const SUMMARY = 'workbench for sockets: TCP and WebSocket, both ends, every byte';
const DESCRIPTION = `See every byte and event of a socket, and record it. Carries Electron ${plan.electron.version}`;
const NOT_FOR_RELEASE = ', a stand-in: not for release';
const RPM_LIBRARIES = [
  'libasound.so.2',
  'libatk-bridge-2.0.so.0',
  'libatspi.so.0',
  'libcups.so.2',
  'libdbus-1.so.3',
  'libdrm.so.2',
  'libgbm.so.1',
  'libgtk-3.so.0',
  'libnss3.so',
  'libxkbcommon.so.0',
];
const ORDINARY_FILE = '${name}-${version}-${os}-${arch}.${ext}';

/** @param {import('electron-builder').AfterPackContext} context @returns {string} what has the fuses in it */
function fusedBinary({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName === 'darwin') return join(appOutDir, `${packager.appInfo.productFilename}.app`);
  const name = electronPlatformName === 'win32' ? `${packager.appInfo.productFilename}.exe` : 'wirebench';
  return join(appOutDir, name);
}

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'dev.wirebench.Wirebench',
  productName: 'Wirebench',
  copyright: 'Copyright © Wirebench contributors',
  directories: { app: join(stage, 'app'), output: plan.output, buildResources: 'build' },
  electronVersion: plan.electron.version,
  electronDist: plan.electron.dist,
  // The window speaks English; Chromium's few words in another language would stand beside it.
  electronLanguages: ['en-US'],
  npmRebuild: false,
  publish: null,
  // All that it needs of npm is in the build already.
  files: ['**/*', '!node_modules'],
  asar: true,
  compression: plan.fast ? 'store' : 'normal',
  artifactName: ORDINARY_FILE,
  extraResources: [{ from: join(stage, 'THIRD-PARTY-NOTICES.txt'), to: 'THIRD-PARTY-NOTICES.txt' }],
  protocols: { name: 'Wirebench link', schemes: ['wirebench'] },
  // One dot: extensions with two are not to be had on Windows and macOS, nor in an AppImage.
  fileAssociations: [
    { ext: 'wirebench', name: 'Wirebench preset', description: 'Wirebench preset', role: 'Editor' },
    { ext: 'wbr', name: 'Wirebench recording', description: 'Wirebench recording', role: 'Viewer' },
  ],
  // An unpacked runtime has an application of its own, which shows how to use it.
  afterExtract: async ({ appOutDir, electronPlatformName }) => {
    const resources =
      electronPlatformName === 'darwin' ? join('Electron.app', 'Contents', 'Resources') : join('resources');
    await rm(join(appOutDir, resources, 'default_app.asar'), { recursive: true, force: true });
    await rm(join(appOutDir, 'version'), { force: true });
  },
  // Before anything is signed.
  afterPack: (context) => setFuses(fusedBinary(context)),

  linux: {
    // What makes an AppImage is downloaded from where the official Electron comes from.
    target: asked ?? ['deb', 'rpm', 'tar.gz', ...(plan.electron.official ? ['AppImage'] : [])],
    executableName: 'wirebench',
    icon: 'build/icons',
    category: 'Development',
    synopsis: SUMMARY,
    description: `${DESCRIPTION}${plan.electron.official ? '' : NOT_FOR_RELEASE}`,
    // The name that windows have, so that a dock finds the icon of each.
    syncDesktopName: true,
    mimeTypes: ['application/vnd.wirebench.preset', 'application/vnd.wirebench.recording'],
    desktop: { entry: { GenericName: 'Socket workbench', Keywords: 'tcp;websocket;socket;dns;terminal;network;' } },
  },
  deb: {
    artifactName: '${name}_${version}_${arch}.${ext}',
    packageCategory: 'net',
    compression: plan.fast ? 'gz' : 'xz',
    depends: ['libc6 (>= 2.31)', 'libgcc-s1', ...debianPackages(), 'xdg-utils'],
    // Opened when they are there: the key store for secrets.
    recommends: ['libsecret-1-0'],
    fpm: [`${join(stage, 'linux', 'usr')}/=/usr`],
  },
  rpm: {
    artifactName: '${name}-${version}.${arch}.${ext}',
    packageCategory: 'Applications/Internet',
    compression: plan.fast ? 'gzip' : 'xzmt',
    // By what is in the packages: their names differ between distributions. GTK brings the rest.
    depends: [...RPM_LIBRARIES.map((name) => `${name}()(64bit)`), 'xdg-utils'],
    fpm: [`${join(stage, 'linux', 'usr')}/=/usr`],
  },

  win: { target: asked ?? ['nsis', 'zip'], icon: 'build/icon.ico' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    include: 'build/installer.nsh',
  },

  mac: {
    target: asked ?? ['dmg', 'zip'],
    icon: 'build/icon.icns',
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    // Without a certificate the application gets a signature for this machine alone, which an ARM Mac demands.
    ...(process.env.CSC_LINK === undefined ? { identity: '-' } : {}),
    notarize: process.env.APPLE_API_KEY !== undefined || process.env.APPLE_ID !== undefined,
  },
};
