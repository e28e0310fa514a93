import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentToYaml } from '../../src/engine/environments/environment-text.ts';
import { yamlToEnvironment } from '../../src/engine/environments/environment-yaml.ts';
import type { Environment } from '../../src/shared/environment.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

function read(text: string): Environment {
  return valueOf(yamlToEnvironment(text, 'environments/local.wb.yaml', 'local')).environment;
}

function problem(text: string): string {
  const { code, message } = errorOf(yamlToEnvironment(text, 'environments/local.wb.yaml', 'local'));
  return `${code}: ${message}`;
}

const plain = (name: string, value: string): Environment['variables'][number] => ({ name, value, isSecret: false });
const secret = (name: string): Environment['variables'][number] => ({ name, value: '', isSecret: true });

const name = fc.oneof(
  fc.constantFrom('host', 'token', 'a.b-c', '이름', '_x', 'constructor', 'true', 'null', 'y', 'toString'),
  fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,12}$/),
);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '9000',
    '1.10',
    '0x10',
    'true',
    'null',
    '~',
    '',
    ' ',
    '- a',
    'a: b',
    '#',
    '{{x}}',
    '{ secret: true }',
  ),
  fc.constantFrom(
    'line\nline\n',
    '\r\n',
    '\t',
    '"',
    "'",
    '|',
    '>',
    '&a',
    '*a',
    '!t',
    '%',
    '@',
    '`',
    '---',
    '2026-11-23',
  ),
);
const environment: fc.Arbitrary<Environment> = fc.record({
  wirebench: fc.constant(1 as const),
  name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  variables: fc
    .uniqueArray(fc.tuple(name, value, fc.boolean()), { selector: ([one]) => one, maxLength: 8 })
    .map((all) => all.map(([one, text, isSecret]) => (isSecret ? secret(one) : plain(one, text)))),
});

const sample = `# who may read this
wirebench: 1
name: Local # at home
owner: anna

variables:
  # the door
  host: 127.0.0.1:9000
  port: 0102
  version: 1.10
  on: true
  empty:
  token: { secret: true, note: ask Bob }
`;

describe('an environment in a file', () => {
  it('has texts as they are written, also when they look like numbers', () => {
    expect(read(sample)).toEqual({
      wirebench: 1,
      name: 'Local',
      variables: [
        plain('host', '127.0.0.1:9000'),
        plain('port', '0102'),
        plain('version', '1.10'),
        plain('on', 'true'),
        plain('empty', ''),
        secret('token'),
      ],
    });
  });

  it('goes by the name of its file when it says none', () => {
    expect(read('wirebench: 1').name).toBe('local');
  });

  it('keeps comments, keys of others and whatever is not different', () => {
    const before = read(sample);
    const variables = before.variables.map((one) => (one.name === 'host' ? { ...one, value: 'example.com:1' } : one));
    const changed = valueOf(
      environmentToYaml(
        { ...before, variables: [...variables, plain('new', 'x: y')] },
        { text: sample, name: 'local' },
      ),
    );
    expect(changed).toBe(`${sample.replace('127.0.0.1:9000', 'example.com:1')}  new: "x: y"\n`);
  });

  it('is not touched when nothing is different', () => {
    const odd = 'wirebench:   1\nvariables: {a:   "1",   b: 2}   # odd';
    expect(valueOf(environmentToYaml(read(odd), { text: odd, name: 'local' }))).toBe(odd);
  });

  it('loses variables that are gone, and changes their order', () => {
    const before = read(sample);
    const [host, port] = before.variables;
    if (host === undefined || port === undefined) throw new Error('the sample has two');
    const text = valueOf(environmentToYaml({ ...before, variables: [port, host] }, { text: sample, name: 'local' }));
    expect(read(text).variables).toEqual([port, host]);
    expect(text).not.toContain('version');
    expect(text).toContain('# who may read this');
  });

  it('turns a text into a secret and back', () => {
    const text = valueOf(
      environmentToYaml(
        { ...read(sample), variables: [secret('host'), plain('token', 'x')] },
        { text: sample, name: 'local' },
      ),
    );
    expect(text).toContain('host: { secret: true }');
    expect(text).not.toContain('127.0.0.1');
    expect(read(text).variables).toEqual([secret('host'), plain('token', 'x')]);
  });

  it('is written anew when it cannot be read', () => {
    const anew = { ...read(sample), variables: [plain('a', '1')] };
    expect(read(valueOf(environmentToYaml(anew, { text: 'a: [', name: 'local' })))).toEqual(anew);
  });

  it('is said to be broken with line and column', () => {
    expect(problem('wirebench: 1\nvariables:\n  a: [1]\n')).toBe(
      'bad-preset: environments/local.wb.yaml, line 3, column 6: "a" must be a text.',
    );
    expect(problem('wirebench: 1\nvariables: [a]')).toContain('line 2, column 12');
    expect(problem('wirebench: 1\nvariables:\n  my name: x\n')).toContain('"my name" is no name for a variable');
    expect(problem('wirebench: 1\nvariables:\n  a: 1\n  a: 2\n')).toContain('"a" is there twice');
    expect(problem('wirebench: 1\nvariables:\n  a: { secret: maybe }\n')).toContain('{ secret: true }');
    expect(problem('variables: {}')).toContain('which version of the format');
    expect(problem('wirebench: 2')).toMatch(/^newer-preset/);
    expect(problem('a: [')).toMatch(/^bad-preset: .*line/);
  });

  it('comes back from its file as it was', () => {
    fc.assert(
      fc.property(environment, (one) => {
        expect(read(valueOf(environmentToYaml(one, null)))).toEqual(one);
      }),
      { numRuns: 2000 },
    );
  });

  it('comes back when it was written into another one', () => {
    fc.assert(
      fc.property(environment, environment, (one, other) => {
        const text = valueOf(environmentToYaml(one, null));
        expect(read(valueOf(environmentToYaml(other, { text, name: 'local' })))).toEqual(other);
      }),
      { numRuns: 1000 },
    );
  });
});
