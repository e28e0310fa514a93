/** Damages imports: bytes, pieces of text, and values inside of JSON. */
import type { Random } from './random.ts';

const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    '\n',
    '\\',
    '\0',
    '\ufeff',
    '\ud800',
    '{{',
    '}}',
    '{%',
    '%}',
    '${[',
    ']}',
    '$(',
    '`',
    '|',
  ],
  ...['- ', '? ', '&a ', '*a', '<<: *a', '!!binary ', '|\n', '>-\n', '---\n', '...\n', '#', '\t', '  ', '%YAML 1.1\n'],
  ...['__proto__', 'constructor', 'prototype', 'null', 'true', '-1', '1e999', '0x', 'NaN', '99999999999999999999'],
  ...['ws://', 'wss://a:b@', 'http://', '../', '..', '/', '-e /bin/sh', '--', '-', 'TCP-LISTEN:', 'EXEC:cat', ' | nc '],
];

const values: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1e308,
    '',
    ' ',
    '__proto__',
    '../..',
    'ws://h/',
    '{{x}}',
    '{{ _.x }}',
    '${[ x ]}',
    '\0\n\ud800',
  ],
  ...[[], {}, [[]], [null], { a: {} }, 'x'.repeat(5000), { __proto__: null, constructor: 1 }, [1, 'a', {}]],
];

function mutateText(text: string, others: readonly string[], random: Random): string {
  const at = random(text.length + 1);
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + random(60));
    case 3:
      return text.slice(0, at) + text.slice(at, at + random(200)).repeat(1 + random(4)) + text.slice(at);
    case 4:
      return text.slice(0, at);
    default: {
      const other = others[random(others.length)] ?? '';
      const from = random(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + random(400)) + text.slice(at);
    }
  }
}

/** Puts something else in the place of one value, somewhere inside; or another name in the place of a key. */
function mutateValue(value: unknown, random: Random): unknown {
  const isLeaf = typeof value !== 'object' || value === null || random(6) === 0;
  if (isLeaf) return values[random(values.length)];
  if (Array.isArray(value)) {
    const list: unknown[] = [...value];
    const at = random(list.length + 1);
    if (random(4) === 0) list.splice(at, random(2), structuredClone(list[random(list.length)]));
    else if (at < list.length) list[at] = mutateValue(list[at], random);
    return list;
  }
  const entries = Object.entries(value);
  const at = random(entries.length);
  return Object.fromEntries(
    entries.flatMap(([key, inner], index): [string, unknown][] => {
      if (index !== at) return [[key, inner]];
      const choice = random(8);
      if (choice === 0) return [];
      if (choice === 1) return [[pieces[random(pieces.length)] ?? key, inner]];
      return [[key, mutateValue(inner, random)]];
    }),
  );
}

/** @returns the import, damaged once or several times */
export function mutateImport(text: string, others: readonly string[], random: Random): string {
  let mutated = text;
  if (/^\s*[[{]/.test(text) && random(2) === 0) {
    let value: unknown = JSON.parse(text);
    for (let times = 1 + random(6); times > 0; times -= 1) value = mutateValue(value, random);
    mutated = JSON.stringify(value);
    if (random(2) === 0) return mutated;
  }
  for (let times = 1 + random(5); times > 0; times -= 1) mutated = mutateText(mutated, others, random);
  return mutated;
}
