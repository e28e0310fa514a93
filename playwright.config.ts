import { defineConfig } from '@playwright/test';

/**
 * Two hosts, one window: tests in tests/e2e/electron run on Electron, those in
 * tests/e2e/browser on Chromium against the browser host, and those directly in
 * tests/e2e on both. `npm run e2e` builds, finds both programs and gives them in
 * WIREBENCH_ELECTRON and WIREBENCH_CHROMIUM; as root also WIREBENCH_NO_SANDBOX=1.
 */
const chromium = process.env.WIREBENCH_CHROMIUM;
const noSandbox = process.env.WIREBENCH_NO_SANDBOX === '1';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  forbidOnly: true,
  // A test that passes only the second time is a fault to be found: the last lines of `npm test` name it.
  retries: 1,
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'electron', testIgnore: 'browser/**' },
    {
      name: 'browser',
      testIgnore: 'electron/**',
      use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          args: noSandbox ? ['--no-sandbox'] : [],
        },
      },
    },
  ],
});
