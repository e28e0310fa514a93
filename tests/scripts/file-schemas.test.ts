import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fileSchemas } from '../../scripts/lib/file-schemas.ts';
import { yamlToPreset } from '../../src/engine/presets/preset-yaml.ts';
import { valueOf } from '../support/outcome.ts';

const docs = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the published JSON Schemas', () => {
  it('are those of the files that this version reads (else: node scripts/write-schemas.ts)', async () => {
    const schemas = await fileSchemas();
    expect([...schemas.keys()]).toEqual(['preset.schema.json', 'environment.schema.json']);
    for (const [name, text] of schemas) expect(docs(name)).toBe(text);
  });

  it('say something about each key', async () => {
    const described = z.object({
      required: z.array(z.string()),
      properties: z.record(z.string(), z.looseObject({ description: z.string() })),
    });
    const [preset, environment] = [...(await fileSchemas()).values()].map((text) => described.parse(JSON.parse(text)));
    expect(preset?.required).toEqual(['wirebench', 'protocol']);
    expect(Object.keys(preset?.properties ?? {})).toContain('messages');
    expect(environment?.required).toEqual(['wirebench']);
  });
});

describe('the examples in docs/presets.md', () => {
  const examples = [...docs('presets.md').matchAll(/^```yaml\n([^]*?)\n```$/gm)].map(([, text]) => text ?? '');
  const presets = examples.filter((text) => text.includes('protocol:'));

  it('are there', () => {
    expect(presets.length).toBeGreaterThan(0);
  });

  it.each(presets)('are presets: %s', (text) => {
    valueOf(yamlToPreset(text, 'example.wb.yaml', { id: 'derived', name: 'Derived' }));
  });
});
