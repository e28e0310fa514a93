import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'src/web-host/index.ts',
    'scripts/*.{mjs,ts}',
    'scripts/electron-default-app/main.cjs',
    'tests/**/*.test.ts',
    'tests/e2e/**/*.e2e.ts',
    // index.html beside it names it.
    'tests/e2e/browser/list-page/main.ts',
  ],
  project: ['src/**/*.{ts,svelte}', 'scripts/**/*.{mjs,cjs,ts}', 'tests/**/*.ts', 'bench/**/*.ts'],
  // scripts/lib/lanes.mjs calls it by path.
  ignoreDependencies: ['svelte-check'],
  // Programs of the system; scripts/lib/test-needs.mjs sees to them.
  ignoreBinaries: ['socat'],
  // A type that a public function mentions is public too, even when nobody else names it yet.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
