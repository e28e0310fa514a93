import { posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cruise, type Violation } from './cruise.ts';

/** `[the importing module, what it imports]`; a target without a slash is a library or a module of Node. */
type Import = readonly [from: string, to: string];

const allowed: readonly Import[] = [
  ['src/shared/contract.ts', 'src/shared/errors.ts'],
  ['src/shared/contract.ts', 'zod'],
  ['src/shared/exchange/yaml.ts', 'yaml'],
  ['src/shared/addresses/ip-value.ts', 'ipaddr.js'],
  ['src/drivers/spec.ts', 'src/shared/errors.ts'],
  ['src/drivers/driver.ts', 'src/drivers/spec.ts'],
  ['src/drivers/tcp/client-spec.ts', 'src/drivers/spec.ts'],
  ['src/drivers/tcp/client-spec.ts', 'src/drivers/tcp/common-spec.ts'],
  ['src/drivers/tcp/driver.ts', 'src/drivers/driver.ts'],
  ['src/drivers/tcp/driver.ts', 'src/drivers/tcp/client-spec.ts'],
  ['src/drivers/tcp/driver.ts', 'node:net'],
  ['src/drivers/tcp/driver.ts', 'ws'],
  ['src/drivers/tcp/driver.ts', 'src/drivers/net/dial.ts'],
  ['src/drivers/net/dial.ts', 'src/drivers/driver.ts'],
  ['src/drivers/net/dial.ts', 'node:net'],
  ['src/drivers/tcp/Form.svelte', 'src/drivers/tcp/client-spec.ts'],
  ['src/drivers/tcp/Form.svelte', 'bits-ui'],
  ['src/drivers/specs.ts', 'src/drivers/tcp/client-spec.ts'],
  ['src/drivers/forms.ts', 'src/drivers/tcp/Form.svelte'],
  ['src/drivers/node.ts', 'src/drivers/tcp/driver.ts'],
  ['src/engine/session.ts', 'src/drivers/driver.ts'],
  ['src/engine/session.ts', 'src/shared/errors.ts'],
  ['src/engine/session.ts', 'node:fs'],
  ['src/rpc/client.ts', 'src/shared/contract.ts'],
  ['src/rpc/client.ts', 'zod'],
  ['src/main/index.ts', 'src/engine/session.ts'],
  ['src/main/index.ts', 'src/rpc/client.ts'],
  ['src/main/index.ts', 'src/drivers/node.ts'],
  ['src/main/index.ts', 'electron'],
  ['src/preload/index.ts', 'electron'],
  ['src/preload/index.ts', 'src/shared/errors.ts'],
  ['src/renderer/main.ts', 'src/rpc/client.ts'],
  ['src/renderer/main.ts', 'src/drivers/specs.ts'],
  ['src/renderer/main.ts', 'src/drivers/forms.ts'],
  ['src/renderer/main.ts', 'src/renderer/App.svelte'],
  ['src/renderer/App.svelte', 'bits-ui'],
  ['src/renderer/main.ts', 'src/drivers/websocket/frame.ts'],
  ['src/web-host/index.ts', 'src/engine/session.ts'],
  ['src/web-host/index.ts', 'src/drivers/node.ts'],
  ['src/web-host/index.ts', 'node:http'],
  ['src/web-host/index.ts', 'ws'],
];

