import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presetHead } from '../../src/engine/presets/preset-head.ts';
import { presetToYaml } from '../../src/engine/presets/preset-text.ts';
import { yamlToPreset } from '../../src/engine/presets/preset-yaml.ts';
import type { Preset } from '../../src/shared/preset.ts';
import { YAML_ALIASES } from '../../src/shared/preset-limits.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { anyPreset } from '../support/preset-arbitrary.ts';
import { presetOf, written } from '../support/preset-bench.ts';

const derived = { id: 'derived', name: 'Derived' };
const read = (text: string): Preset => valueOf(yamlToPreset(text, 'a.wb.yaml', derived)).preset;
const wrong = (text: string): string => {
  const { code, message } = errorOf(yamlToPreset(text, 'a.wb.yaml', derived));
  expect(code).toBe('bad-preset');
  return message;
};
const changed = (text: string, preset: Preset): string => valueOf(presetToYaml(preset, { text, derived }));

describe('a preset as a file', () => {
  it('is short, and says only what is not the default', () => {
    const preset = presetOf('Room', {
      address: 'ws://127.0.0.1:9000/room',
      options: { noDelay: true },
      messages: [{ ...valueMessage, name: 'Hello', content: 'one\ntwo' }],
    });
    expect(valueOf(presetToYaml(preset, null))).toBe(
      [
        'wirebench: 1',
        'id: room',
        'name: Room',
        'protocol: tcp-client',
        'address: ws://127.0.0.1:9000/room',
        'options:',
        '  noDelay: true',
        'messages:',
        '  - name: Hello',
        '    content: |-',
        '      one',
        '      two',
        '',
      ].join('\n'),
    );
  });

  it('comes back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(anyPreset, (preset) => {
        expect(read(valueOf(presetToYaml(preset, null)))).toEqual(preset);
      }),
      { numRuns: 3000 },
    );
  });

  it('becomes any other preset, with the comments and keys that are none of ours kept', () => {
    const more = '# to the end\nours:\n  - 0102 # theirs\n  - {a: 1,   b: ~}\n';
    fc.assert(
      fc.property(anyPreset, anyPreset, (one, other) => {
        const before = `${valueOf(presetToYaml(one, null))}${more}`;
        const after = changed(before, other);
        expect(read(after)).toEqual(other);
        expect(after).toContain('# to the end');
        expect(after).toContain('- 0102 # theirs');
        expect(changed(after, other)).toBe(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('is left as it is, byte for byte, when nothing is different', () => {
    const text = `# mine\n"wirebench" : 1\nid:   a\nname: 'Room'\nprotocol: tcp-client   # tcp\n\n\nextra: {a: [1,2]}\r\n`;
    expect(changed(text, read(text))).toBe(text);
  });

  it('keeps comments, order and unknown keys when something is', () => {
    const text = [
      '# Our device',
      'name: Room # short',
      'wirebench: 1',
      'team: blue',
      'id: a',
      'protocol: tcp-client',
      'messages:',
      '  # first',
      '  - name: one # 1',
      '    content: a',
      '    color: red',
      '  # second',
      '  - { name: two, content: 0102 }',
      '',
    ].join('\n');
    const preset = read(text);
    const [one, two] = preset.messages;
    if (one === undefined || two === undefined) throw new Error('two messages');
    expect(two.content).toBe('0102');
    const after = changed(text, {
      ...preset,
      name: 'Hall',
      address: 'x:1',
      messages: [two, { ...one, content: 'b' }],
    });
    expect(after).toBe(
      [
        '# Our device',
        'name: Hall # short',
        'wirebench: 1',
        'team: blue',
        'id: a',
        'protocol: tcp-client',
        'address: x:1',
        'messages:',
        '  # second',
        '  - { name: two, content: 0102 }',
        '  # first',
        '  - name: one # 1',
        '    content: b',
        '    color: red',
        '',
      ].join('\n'),
    );
  });

  it('keeps the line ends of Windows', () => {
    const text = written('Room').replaceAll('\n', '\r\n');
    expect(changed(text, { ...read(text), notes: 'n' })).toBe(`${text}notes: n\r\n`);
  });

  it('is read when a person leaves out what can be left out', () => {
    expect(read('wirebench: 1\nprotocol: tcp-client')).toEqual({ ...presetOf('x'), ...derived });
    expect(read('wirebench: 1\nprotocol: tcp-client\noptions:\nmessages:\nnotes:\nname: 007').name).toBe('007');
    const text = 'wirebench: 1\nprotocol: tcp-client\n';
    expect(changed(text, read(text))).toBe('wirebench: 1\nid: derived\nprotocol: tcp-client\n');
  });

  it('may say things once and use them twice', () => {
    const text = `${written('Room')}notes: &n same\nmessages:\n  - &m { name: a, content: *n }\n  - *m\n`;
    const preset = read(text);
    expect(preset.messages.map(({ name, content }) => [name, content])).toEqual([
      ['a', 'same'],
      ['a', 'same'],
    ]);
    for (const notes of ['', 'other']) expect(read(changed(text, { ...preset, notes }))).toEqual({ ...preset, notes });
    const [message] = preset.messages;
    if (message === undefined) throw new Error('a message');
    expect(read(changed(text, { ...preset, messages: [message] })).messages).toEqual([message]);
  });
});

const valueMessage = read('wirebench: 1\nprotocol: p\nmessages: [{}]').messages[0] ?? raise();
function raise(): never {
  throw new Error('a message');
}

describe('a broken file', () => {
  it.each([
    ['wirebench: 1\nname: [a\n', 'line 3, column 1'],
    ['wirebench: 1\nprotocol: x\nname: a: b\n', 'line 3, column 7: Nested mappings'],
    [`${written('A')}id: b\n`, 'line 5, column 1: "id" is there twice'],
    [`${written('A')}options: { __proto__: 1 }\n`, 'line 5, column 12: a key cannot be "__proto__"'],
    [`${written('A')}__proto__: { a: 1 }\n`, 'line 5, column 1: a key cannot be "__proto__"'],
    [`${written('A')}options: { a: [1] }\n`, 'line 5, column 15: "a" must be a text'],
    [`${written('A')}options: 7\n`, 'line 5, column 10: "options" must be'],
    [`${written('A')}options: { a: .nan }\n`, 'line 5, column 15: options.a'],
    [`${written('A')}messages: { a: 1 }\n`, 'line 5, column 11: "messages" must be a list'],
    [`${written('A')}messages: [x]\n`, 'line 5, column 12: a message must be'],
    [`${written('A')}messages:\n  - format: Morse\n`, 'line 6, column 13: messages.0.format'],
    [`${written('A')}notes: { a: 1 }\n`, 'line 5, column 8: "notes" must be a text'],
    [`${written('A')}notes: *nothing\n`, 'line 5, column 8'],
    [`${written('A')}---\nb: 1\n`, 'line 5, column 1: a second document begins here'],
    ['wirebench: 1\nid: A b\nprotocol: x\n', 'line 2, column 5: id'],
    ['wirebench: one\nprotocol: x\n', 'line 1, column 12: the version'],
    ['wirebench: 1\n', 'line 1, column 1: it does not say which protocol'],
    ['protocol: x\n', 'line 1, column 1: it does not say which version'],
    ['', 'line 1, column 1'],
    ['- a\n', 'line 1, column 1'],
    ['? [a]\n: b\n', 'line 1, column 3: a key must be a text'],
  ])('%j says where: %s', (text, where) => {
    expect(wrong(text)).toContain(`a.wb.yaml, ${where}`);
  });

  it('is told from one of a newer Wirebench', () => {
    const error = errorOf(yamlToPreset('wirebench: 2\nanything: [', 'a.wb.yaml', derived));
    expect(error.code).toBe('bad-preset');
    expect(errorOf(yamlToPreset('wirebench: 2\nprotocol: x', 'a.wb.yaml', derived)).code).toBe('newer-preset');
  });

  it.each([
    ['nested without end', '['.repeat(100_000)],
    ['maps in maps', Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['lists in lists', '- '.repeat(50_000)],
    ['names without end', Array.from({ length: 300_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['tags', '!a '.repeat(60_000)],
    ['comments', '#\n'.repeat(500_000)],
    ['closing brackets', ']'.repeat(90_000)],
    ['control characters', '\u0001'.repeat(100_000)],
  ])('%s are refused', (_, text) => {
    wrong(`${text}\n`);
  });

  it('that stands for more than there is room for is refused: aliases of aliases', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [index, name] of [...'bcdefghi'].entries()) {
      const last = 'abcdefghi'.charAt(index);
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${last}`).join(',')}]`);
    }
    // What nobody uses is not expanded.
    expect(read(`${written('A')}${bomb.join('\n')}\n`).name).toBe('A');
    expect(wrong(`${written('A')}${bomb.join('\n')}\nmessages: *i\n`)).toContain('a message must be');
    const many = Array.from({ length: YAML_ALIASES + 1 }, () => '*m').join(',');
    expect(wrong(`${written('A')}m: &m { content: a }\nmessages: [${many}]\n`)).toContain('aliases');
    const long = `${written('A')}m: &m { content: "${'x'.repeat(1024 * 1024)}" }\nmessages: [${'*m,'.repeat(50)}]\n`;
    expect(wrong(long)).toContain('too much text');
  });
});

describe('the head of a preset', () => {
  it('says the same as the whole file, or nothing', () => {
    fc.assert(
      fc.property(anyPreset, (preset) => {
        const head = presetHead(valueOf(presetToYaml(preset, null)));
        if (head === null) return;
        const { id, name, protocol, address } = preset;
        expect(head).toEqual({ id, name, protocol, address });
      }),
      { numRuns: 2000 },
    );
  });

  it('is found in usual files', () => {
    const preset = presetOf('Room 한국', { address: 'wss://x/y?z=1', notes: 'a\nname: b\n', options: { id: 'x' } });
    const text = valueOf(presetToYaml(preset, null));
    expect(presetHead(text)).toEqual({
      id: preset.id,
      name: preset.name,
      protocol: 'tcp-client',
      address: 'wss://x/y?z=1',
    });
    expect(presetHead(`# comment\n\n${text}messages:\n- name: x\n`)?.name).toBe('Room 한국');
    expect(presetHead(text.replace('name: Room 한국', 'name: "Room \\u0041"'))?.name).toBe('Room A');
  });

  it.each([
    written('A').replace('name: A', 'name: A\n  and more'),
    written('A').replace('name: A', 'name: >\n  folded'),
    written('A').replace('name: A', 'name: &a A'),
    written('A').replace('name: A', 'name: A # comment'),
    written('A').replace('name: A', "name: 'A'"),
    written('A', 'id: b\n'),
    written('A').replace('wirebench: 1', 'wirebench: 2'),
    `{ ${written('A').trim().replaceAll('\n', ', ')} }`,
    `---\n${written('A')}`,
    `${written('A')}address: x\r`,
  ])('leaves %j to the parser', (text) => {
    expect(presetHead(text)).toBeNull();
  });
});
