import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/shared/environment.ts';
import { withoutSecrets, writeBundle, type BundleContent } from '../../../src/shared/exchange/bundle.ts';
import { lookAtImport } from '../../../src/shared/exchange/look.ts';
import { presetSchema } from '../../../src/shared/preset.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { anyPreset } from '../../support/preset-arbitrary.ts';

const none = (): readonly string[] => [];

const anyEnvironment: fc.Arbitrary<Environment> = fc.record({
  wirebench: fc.constant(1 as const),
  name: fc.constantFrom('Lab', 'Live 2', '한국'),
  variables: fc
    .uniqueArray(fc.stringMatching(/^[a-zA-Z_][a-z0-9_.-]{0,8}$/), { minLength: 1, maxLength: 5 })
    .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), fc.string(), fc.boolean()))))
    .map((list) => list.map(([name, value, isSecret]) => ({ name, value: isSecret ? '' : value, isSecret }))),
});

describe('a bundle', () => {
  it('gives back what was put into it, as YAML and as JSON', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyPreset, { selector: ({ id }) => id, maxLength: 4 }),
        fc.array(anyEnvironment, { maxLength: 2 }),
        fc.constantFrom('yaml' as const, 'json' as const),
        (presets, environments, as) => {
          const content: BundleContent = {
            name: 'Name',
            presets: presets.map((preset, index) => ({ folder: ['', 'a', 'a/b c', '한국/x'][index] ?? '', preset })),
            environments,
          };
          const found = valueOf(lookAtImport(writeBundle(content, none, as)));
          expect(found.kind).toBe('Wirebench bundle');
          expect(found.left).toEqual([]);
          const expected = content.presets.map(({ folder, preset }) => ({
            folder,
            preset: withoutSecrets(preset, []),
          }));
          // JSON has no negative zero.
          const plain: unknown = as === 'json' ? JSON.parse(JSON.stringify(expected)) : expected;
          expect(found.presets).toEqual(plain);
          expect(found.environments).toEqual(environments);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('says nothing of secrets, only where they were', () => {
    const preset = presetSchema.parse({
      wirebench: 1,
      id: 'a',
      name: 'Chat room',
      protocol: 'websocket-client',
      address: 'wss://anna:s3cret@h/p',
      options: {
        auth: 'basic',
        authName: 'anna',
        authPassword: 's3cret',
        authToken: '{{token}}',
        headers: 'X: 1\nAuthorization: Digest s3cret\nProxy-Authorization: {{proxy}}',
      },
    });
    const text = writeBundle(
      {
        name: 'x',
        presets: [{ folder: '', preset }],
        environments: [{ wirebench: 1, name: 'E', variables: [{ name: 'token', value: '', isSecret: true }] }],
      },
      () => ['authPassword', 'authToken'],
      'yaml',
    );
    expect(text).not.toContain('s3cret');
    expect(text).toContain('wss://anna:{{Chat-room-password}}@h/p');
    expect(text).toContain('authPassword: "{{Chat-room-authPassword}}"');
    expect(text).toContain('Authorization: Digest {{Chat-room-authorization}}');
    expect(text).toContain('{{token}}');
    expect(text).toContain('{{proxy}}');
    expect(text).toMatch(/token:\n\s+secret: true/);
  });

  it('may be the file of one preset', () => {
    const found = valueOf(lookAtImport('wirebench: 1\nid: a\nname: A\nprotocol: tcp-client\n'));
    expect(found.kind).toBe('Wirebench preset');
    expect(found.presets).toMatchObject([{ folder: '', preset: { id: 'a', name: 'A' } }]);
    const short = lookAtImport('wirebench: 1\nprotocol: tcp-client\n', '/home/anna/the room.wb.yaml');
    expect(valueOf(short).presets).toMatchObject([{ preset: { name: 'the room', protocol: 'tcp-client' } }]);
    expect(valueOf(lookAtImport('wirebench: 1\nprotocol: x\n')).presets).toMatchObject([
      { preset: { name: 'Preset' } },
    ]);
    expect(valueOf(lookAtImport('wirebench: 1\nprotocol: x\nid: No\n')).left).toHaveLength(1);
    expect(errorOf(lookAtImport('wirebench: 2\nname: A\nprotocol: x\n')).message).toContain('newer Wirebench');
  });
});
