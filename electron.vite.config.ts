import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

/**
 * One build runs on every Electron from 25 on. electron-vite derives its targets
 * (node18.15, chrome114) from this; without it, from the installed electron package.
 */
process.env.ELECTRON_MAJOR_VER = '25';

const path = (relative: string): string => resolve(import.meta.dirname, relative);

/** CommonJS: as an ES module the main process of Electron 25 stops in an error dialog. */
const commonjs = {
  format: 'cjs' as const,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
};

/** Everything else is bundled, so that the packaged app carries no node_modules. */
const external = ['electron', /^electron\/.+/, /^node:/, ...builtinModules];

export default defineConfig({
  main: {
    // ws takes two optional native add-ons when they are there; ours never are.
    define: {
      'process.env.WS_NO_BUFFER_UTIL': JSON.stringify('1'),
      'process.env.WS_NO_UTF_8_VALIDATE': JSON.stringify('1'),
    },
    build: {
      externalizeDeps: false,
      outDir: path('out/main'),
      rolldownOptions: {
        external,
        input: {
          index: path('src/main/index.ts'),
          'web-host': path('src/web-host/index.ts'),
          // Threads: whoever hosts the engine gives it the paths of these.
          'scan-worker': path('src/engine/scan/scan-worker.ts'),
          'export-worker': path('src/engine/export/export-worker.ts'),
          'import-worker': path('src/engine/imports/import-worker.ts'),
          'files-worker': path('src/engine/presets/files-worker.ts'),
        },
        output: commonjs,
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      outDir: path('out/preload'),
      rolldownOptions: {
        external,
        input: { index: path('src/preload/index.ts') },
        // A sandboxed preload cannot require its own chunks: it must be one file.
        output: { ...commonjs, codeSplitting: false },
      },
    },
  },
  renderer: {
    root: path('src/renderer'),
    // Relative addresses work under app://wirebench/ and under http://127.0.0.1:PORT/ alike.
    base: './',
    plugins: [svelte({ configFile: path('svelte.config.js') })],
    build: {
      outDir: path('out/renderer'),
      target: 'chrome114',
      cssTarget: 'chrome114',
      // electron-vite leaves this off; the window starts sooner with half the script to read.
      minify: true,
      // A strict content security policy allows neither inline scripts nor data: fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: path('src/renderer/index.html') },
    },
  },
});
