import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'src/web-host/index.ts',
    // The build names them, and hosts start them by their paths.
    'src/engine/scan/scan-worker.ts',
    'src/engine/export/export-worker.ts',
    'src/engine/imports/import-worker.ts',
    'src/engine/presets/files-worker.ts',
    'scripts/*.{mjs,ts}',
    'scripts/electron-default-app/main.cjs',
    // electron-builder starts it, and is given its own configuration by `npm run package`.
    'scripts/lib/package/fpm.mjs',
    'electron-builder.config.js',
    'tests/package/playwright.config.ts',
    'tests/**/*.test.ts',
    'tests/e2e/**/*.e2e.ts',
    // A program of its own, which end-to-end tests start by its path.
    'tests/e2e/support/sender.ts',
    // Programs that are killed, or that have a disk of their own; started by their paths.
    'tests/crash/{writer,full-disk}.ts',
    // index.html beside it names it.
    'tests/e2e/browser/list-page/main.ts',
  ],
  project: ['src/**/*.{ts,svelte}', 'scripts/**/*.{mjs,cjs,ts}', 'tests/**/*.ts', 'bench/**/*.ts'],
  // scripts/lib/lanes.mjs calls one by its path, tests/interop/copy-as.test.ts the other in a shell.
  ignoreDependencies: ['svelte-check', 'wscat'],
  // Programs of the system; scripts/lib/test-needs.mjs sees to them.
  ignoreBinaries: ['setpriv', 'taskset', 'mount', 'mkfifo', 'openssl'],
  // A type that a public function mentions is public too, even when nobody else names it yet.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
