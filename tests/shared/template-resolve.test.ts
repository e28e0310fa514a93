import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEMPLATE_CHARACTERS, TEMPLATE_DEPTH } from '../../src/shared/preset-limits.ts';
import type { Sources } from '../../src/shared/template-generators.ts';
import { Resolution, resolveTemplate, type Found, type Lookup } from '../../src/shared/template-resolve.ts';
import { variableScope } from '../../src/shared/template-scope.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

/** A source that says what it was asked for. */
function sources(): Sources {
  let uuids = 0;
  let time = 1_700_000_000_000;
  let messages = 0;
  return {
    uuid: () => `uuid-${(uuids += 1)}`,
    now: () => (time += 1500),
    counter: () => (messages += 1),
    randomInt: (min, max) => min * 1000 + max,
    randomHex: (bytes) => 'ab'.repeat(bytes),
  };
}

function lookupIn(values: Readonly<Record<string, string | Found>>): Lookup {
  const known = new Map(Object.entries(values));
  return (name) => {
    const found = known.get(name);
    return typeof found === 'string' ? { value: found, isSecret: false } : found;
  };
}

function resolved(text: string, values: Readonly<Record<string, string | Found>> = {}): string {
  return valueOf(resolveTemplate(text, lookupIn(values), sources()));
}

function problem(
  text: string,
  values: Readonly<Record<string, string | Found>> = {},
): { code: string; message: string } {
  return errorOf(resolveTemplate(text, lookupIn(values), sources()));
}

describe('resolving a template', () => {
  it('puts values in their places', () => {
    expect(resolved('ws://{{host}}:{{ port }}/', { host: 'localhost', port: '9000' })).toBe('ws://localhost:9000/');
  });

  it('writes the two braces of their escape', () => {
    expect(resolved('{{"{{"}}a}} {{a}}', { a: '1' })).toBe('{{a}} 1');
  });

  it('never evaluates: a value is put in as it is', () => {
    expect(resolved('{{a}}', { a: '${process.exit()} $& $1 \\n' })).toBe('${process.exit()} $& $1 \\n');
  });

  it('follows variables that name variables', () => {
    expect(resolved('{{url}}', { url: 'ws://{{host}}/{{path}}', host: 'h{{n}}', n: '1', path: '' })).toBe('ws://h1/');
  });

  it('takes a secret literally, and remembers it', () => {
    const secret = 'p{{host}}w';
    const resolution = new Resolution(
      lookupIn({ login: 'anna:{{token}}', token: { value: secret, isSecret: true }, host: 'h' }),
      sources(),
    );
    const [piece] = resolution.pieces('{{login}}');
    expect(piece).toMatchObject({ text: `anna:${secret}`, isSecret: true, isValue: true });
    expect([...resolution.secrets]).toEqual([secret]);
  });

  it('makes generated values', () => {
    expect(resolved('{{$uuid}} {{$uuid}} {{$randomInt 2 3}} {{$randomInt}} {{$randomHex 2}}')).toBe(
      'uuid-1 uuid-2 2003 1000 abab',
    );
    expect(resolved('{{$timestamp}} {{$isoTimestamp}}')).toBe('1700000001 2023-11-14T22:13:21.500Z');
  });

  it('counts once and reads the clock once for a message, and works out each variable once', () => {
    expect(resolved('{{$counter}} {{$counter}} {{id}} {{id}}', { id: '{{$uuid}}-{{$counter}}' })).toBe(
      '1 1 uuid-1-1 uuid-1-1',
    );
  });

  it('names every variable that is not there', () => {
    const error = problem('{{a}} {{b}} {{a}} {{there}} {{c.d}}', { there: '{{e}}' });
    expect(error.code).toBe('unknown-variable');
    for (const name of ['{{a}}', '{{b}}', '{{c.d}}', '{{e}}']) expect(error.message.split(name)).toHaveLength(2);
    expect(error.message).not.toContain('there}}');
  });

  it('knows nothing that comes with every object', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(problem(`{{${name}}}`).message).toContain(name);
    }
  });

  it('says why a variable has no value now', () => {
    const error = problem('{{token}} {{x}}', {
      token: { problem: 'The secret {{token}} has no value.', hint: 'Set it.' },
    });
    expect(error.message).toContain('The secret {{token}} has no value.');
    expect(error.message).toContain('{{x}}');
  });

  it('says what is malformed', () => {
    expect(problem('{{my name}}').message).toContain('{{my name}} is no name');
  });

  it('names the variables of a circle', () => {
    expect(problem('{{a}}', { a: '{{b}}', b: 'x{{c}}', c: '{{b}}' }).message).toContain('{{b}} → {{c}} → {{b}}');
    expect(problem('{{a}}', { a: '{{a}}' }).message).toContain('{{a}} → {{a}}');
  });

  it('ends where variables lead too far', () => {
    const chain = (length: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length }, (_, at) => [`v${at}`, at === length - 1 ? 'end' : `{{v${at + 1}}}`] as const),
      );
    expect(resolved('{{v0}}', chain(TEMPLATE_DEPTH))).toBe('end');
    expect(problem('{{v0}}', chain(2000)).message).toContain(`more than ${TEMPLATE_DEPTH} variables`);
  });

  it('gives up what would become too large, before it does', () => {
    const bomb = Object.fromEntries(
      Array.from({ length: 18 }, (_, at) => [`v${at}`, at === 17 ? 'lol' : `{{v${at + 1}}}`.repeat(10)] as const),
    );
    expect(problem('{{v0}}', bomb).code).toBe('message-too-long');
    const nothing = { ...bomb, v17: '' };
    // Nothing in nothing, 10^17 times: worked out once each.
    expect(resolved('{{v0}}', nothing)).toBe('');
    const text = '{{v}}'.repeat(TEMPLATE_CHARACTERS / 65_536 + 1);
    expect(problem(text, { v: 'x'.repeat(65_536) }).code).toBe('message-too-long');
  });

  it('leaves text without braces as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('{{')),
        (text) => {
          expect(resolved(text)).toBe(text);
        },
      ),
    );
  });

  it('either gives all of the text with its values, or an error', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const value = fc
      .array(
        fc.oneof(
          fc.string({ maxLength: 4 }),
          name.map((one) => `{{${one}}}`),
          fc.constant('{{"{{"}}'),
        ),
        {
          maxLength: 4,
        },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(value, fc.dictionary(name, value), (text, values) => {
        const outcome = resolveTemplate(text, lookupIn(values), sources());
        if (!outcome.ok) expect(outcome.error.code).toBe('unknown-variable');
        else if (!text.includes('{{')) expect(outcome.value).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the scope of variables', () => {
  const shared = {
    path: '',
    environment: {
      variables: [
        { name: 'host', value: 'example.com', isSecret: false },
        { name: 'path', value: '/', isSecret: false },
      ],
    },
  };

  it('lets the chosen environment go before the workspace', () => {
    const chosen = {
      path: 'environments/local.wb.yaml',
      environment: { variables: [{ name: 'host', value: '', isSecret: true }] },
    };
    expect([...variableScope(shared, chosen).values()]).toEqual([
      { name: 'host', value: '', isSecret: true, path: 'environments/local.wb.yaml' },
      { name: 'path', value: '/', isSecret: false, path: '' },
    ]);
  });

  it('is that of the workspace when nothing is chosen, or it cannot be read', () => {
    expect(variableScope(shared, null).get('host')?.path).toBe('');
    expect(variableScope(shared, { path: 'x', environment: null }).size).toBe(2);
  });
});
