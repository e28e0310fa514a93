/** The example of docs/dns.md is one that works. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planOf } from '../../../src/drivers/dns/plan.ts';
import { dnsSpec } from '../../../src/drivers/dns/spec.ts';
import { checkOptions } from '../../../src/drivers/spec.ts';
import { yamlToPreset } from '../../../src/engine/presets/preset-yaml.ts';
import { valueOf } from '../../support/outcome.ts';

test('a preset of a lookup, as the page shows it, can be read and asked', () => {
  const page = readFileSync(new URL('../../../docs/dns.md', import.meta.url), 'utf8');
  const yaml = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
  const { preset } = valueOf(yamlToPreset(yaml, 'example.wb.yaml', { id: 'x', name: 'x' }));
  expect(preset.protocol).toBe(dnsSpec.id);
  const servers = String(preset.options.servers).replaceAll('{{zone}}', 'example.org');
  const options = valueOf(checkOptions(dnsSpec, { ...preset.options, servers }));
  const plan = valueOf(planOf('example.org', options, []));
  expect(plan.columns.map(({ label }) => label)).toEqual(['system', 'ns1.example.org:53', '1.1.1.1:53']);
  expect(plan.questions.map(({ type }) => type)).toEqual([15, 16, 257]);
});
