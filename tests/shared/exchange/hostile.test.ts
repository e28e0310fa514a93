/** Imports that mean ill: huge, deep, multiplying themselves, reaching for prototypes. Each ends soon and with a clear answer. */
import { describe, expect, it } from 'vitest';
import { IMPORT_DEPTH, IMPORT_LEFT, IMPORT_PRESETS } from '../../../src/shared/exchange/exchange-limits.ts';
import { lookAtImport } from '../../../src/shared/exchange/look.ts';
import { SAVED_MESSAGE_CHARACTERS, VARIABLES } from '../../../src/shared/preset-limits.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

function bomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let code = 98; code < 116; code += 1) {
    const name = String.fromCharCode(code);
    lines.push(
      `${name}: &${name} [${Array(10)
        .fill(`*${String.fromCharCode(code - 1)}`)
        .join(', ')}]`,
    );
  }
  return `type: collection.insomnia.rest/5.0\n${lines.join('\n')}\ncollection: *s\n`;
}

/** Folders in folders, with a request in the innermost. */
function nested(depth: number): string {
  const request = '{"name":"end","request":{"url":"ws://h/"}}';
  const item = '{"name":"f","item":['.repeat(depth) + request + ']}'.repeat(depth);
  return `{"info":{"name":"deep","schema":"https://schema.getpostman.com/"},"item":[${item}]}`;
}

describe('a hostile import', () => {
  it.each([
    ['brackets in brackets, as JSON', '['.repeat(2_000_000), /no JSON/],
    ['closed brackets in brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /no export/],
    ['brackets in brackets, as YAML', `a: ${'['.repeat(500_000)}`, /too deep/],
    [
      'YAML that goes ever deeper',
      Array.from({ length: 4000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /too deep/,
    ],
    ['YAML that multiplies itself', bomb(), /multiply/],
    ['YAML that is too long', `a: ${'x'.repeat(9 * 1024 * 1024)}`, /million characters/],
    ['a number as long as a book', `{"yaakSchema": ${'9'.repeat(1_000_000)}`, /no JSON/],
  ])('is refused: %s', (_, text, message) => {
    const error = errorOf(lookAtImport(text));
    expect(error.code).toBe('bad-import');
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(500);
  });

  it('reads no further than it should, and lists the rest', () => {
    const found = valueOf(lookAtImport(nested(30_000)));
    expect(found.presets).toEqual([]);
    expect(found.left.map(({ why }) => why)).toEqual([`Deeper than ${IMPORT_DEPTH} folders.`]);
    expect(valueOf(lookAtImport(nested(IMPORT_DEPTH - 1))).presets).toHaveLength(1);
  });

  it('takes as many presets as it may, and says how many more there were', () => {
    const packets = Array.from({ length: IMPORT_PRESETS + 7 }, (_, index) => ({
      name: `p${index % 3}`,
      hexstring: '00',
      toip: 'h',
      port: 1,
      tcporudp: 'TCP',
    }));
    const found = valueOf(lookAtImport(JSON.stringify(packets)));
    expect(found.presets).toHaveLength(IMPORT_PRESETS);
    expect(found.left.at(-1)?.where).toBe('7 more');
    expect(new Set(found.presets.map(({ preset }) => preset.id)).size).toBe(IMPORT_PRESETS);
  });

  it('lists as much as anybody reads, and counts the rest', () => {
    const packets = Array.from({ length: 100_000 }, () => ({ name: 'x'.repeat(200), tcporudp: 'UDP' }));
    const found = valueOf(lookAtImport(JSON.stringify(packets)));
    expect(found.left).toHaveLength(IMPORT_LEFT + 1);
    expect(found.left.at(-1)?.where).toBe(`${100_000 - IMPORT_LEFT} more`);
  });

  it('cannot change what objects are', () => {
    const evil = `{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "yaakSchema": 4,
      "resources": {"__proto__": {"websocketRequests": []}, "workspaces": [{"id": "w", "name": "__proto__"}],
      "environments": [{"workspaceId": "w", "name": "__proto__", "base": true, "variables": [{"name": "__proto__", "value": "1"}, {"name": "constructor", "value": "2"}]}],
      "websocketRequests": [{"workspaceId": "w", "name": "__proto__", "url": "ws://h/", "headers": [{"name": "__proto__", "value": "x"}]}]}}`;
    const found = valueOf(lookAtImport(evil));
    expect(found.presets).toMatchObject([{ preset: { name: '__proto__', options: { headers: '__proto__: x' } } }]);
    expect(found.environments[0]?.variables.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    const bundle = `wirebench-bundle: 1
presets:
  - folder: ../../__proto__
    preset: {wirebench: 1, id: a, name: a, protocol: tcp-client, options: {__proto__: {polluted: true}, constructor: x}}
  - folder: ../..
    preset: {wirebench: 1, id: b, name: b, protocol: tcp-client, options: {__proto__: x}}
environments:
  - name: e
    variables: {__proto__: x}
`;
    const bundled = valueOf(lookAtImport(bundle));
    expect(bundled.presets.map(({ folder }) => folder)).not.toContain('../..');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).not.toContain('polluted');
  });

  it('has names that lead nowhere else', () => {
    const found = valueOf(
      lookAtImport(
        JSON.stringify({
          info: { name: '../../etc', schema: 'https://schema.getpostman.com/' },
          item: [
            { name: '..', item: [{ name: 'a/b\\c\u0000\n', request: { url: 'ws://h/' } }] },
            { name: '.', item: [{ name: '', request: { url: 'ws://h/' } }] },
          ],
        }),
      ),
    );
    expect(found.presets.map(({ folder }) => folder)).toEqual(['..-..-etc/_', '..-..-etc/_']);
    expect(found.presets.map(({ preset }) => preset.name)).toEqual(['a/b\\c', 'Unnamed']);
  });

  it('leaves out what is longer than it may be', () => {
    const found = valueOf(
      lookAtImport(
        JSON.stringify({
          yaakSchema: 5,
          resources: {
            workspaces: [{ id: 'w', name: 'W' }],
            environments: [
              {
                workspaceId: 'w',
                name: 'E',
                parentModel: 'workspace',
                variables: Array.from({ length: VARIABLES + 5 }, (_, index) => ({ name: `v${index}`, value: '' })),
              },
            ],
            websocketRequests: [
              { workspaceId: 'w', name: 'long address', url: `ws://h/${'x'.repeat(3000)}` },
              {
                workspaceId: 'w',
                name: 'long message',
                url: 'ws://h/',
                message: 'x'.repeat(SAVED_MESSAGE_CHARACTERS + 1),
              },
              { workspaceId: 'w', name: 'bad header', url: 'ws://h/', headers: [{ name: 'X', value: 'a\r\nY: b' }] },
            ],
          },
        }),
      ),
    );
    expect(found.presets.map(({ preset }) => [preset.name, preset.messages.length, preset.options])).toEqual([
      ['long message', 0, {}],
      ['bad header', 0, {}],
    ]);
    expect(found.environments[0]?.variables).toHaveLength(VARIABLES);
    expect(found.left.length).toBe(5 + 3);
  });
});