const forbidden: readonly (readonly [rule: string, ...Import])[] = [
  ['shared-is-pure', 'src/shared/bad-1.ts', 'src/engine/session.ts'],
  ['shared-is-pure', 'src/shared/bad-2.ts', 'node:fs'],
  ['shared-is-pure', 'src/shared/bad-3.ts', 'ws'],
  ['shared-is-pure', 'src/shared/bad-4.ts', 'src/drivers/spec.ts'],
  ['shared-is-pure', 'src/shared/bad-5.ts', 'yaml'],
  ['shared-is-pure', 'src/shared/addresses/bad-6.ts', 'ipaddr.js'],
  ['ip-value-is-narrow', 'src/shared/addresses/ip-value.ts', 'zod'],
  ['yaml-is-narrow', 'src/shared/exchange/yaml.ts', 'zod'],
  ['specs-are-pure', 'src/drivers/tcp/bad-1-spec.ts', 'node:net'],
  ['specs-are-pure', 'src/drivers/tcp/bad-2-spec.ts', 'src/drivers/tcp/driver.ts'],
  ['specs-are-pure', 'src/drivers/tcp/bad-3-spec.ts', 'src/drivers/memory/spec.ts'],
  ['driver-imports', 'src/drivers/tcp/bad-1.ts', 'src/drivers/memory/driver.ts'],
  ['driver-imports', 'src/drivers/tcp/bad-2.ts', 'src/engine/session.ts'],
  ['driver-imports', 'src/drivers/tcp/bad-3.ts', 'src/rpc/client.ts'],
  ['driver-imports', 'src/drivers/tcp/bad-4.ts', 'electron'],
  ['driver-imports', 'src/drivers/tcp/bad-5.ts', 'src/drivers/node.ts'],
  ['driver-imports', 'src/drivers/tcp/bad-6.ts', 'svelte'],
  ['driver-imports', 'src/drivers/net/bad-7.ts', 'src/drivers/memory/driver.ts'],
  ['form-imports', 'src/drivers/tcp/Bad1.svelte', 'src/drivers/tcp/driver.ts'],
  ['form-imports', 'src/drivers/tcp/Bad2.svelte', 'node:net'],
  ['form-imports', 'src/drivers/tcp/Bad3.svelte', 'src/renderer/App.svelte'],
  ['spec-list-imports', 'src/drivers/specs.ts', 'src/drivers/memory/driver.ts'],
  ['form-list-imports', 'src/drivers/forms.ts', 'src/drivers/memory/driver.ts'],
  ['node-list-imports', 'src/drivers/node.ts', 'src/drivers/memory/Form.svelte'],
  ['node-list-imports', 'src/drivers/node.ts', 'src/drivers/net/dial.ts'],
  ['engine-imports', 'src/engine/bad-1.ts', 'src/drivers/memory/driver.ts'],
  ['engine-imports', 'src/engine/bad-2.ts', 'electron'],
  ['engine-imports', 'src/engine/bad-3.ts', 'svelte'],
  ['engine-imports', 'src/engine/bad-4.ts', 'src/rpc/client.ts'],
  ['engine-imports', 'src/engine/bad-5.ts', 'src/drivers/node.ts'],
  ['rpc-imports', 'src/rpc/bad-1.ts', 'src/engine/session.ts'],
  ['rpc-imports', 'src/rpc/bad-2.ts', 'node:net'],
  ['rpc-imports', 'src/rpc/bad-3.ts', 'ws'],
  ['main-imports', 'src/main/bad-1.ts', 'src/drivers/memory/driver.ts'],
  ['main-imports', 'src/main/bad-2.ts', 'src/renderer/App.svelte'],
  ['main-imports', 'src/main/bad-3.ts', 'src/web-host/index.ts'],
  ['preload-imports', 'src/preload/bad-1.ts', 'src/rpc/client.ts'],
  ['preload-imports', 'src/preload/bad-2.ts', 'node:fs'],
  ['frames-are-pure', 'src/drivers/websocket/mask.ts', 'node:crypto'],
  ['renderer-imports', 'src/renderer/bad-1.ts', 'src/engine/session.ts'],
  ['renderer-imports', 'src/renderer/bad-2.ts', 'node:fs'],
  ['renderer-imports', 'src/renderer/bad-3.ts', 'electron'],
  ['renderer-imports', 'src/renderer/bad-4.ts', 'src/drivers/memory/driver.ts'],
  ['renderer-imports', 'src/renderer/bad-5.ts', 'src/drivers/node.ts'],
  ['renderer-imports', 'src/renderer/bad-6.ts', 'ws'],
  ['renderer-imports', 'src/renderer/Bad7.svelte', 'src/engine/session.ts'],
  ['web-host-imports', 'src/web-host/bad-1.ts', 'electron'],
  ['web-host-imports', 'src/web-host/bad-2.ts', 'src/drivers/memory/driver.ts'],
  ['web-host-imports', 'src/web-host/bad-3.ts', 'src/renderer/App.svelte'],
  ['electron-only-in-its-host', 'src/shared/bad-5.ts', 'electron'],
  ['sources-do-not-import-tests', 'src/engine/bad-6.ts', 'tests/support/tool.ts'],
  ['declared-dependencies-only', 'src/engine/bad-7.ts', 'undeclared'],
  ['resolvable', 'src/engine/bad-8.ts', './nowhere.ts'],
];

