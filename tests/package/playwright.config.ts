import { defineConfig } from '@playwright/test';

/**
 * The tests of the package that is installed: they change the system, so they are apart from the others, one after
 * the other, and never tried twice. `npm run test:package` makes the package first and names its folder in
 * WIREBENCH_PACKAGES.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: '../../test-results/package',
  forbidOnly: true,
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 30_000 },
});
