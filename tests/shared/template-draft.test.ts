import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_BYTES } from '../../src/shared/limits.ts';
import { encodeMessage } from '../../src/shared/message-format.ts';
import { resolveDraft, resolveValues } from '../../src/shared/template-draft.ts';
import { Resolution, type Found } from '../../src/shared/template-resolve.ts';
import type { TypedDraft } from '../../src/shared/typed-draft.ts';
import { composerSchema } from '../../src/shared/workspace.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const none = { uuid: () => 'u', now: () => 0, counter: () => 1, randomInt: () => 0, randomHex: () => '' };

function resolution(
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): Resolution {
  const known = new Map<string, Found>([
    ...Object.entries(values).map(([name, value]) => [name, { value, isSecret: false }] as const),
    ...Object.entries(secrets).map(([name, value]) => [name, { value, isSecret: true }] as const),
  ]);
  return new Resolution((name) => known.get(name), none);
}

const text: TypedDraft = { format: 'Text', content: '', lineEnding: 'none', encoding: 'utf8' };

function sent(draft: Partial<TypedDraft>, values: Readonly<Record<string, string>> = {}): string {
  return Buffer.from(valueOf(resolveDraft({ ...text, ...draft }, resolution(values)))).toString('latin1');
}

describe('a message with placeholders', () => {
  it('in Text gets values literally, while its own escapes count', () => {
    expect(sent({ content: 'a\\n{{v}}\\x41' }, { v: '\\n\\x42\\' })).toBe('a\n\\n\\x42\\A');
  });

  it('in Text does not let an escape take the beginning of a value', () => {
    for (const content of ['\\{{v}}', '\\x4{{v}}', '\\u{{v}}', '\\u{4{{v}}}']) {
      const error = errorOf(resolveDraft({ ...text, content }, resolution({ v: '1' })));
      expect(error.code).toBe('bad-message');
      expect(error.message).toContain('character 1');
    }
  });

  it('tells the place of a mistake in what was typed, not in what became of it', () => {
    const error = errorOf(
      resolveDraft({ ...text, content: '{{"{{"}}{{v}}\n{{v}}\\q' }, resolution({ v: 'long value' })),
    );
    expect(error.message).toContain('line 2, character 6');
  });

  it('in Text gets the line ending and the encoding of the draft', () => {
    expect(sent({ content: '{{v}}', lineEnding: '\\r\\n' }, { v: 'x' })).toBe('x\r\n');
    expect(sent({ content: '{{v}}', encoding: 'utf16le', lineEnding: '\\n' }, { v: 'é' })).toBe('\xe9\0\n\0');
  });

  it('names the variable whose value the encoding cannot hold, and nothing of the value', () => {
    const draft = { ...text, content: 'a{{v}}', encoding: 'latin1' } as const;
    const error = errorOf(resolveDraft(draft, resolution({}, { v: '한' })));
    expect(error.message).toBe('latin1 cannot hold the value of {{v}}.');
  });

  it('in Hex and Base64 may have several bytes in a value', () => {
    expect(sent({ format: 'Hex', content: '01 {{v}} 0{{half}}' }, { v: '02 03', half: '4' })).toBe('\x01\x02\x03\x04');
    expect(sent({ format: 'Base64', content: 'aGVs{{v}}' }, { v: 'bG8=' })).toBe('hello');
  });

  it('in JSON may have a part of JSON in a value, and is checked with it', () => {
    expect(sent({ format: 'JSON', content: '{"a":{{v}},"b":"{{w}}"}' }, { v: '[1]', w: 'x' })).toBe(
      '{"a":[1],"b":"x"}',
    );
    const error = errorOf(resolveDraft({ ...text, format: 'JSON', content: '{"a":{{v}}}' }, resolution({ v: '[' })));
    expect(error).toMatchObject({ code: 'bad-message' });
    expect(error.message).toContain('{{v}}');
  });

  it('quotes nothing of a secret when the message is none', () => {
    for (const format of ['Hex', 'Base64', 'JSON'] as const) {
      const draft = { ...text, format, content: '{{v}}' };
      const error = errorOf(resolveDraft(draft, resolution({}, { v: '$ecret' })));
      expect(error.message).toBe(`With the value of {{v}} put in, this is not ${format}.`);
    }
  });

  it('sends nothing when a variable is not there', () => {
    const error = errorOf(resolveDraft({ ...text, content: '{{a}} \\q {{b}}' }, resolution({})));
    expect(error.code).toBe('unknown-variable');
  });

  it('is refused when it is too long with its values', () => {
    const value = 'x'.repeat(65_536);
    const content = '{{v}}'.repeat(MESSAGE_BYTES / 65_536 + 1);
    expect(errorOf(resolveDraft({ ...text, content }, resolution({ v: value }))).code).toBe('message-too-long');
  });

  it('without placeholders is what it is without templates', () => {
    const draft = fc.record({
      format: fc.constantFrom('Text', 'Hex', 'Base64', 'JSON'),
      content: fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.base64String(), fc.constant('\\x00 \\q')),
      lineEnding: fc.constantFrom('none', '\\n', '\\0'),
      encoding: fc.constantFrom('utf8', 'latin1', 'utf16le'),
    }) satisfies fc.Arbitrary<TypedDraft>;
    const keys = { Text: 'text', Hex: 'hex', Base64: 'base64', JSON: 'json' } as const;
    fc.assert(
      fc.property(
        draft.filter(({ content }) => !content.includes('{{')),
        (one) => {
          const composed = composerSchema.parse({ ...one, [keys[one.format]]: one.content });
          expect(resolveDraft(one, resolution({}))).toEqual(encodeMessage(composed));
        },
      ),
    );
  });

  it('carries any value through Text unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const bytes = valueOf(
          resolveDraft({ ...text, content: '<{{v}}>' }, resolution({ v: value.replaceAll('{{', '') })),
        );
        expect(Buffer.from(bytes).toString()).toBe(`<${value.replaceAll('{{', '')}>`);
      }),
    );
  });
});

describe('options with placeholders', () => {
  it('get values where they are text, and stay as they are elsewhere', () => {
    const values = { headers: 'X-Key: {{key}}', timeout: 5, on: true, none: null };
    expect(valueOf(resolveValues(values, resolution({ key: '1' })))).toEqual({ ...values, headers: 'X-Key: 1' });
  });

  it('name the first field at fault, and all unknown variables', () => {
    const error = errorOf(resolveValues({ a: 'x', b: '{{p}}', c: '{{q}}' }, resolution({})));
    expect(error).toMatchObject({ code: 'unknown-variable', field: 'b' });
    expect(error.message).toContain('{{p}}, {{q}}');
  });
});
