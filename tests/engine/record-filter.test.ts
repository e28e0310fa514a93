import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordFilter, type FilterRecord } from '../../src/engine/record-filter.ts';
import { parseFilter } from '../../src/shared/filter.ts';
import { FILTER_REGEX_BYTES } from '../../src/shared/limits.ts';
import type { Direction } from '../../src/shared/record.ts';
import { valueOf } from '../support/outcome.ts';

interface Sample {
  readonly kind?: string;
  readonly direction?: Direction;
  readonly peer?: number;
  readonly payload?: Uint8Array;
  readonly text?: string;
  readonly hasMeta?: boolean;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function record(sample: Sample): FilterRecord {
  const { kind = 'data', direction = 'in', peer = 1, payload = utf8(''), text = '', hasMeta = false } = sample;
  const length = payload.length;
  return { kind, direction, peer, length, hasMeta, payload: () => Buffer.from(payload), text: () => text };
}

const filterOf = (filter: string): RecordFilter => new RecordFilter(valueOf(parseFilter(filter)));

/** Whether a record with this payload (or these parts) passes. */
function passes(filter: string, sample: Sample | string): boolean {
  const parts = typeof sample === 'string' ? { payload: utf8(sample) } : sample;
  return filterOf(filter).look(record(parts), { left: Number.MAX_SAFE_INTEGER }) === true;
}

describe('words of a filter', () => {
  it('let everything pass when there are none', () => {
    expect(passes('', 'anything')).toBe(true);
    expect(passes('   ', {})).toBe(true);
  });

  it('are found anywhere in the payload, in any case', () => {
    expect(passes('WORLD', 'hello world')).toBe(true);
    expect(passes('world', 'HELLO WORLD!')).toBe(true);
    expect(passes('word', 'hello world')).toBe(false);
  });

  it('must all be there', () => {
    expect(passes('hello world', 'world, hello')).toBe(true);
    expect(passes('hello moon', 'hello world')).toBe(false);
  });

  it('are found in UTF-8 and in Latin-1, in any case', () => {
    expect(passes('grüße', utf8Upper('GRÜßE'))).toBe(true);
    expect(passes('Ärger', 'viel ärger')).toBe(true);
    expect(passes('é', { payload: Uint8Array.of(0x61, 0xc9) })).toBe(true);
    expect(passes('日本', 'ここは日本です')).toBe(true);
    expect(passes('😀', 'a😀b')).toBe(true);
    expect(passes('é', { payload: Uint8Array.of(0xc3) })).toBe(false);
  });

  it('are found in what the row of an event says', () => {
    expect(passes('127.0.0.1', { kind: 'connect', text: 'connect → 127.0.0.1:9' })).toBe(true);
    expect(passes('CONNECT', { kind: 'connect', text: 'connect → 127.0.0.1:9' })).toBe(true);
    expect(passes('data', 'no such word')).toBe(false);
  });

  it('may be paths, addresses and words with a colon', () => {
    expect(passes('/api/users', 'GET /api/users HTTP/1.1')).toBe(true);
    expect(passes('host:', 'Host: example.org')).toBe(true);
    expect(passes('http://x', 'see http://x/y')).toBe(true);
    expect(passes('/', 'a/b')).toBe(true);
    expect(passes('-', 'a-b')).toBe(true);
  });

  it('are negated by a minus', () => {
    expect(passes('-ping', 'pong')).toBe(true);
    expect(passes('-ping', 'ping pong')).toBe(false);
    expect(passes('-dir:in', { direction: 'out' })).toBe(true);
    expect(passes('a - b', 'a-b')).toBe(true);
  });
});

function utf8Upper(text: string): Sample {
  return { payload: utf8(text) };
}

describe('quoted text', () => {
  it('keeps its spaces and knows escapes', () => {
    expect(passes('"two words"', 'these two words')).toBe(true);
    expect(passes('"two words"', 'words two')).toBe(false);
    expect(passes('"a\\r\\n"', 'A\r\n')).toBe(true);
    expect(passes('"say \\"hi\\""', 'say "hi"')).toBe(true);
    expect(passes('"\\\\"', 'a\\b')).toBe(true);
    expect(passes('-"x y"', 'x  y')).toBe(true);
    expect(passes('"dir:in"', { direction: 'in', payload: utf8('out') })).toBe(false);
  });
});

describe('a regular expression', () => {
  it('looks at the payload as text', () => {
    expect(passes('/^hel+o$/', 'helllo')).toBe(true);
    expect(passes('/^HELLO/i', 'hello')).toBe(true);
    expect(passes('/HELLO/', 'hello')).toBe(false);
    expect(passes('/a.b/s', 'a\nb')).toBe(true);
    expect(passes('/^b/m', 'a\nb')).toBe(true);
    expect(passes('/[/]x/', '/x')).toBe(true);
    expect(passes('/a\\/b/', 'a/b')).toBe(true);
    expect(passes('-/x/', 'y')).toBe(true);
  });

  it('reads UTF-8 where it is that, else Latin-1', () => {
    expect(passes('/^.$/u', '😀')).toBe(true);
    expect(passes('/^\\xff$/', { payload: Uint8Array.of(0xff) })).toBe(true);
  });

  it('looks at what the row of an event says', () => {
    expect(passes('/^connect/', { kind: 'connect', text: 'connect → x' })).toBe(true);
    expect(passes('/^$/', 'not empty')).toBe(false);
  });

  it('looks at the head of a long payload only, also when a character is cut there', () => {
    const long = new Uint8Array(FILTER_REGEX_BYTES + 10).fill(0x61);
    long.set(utf8('é'), FILTER_REGEX_BYTES - 1);
    expect(passes('/^a+$/', { payload: long })).toBe(true);
    expect(passes('/é/', { payload: long })).toBe(false);
  });

  it('has to be watched', () => {
    expect(filterOf('/x/').isCostly).toBe(true);
    expect(filterOf('x len:>3').isCostly).toBe(false);
  });
});

describe('terms with a name', () => {
  it('find bytes', () => {
    const payload = Uint8Array.of(0x00, 0x1f, 0x8b, 0x08);
    for (const filter of ['hex:1f8b', 'hex:1F8B', 'hex: 1f8b', 'hex: 1f 8b', 'hex:1f 8b 08']) {
      expect(passes(filter, { payload })).toBe(true);
    }
    expect(passes('hex:1f08', { payload })).toBe(false);
    expect(passes('-hex:1f8b', { payload })).toBe(false);
    expect(passes('hex:1f 8b dir:out', { payload })).toBe(false);
  });

  it('compare direction, kind, connection and length', () => {
    expect(passes('dir:in', { direction: 'in' })).toBe(true);
    expect(passes('DIR:None', { direction: 'none' })).toBe(true);
    expect(passes('kind:Connect', { kind: 'connect' })).toBe(true);
    expect(passes('kind:data', { kind: 'connect' })).toBe(false);
    expect(passes('peer:3', { peer: 3 })).toBe(true);
    expect(passes('peer:3', { peer: 33 })).toBe(false);
    const five = { payload: utf8('12345') };
    expect(['len:5', 'len:=5', 'len:>4', 'len:<6', 'len:>=5', 'len:<=5'].every((one) => passes(one, five))).toBe(true);
    expect(['len:4', 'len:>5', 'len:<5', 'len:>=6', 'len:<=4'].some((one) => passes(one, five))).toBe(false);
  });

  it('tell messages whose frames have rows of their own', () => {
    expect(passes('is:framed', { kind: 'text', hasMeta: true })).toBe(true);
    expect(passes('is:framed', { kind: 'binary', hasMeta: true })).toBe(true);
    expect(passes('is:framed', { kind: 'text' })).toBe(false);
    expect(passes('is:framed', { kind: 'ping', hasMeta: true })).toBe(false);
    expect(passes('-is:framed', { kind: 'ping', hasMeta: true })).toBe(true);
    expect(passes('is:what', 'what is:what')).toBe(true);
  });
});

describe('any filter', () => {
  it('finds a quoted text exactly where a plain search finds it', () => {
    const word = fc.string({ minLength: 1, maxLength: 4 }).filter((text) => !/["\\]/.test(text));
    fc.assert(
      fc.property(word, fc.string({ maxLength: 12 }), (wanted, text) => {
        const found = text.includes(wanted) || text.toLowerCase().includes(wanted.toLowerCase());
        if (found) expect(passes(`"${wanted}"`, text)).toBe(true);
        else if (/^[\0-\x7f]*$/.test(wanted + text)) expect(passes(`"${wanted}"`, text)).toBe(false);
      }),
    );
  });

  it('gives the same answer however little it may do at a time, and for record after record', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', 'É', 'ß'), maxLength: 30 });
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'ß'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 5 }), word, word, fc.nat(3), (texts, wanted, unwanted, steps) => {
        const text = `"${wanted}" -"${unwanted}" -hex:6262`;
        const filter = filterOf(text);
        for (const one of texts) {
          const sample = record({ payload: utf8(one) });
          let found: boolean | null = null;
          for (let looks = 0; looks < 1000 && found === null; looks += 1) found = filter.look(sample, { left: steps });
          expect(found).toBe(passes(text, one));
        }
      }),
    );
  });

  it.each([
    ['a text', 'needle'],
    ['an unlucky text', `${'x'.repeat(30)}y${'x'.repeat(30)}`],
    ['bytes', 'hex:787879'],
  ])('stops in the middle of a long payload when it has done enough (%s)', (_, filter) => {
    const sample = record({ payload: new Uint8Array(1024 * 1024).fill(0x78) });
    const effort = { left: 1000 };
    expect(filterOf(filter).look(sample, effort)).toBeNull();
    expect(effort.left).toBeGreaterThan(-1000);
    expect(effort.left).toBeLessThanOrEqual(0);
  });
});