const isFile = (target: string): boolean => /^(src|tests)\//.test(target);

/** The tree in which every listed import is made. */
function treeOf(imports: readonly Import[]): Record<string, string> {
  const lines = new Map<string, string[]>();
  const linesOf = (file: string): string[] => {
    const known = lines.get(file);
    if (known !== undefined) return known;
    const fresh: string[] = [];
    lines.set(file, fresh);
    return fresh;
  };
  for (const [from, to] of imports) {
    if (isFile(to)) linesOf(to);
    const path = isFile(to) ? posix.relative(posix.dirname(from), to) : to;
    linesOf(from).push(`import '${!isFile(to) || path.startsWith('.') ? path : `./${path}`}';`);
  }
  const wrap = (file: string, code: string): string =>
    file.endsWith('.svelte') ? `<script lang="ts">\n${code}\n</script>\n` : code;
  return Object.fromEntries(
    [...lines].map(([file, code]) => [
      file,
      wrap(file, ['export {};', ...code].slice(file.endsWith('.svelte') ? 1 : 0).join('\n')),
    ]),
  );
}

/** How the report names a target: files and unresolved paths as they are, Node's modules without `node:`. */
function names(violation: Violation, to: string): boolean {
  return (
    violation.to === to || violation.to === to.replace(/^node:/, '') || violation.to.startsWith(`node_modules/${to}/`)
  );
}

describe('the layers', () => {
  let good: Violation[] = [];
  let bad: Violation[] = [];

  beforeAll(async () => {
    [good, bad] = await Promise.all([
      cruise(treeOf(allowed)),
      cruise({
        ...treeOf([...allowed, ...forbidden.map(([, from, to]): Import => [from, to])]),
        'src/engine/type-only.ts': "import type { Form } from '../renderer/App.svelte';\nexport type Alias = Form;\n",
        'src/engine/circle-a.ts': "import './circle-b.ts';\n",
        'src/engine/circle-b.ts': "import './circle-a.ts';\n",
        'src/engine/orphan.ts': 'export const alone = 1;\n',
      }),
    ]);
  }, 120_000);

  it.each(allowed)('%s may import %s', (from, to) => {
    expect(good.filter((violation) => violation.from === from && names(violation, to))).toEqual([]);
  });

  it.each(forbidden)('%s: %s may not import %s', (rule, from, to) => {
    expect(
      bad
        .filter((violation) => violation.rule === rule && violation.from === from)
        .some((violation) => names(violation, to)),
    ).toBe(true);
  });

  it('counts an import of a type as an import', () => {
    expect(bad).toContainEqual({
      rule: 'engine-imports',
      from: 'src/engine/type-only.ts',
      to: 'src/renderer/App.svelte',
    });
  });

  it('reports a circle of imports', () => {
    expect(bad.filter((violation) => violation.rule === 'no-circular').map((violation) => violation.from)).toEqual([
      'src/engine/circle-a.ts',
    ]);
  });

  it('reports a module that nothing imports and that imports nothing', () => {
    expect(bad.filter((violation) => violation.rule === 'no-orphans').map((violation) => violation.from)).toContain(
      'src/engine/orphan.ts',
    );
  });

  it('finds nothing wrong with a tree that keeps the rules', () => {
    expect(good.filter((violation) => violation.rule !== 'no-orphans')).toEqual([]);
  });
});
