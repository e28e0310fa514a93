import { describe, expect, it } from 'vitest';
import { environmentToYaml } from '../../src/engine/environments/environment-text.ts';
import { yamlToEnvironment } from '../../src/engine/environments/environment-yaml.ts';
import { resolveDraft } from '../../src/shared/template-draft.ts';
import { Resolution } from '../../src/shared/template-resolve.ts';
import { BRACES_ESCAPE, parseTemplate } from '../../src/shared/template.ts';
import { fuzzed, fuzzLimits } from '../support/fuzz-limits.ts';
import { valueOf } from '../support/outcome.ts';
import { seededRandom, type Random } from '../support/random.ts';

const sample = `# who may read this
wirebench: 1
name: Local # at home
owner: &anna anna

variables:
  # the door
  host: 127.0.0.1:9000
  port: 0102
  long: |
    one
    two
  who: *anna
  token: { secret: true, note: ask Bob }
`;

const signs = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '&a ',
  '*a',
  '!',
  '|',
  '>',
  "'",
  '"',
  '%',
  '#',
  '-',
  '? ',
  '\n',
  '\t',
  '<<: ',
];

function mutated(random: Random): string {
  let bytes = Buffer.from(sample);
  for (let count = 1 + random(6); count > 0; count -= 1) {
    const at = random(bytes.length);
    const insert = random(3) === 0 ? Buffer.from([random(256)]) : Buffer.from(signs[random(signs.length)] ?? '');
    const end = at + random(3) * random(20);
    bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(end)]);
  }
  return bytes.toString();
}

const pieces = [
  '{{',
  '}}',
  '{',
  '}',
  '{{a}}',
  '{{b}}',
  '{{c}}',
  '{{$uuid}}',
  '{{$randomInt 1 2}}',
  BRACES_ESCAPE,
  '\\',
  'x41',
];

function template(random: Random): string {
  let text = '';
  for (let count = random(10); count > 0; count -= 1) {
    text += random(4) === 0 ? String.fromCharCode(random(0x10000)) : (pieces[random(pieces.length)] ?? '');
  }
  return text;
}

const sources = { uuid: () => 'u', now: () => 0, counter: () => 1, randomInt: () => 1, randomHex: () => '00' };

describe('files of environments, damaged', () => {
  const limits = fuzzLimits(4000);
  it(
    'are an environment or an error, and can be saved over',
    async () => {
      await fuzzed(limits, (seed) => {
        const text = mutated(seededRandom(seed));
        const outcome = yamlToEnvironment(text, 'x', 'local');
        if (!outcome.ok) expect(['bad-preset', 'newer-preset']).toContain(outcome.error.code);
        const before = outcome.ok ? outcome.value.environment : { wirebench: 1 as const, name: 'n', variables: [] };
        const variables = [...before.variables.slice(1), { name: 'added', value: text, isSecret: false }];
        const changed = valueOf(environmentToYaml({ ...before, variables }, { text, name: 'local' }));
        expect(valueOf(yamlToEnvironment(changed, 'x', 'local')).environment.variables).toEqual(variables);
        return Promise.resolve();
      });
    },
    limits.timeout,
  );
});

describe('templates, with anything in them', () => {
  const limits = fuzzLimits(20_000);
  it(
    'lose nothing, and become a message or an error',
    async () => {
      await fuzzed(limits, (seed) => {
        const random = seededRandom(seed);
        const content = template(random);
        expect(
          parseTemplate(content)
            .map(({ source }) => source)
            .join(''),
        ).toBe(content);
        const values = new Map(['a', 'b', 'c'].map((name) => [name, template(random)]));
        const resolution = new Resolution((name) => {
          const value = values.get(name);
          return value === undefined ? undefined : { value, isSecret: name === 'c' };
        }, sources);
        const format = (['Text', 'Hex', 'Base64', 'JSON'] as const)[random(4)] ?? 'Text';
        const encoding = (['utf8', 'utf16le', 'latin1', 'ascii'] as const)[random(4)] ?? 'utf8';
        const outcome = resolveDraft({ format, content, encoding, lineEnding: 'none' }, resolution);
        if (!outcome.ok) expect(['unknown-variable', 'bad-message']).toContain(outcome.error.code);
        return Promise.resolve();
      });
    },
    limits.timeout,
  );
});
