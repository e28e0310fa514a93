/** Playwright's `test` with a running workbench in it. Any complaint of the page's console fails the test. */
import { test as base, expect } from '@playwright/test';
import { Bench } from './bench.ts';
import { makeLauncher, type Host, type Launcher } from './host.ts';

interface Fixtures {
  readonly launcher: Launcher;
  readonly host: Host;
  readonly bench: Bench;
}

export const test = base.extend<Fixtures>({
  launcher: async ({}, use, info) => {
    const launcher = await makeLauncher(info.project.name);
    await use(launcher);
    await launcher.dispose();
  },
  host: async ({ launcher }, use) => {
    const host = await launcher.start();
    await use(host);
    expect(host.complaints, 'the console of the window').toEqual([]);
    await host.stop();
  },
  bench: async ({ host }, use) => {
    await use(new Bench(host.page));
  },
});

export { expect };
