import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/**
 * Rules for all TypeScript, in .ts and in .svelte files.
 * @type {import('eslint').Linter.RulesRecord}
 */
const strict = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // An empty object type is how a method without parameters is written.
  '@typescript-eslint/no-empty-object-type': 'off',
  // Numbers read well in messages; anything else must be turned into text on purpose.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // `() => socket.end()` as a callback is idiomatic.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // Text is taken apart by code points on purpose: control characters and escapes are code points.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // Either way of naming a shape is fine; the reader sees which one fits.
  '@typescript-eslint/consistent-type-definitions': 'off',
  // A parameter used once still ties what a caller gives to what the contract names.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // Playwright's and Vitest's fixtures without dependencies are written `({}, use)`.
  'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
  // A leading underscore says that a parameter is there only for its place.
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  'max-lines': ['error', { max: 400 }],
  // `!= null` asks for null and undefined at once.
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
};

export default defineConfig(
  {
    ignores: [
      'out/',
      'dist/',
      'release/',
      '.cache/',
      'node_modules/',
      'playwright-report/',
      'test-results/',
      'tests/layers/fixtures/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: strict,
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // Whether a Map is state or a local helper is decided where it is made.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['src/renderer/**', 'src/preload/**', 'tests/renderer/**'],
    languageOptions: { globals: globals.browser },
  },
  {
    // dependency-cruiser does not see the type imports of Svelte files: the same layers, for those.
    files: ['src/**/*.svelte'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(node:|electron$|electron/|ws$)', message: 'The window has neither Node nor Electron.' },
            { regex: '(^|/)(engine|main|preload|web-host)/', message: 'The window reaches the engine by rpc only.' },
            { regex: '/drivers/node[.]ts$', message: 'The window knows drivers by their specs and forms.' },
            { regex: '(^|/)driver[.]ts$', message: 'The window knows drivers by their specs and forms.' },
          ],
        },
      ],
    },
  },
  {
    // A prop with a default value is assigned by Svelte, so `let` is right in $props().
    files: ['**/*.svelte'],
    rules: {
      // The parser does not know the types of other components' properties, so their callbacks
      // look untyped here. svelte-check knows them and reports what is implicitly any.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all', excludedRunes: ['$props', '$derived', '$state'] }],
    },
  },
  {
    files: ['scripts/**', '*.config.js', '*.config.ts', '.dependency-cruiser.js'],
    languageOptions: { globals: globals.node },
  },
  {
    // Vitest's matchers (expect.any and the like) are typed any; made-up texts are taken apart at will.
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-misused-spread': 'off' },
  },
  {
    // The benchmarks' results are what they print.
    files: ['bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Here types are in comments, which tsc reads and these two rules do not.
    files: ['**/*.mjs'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-return': 'off' },
  },
  {
    // The default app is loaded by Electron's require().
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: globals.node, parserOptions: { projectService: false } },
    extends: [ts.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
