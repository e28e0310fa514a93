/** Any preset, with the strings that YAML has most to do with. */
import fc from 'fast-check';
import { presetSchema, type Preset } from '../../src/shared/preset.ts';
import { composerFormats, lineEndings, textEncodings } from '../../src/shared/workspace.ts';

const awkward = fc.constantFrom(
  ...['', ' ', '\n', '\r\n', '\t', '\0', '\u0085', '\u2028', '\ufeff', '\ud800', '\udc00x', '😀', '한국', '{{name}}'],
  ...['---', '...', '- a', 'a: b', '#', ' # c', '*a', '&a', '!t', '|', '>', '%', '@', '`', '"', "'", '\\', '?', ':'],
  ...['null', '~', 'true', 'no', '0102', '1.10', '0x1F', '1e3', '.nan', '-.inf', '-0', '<<', '=', '[', '{', ',', 'a,b'],
  ...[
    'line\n  indented\n\nlast\n\n',
    '\n\nfirst',
    '  lead\nx',
    'trail \n',
    'a\n \nb',
    'x\r\ny',
    '__proto__',
    '2026-01-01',
  ],
);
export const anyText = fc.oneof(
  awkward,
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(awkward, fc.string()), { maxLength: 5 }).map((parts) => parts.join('')),
);
/** zod counts characters as JavaScript does. */
const upTo = (most: number): fc.Arbitrary<string> => anyText.map((text) => text.slice(0, most));
const key = upTo(64).filter((text) => text !== '__proto__');
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, 0.1),
);
const values = fc
  .array(fc.tuple(key, fc.oneof(anyText, number, fc.boolean(), fc.constant(null))), { maxLength: 6 })
  .map((pairs) => Object.fromEntries(pairs));

const message = fc.record({
  name: upTo(200),
  format: fc.constantFrom(...composerFormats),
  content: anyText,
  lineEnding: fc.constantFrom(...lineEndings),
  encoding: fc.constantFrom(...textEncodings),
  kind: upTo(40),
  frame: values,
});

export const anyPreset: fc.Arbitrary<Preset> = fc
  .record({
    wirebench: fc.constant(1 as const),
    id: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
    name: upTo(200).map((text) => (text === '' ? 'x' : text)),
    protocol: upTo(40).map((text) => (text === '' ? 'x' : text)),
    address: anyText,
    options: values,
    notes: anyText,
    messages: fc.array(message, { maxLength: 4 }),
  })
  .map((preset) => presetSchema.parse(preset));
