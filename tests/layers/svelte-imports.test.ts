import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const RULE = '@typescript-eslint/no-restricted-imports';
const root = resolve(import.meta.dirname, '../..');
// One rule that needs no type information, so that files may be made up.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ruleId === RULE,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function problemsOf(target: string): Promise<(string | null)[]> {
  const code = `<script lang="ts">\n  import type { Thing } from '${target}';\n  const { thing }: { thing: Thing } = $props();\n</script>\n\n{thing}\n`;
  const [result] = await eslint.lintText(code, { filePath: resolve(root, 'src/renderer/views/MadeUp.svelte') });
  return result?.messages.map((message) => message.ruleId) ?? [];
}

describe('the type imports of Svelte files', () => {
  it.each([
    'node:net',
    'electron',
    'ws',
    '../../engine/session.ts',
    '../../main/index.ts',
    '../../preload/index.ts',
    '../../web-host/index.ts',
    '../../drivers/node.ts',
    '../../drivers/driver.ts',
    '../../drivers/tcp/driver.ts',
  ])('may not come from %s', async (target) => {
    expect(await problemsOf(target)).toEqual([RULE]);
  });

  it.each([
    '../../shared/contract.ts',
    '../../rpc/client.ts',
    '../../drivers/spec.ts',
    '../state/workbench.svelte.ts',
    'bits-ui',
  ])('may come from %s', async (target) => {
    expect(await problemsOf(target)).toEqual([]);
  });
});
