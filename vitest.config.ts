import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A red run must never be a silently empty one.
    passWithNoTests: false,
    allowOnly: false,
    // Two lanes share two cores with the static checks; sockets need no more.
    maxWorkers: 2,
    // Real sockets on a busy machine: a limit that only a hang reaches.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/renderer/**', 'tests/e2e/**', 'tests/package/**', 'tests/layers/fixtures/**'],
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: './svelte.config.js' }), svelteTesting()],
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['tests/renderer/**/*.test.ts'],
        },
      },
    ],
  },
});
