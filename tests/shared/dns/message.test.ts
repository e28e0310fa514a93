import { encode, type Answer } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DNS_POINTERS_MOST } from '../../../src/shared/dns-limits.ts';
import { readMessage, sections, type DnsMessage } from '../../../src/shared/dns/message.ts';
import { WireReader } from '../../../src/shared/dns/wire-reader.ts';

function messageOf(bytes: Uint8Array): DnsMessage {
  const message = readMessage(bytes);
  if (message === null) throw new Error('no message');
  return message;
}

/** The header of an answer with one question and so many answers. */
function head(answers: number): number[] {
  return [0, 1, 0x81, 0x80, 0, 1, answers >> 8, answers & 0xff, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1];
}

/** The data of one record of a type, as text. */
function textOf(type: number, data: readonly number[]): { readonly data: string; readonly problem: string | null } {
  const record = [0xc0, 12, type >> 8, type & 0xff, 0, 1, 0, 0, 0, 1, data.length >> 8, data.length & 0xff, ...data];
  const message = messageOf(Uint8Array.from([...head(1), ...record]));
  return { data: message.records[0]?.data ?? '', problem: message.problem };
}

describe('whatever the bytes are', () => {
  const noise = fc.uint8Array({ maxLength: 600 });

  /** Nothing is said about bytes that are not there. */
  function examine(bytes: Uint8Array): void {
    const message = readMessage(bytes);
    if (message === null) {
      expect(bytes.length).toBeLessThan(12);
      return;
    }
    for (const { name, data, section, bytes: raw } of message.records) {
      expect(sections).toContain(section);
      expect(`${name}${data}`).toMatch(/^[\x20-\x7e]*$/);
      expect(raw.byteOffset + raw.length).toBeLessThanOrEqual(bytes.byteOffset + bytes.length);
    }
  }

  test('noise is read without an end that is missed', () => {
    fc.assert(fc.property(noise, examine), { numRuns: 2000 });
  });

  test('noise behind a header with counts is read, too', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), noise, (answers, rest) => {
        examine(Uint8Array.from([...head(answers), ...rest]));
      }),
      { numRuns: 2000 },
    );
  });

  test('noise as the data of every type is shown as bytes, or as what it is', () => {
    const type = fc.oneof(fc.integer({ min: 1, max: 65 }), fc.constantFrom(99, 108, 109, 256, 257, 65_280));
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 60 }), (typed, data) => {
        const shown = textOf(typed, [...data]);
        if (shown.problem !== null && typed !== 41) expect(shown.data).toMatch(/^\\# \d+( [0-9A-F]+)?$/);
      }),
      { numRuns: 3000 },
    );
  });

  test('a right message with one byte changed, or cut anywhere, is read', () => {
    const bytes = encode({
      type: 'response',
      id: 7,
      questions: [{ name: 'example.org', type: 'MX' }],
      answers: [
        { name: 'example.org', type: 'MX', data: { preference: 1, exchange: 'mail.example.org' } },
        { name: 'example.org', type: 'TXT', data: ['a', 'b'] },
      ],
    });
    for (let at = 0; at < bytes.length; at += 1) {
      examine(bytes.subarray(0, at));
      for (const value of [0, 1, 63, 64, 0x80, 0xc0, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        examine(changed);
      }
    }
  });

  test('a chain of pointers is followed so far and no farther', () => {
    // Each points to the one before; behind them records that begin at the last.
    const chain = Array.from({ length: 8000 }, (_, at) =>
      at === 0 ? [0, 0] : [0xc0 | ((at * 2 - 2) >> 8), (at * 2 - 2) & 0xff],
    );
    const reader = new WireReader(Uint8Array.from(chain.flat()), 7999 * 2);
    expect(reader.name()).toBe('');
    expect(reader.problem).toContain(`${DNS_POINTERS_MOST} pointers`);
    const short = new WireReader(Uint8Array.from(chain.flat()), 2 * DNS_POINTERS_MOST);
    expect([short.name(), short.problem]).toEqual(['.', null]);
  });
});

describe('a message', () => {
  const domain = fc
    .array(fc.string({ unit: fc.constantFrom(...'abcxyz0189-_'), minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((labels) => labels.join('.'));
  const u16 = fc.nat(0xffff);
  const answer: fc.Arbitrary<{ readonly answer: Answer; readonly text: string }> = fc.oneof(
    fc
      .tuple(domain, fc.ipV4())
      .map(([name, data]) => ({ answer: { name, type: 'A' as const, data }, text: `${name}. A ${data}` })),
    fc
      .tuple(domain, domain)
      .map(([name, data]) => ({ answer: { name, type: 'CNAME' as const, data }, text: `${name}. CNAME ${data}.` })),
    fc.tuple(domain, u16, domain).map(([name, preference, exchange]) => ({
      answer: { name, type: 'MX' as const, data: { preference, exchange } },
      text: `${name}. MX ${preference} ${exchange}.`,
    })),
    fc.tuple(domain, u16, u16, u16, domain).map(([name, priority, weight, port, target]) => ({
      answer: { name, type: 'SRV' as const, data: { priority, weight, port, target } },
      text: `${name}. SRV ${priority} ${weight} ${port} ${target}.`,
    })),
  );

  test('that dns-packet writes is read as it was meant', () => {
    fc.assert(
      fc.property(u16, domain, fc.array(answer, { maxLength: 12 }), (id, name, answers) => {
        const bytes = encode({
          type: 'response',
          id,
          flags: 0x0180,
          questions: [{ name, type: 'A' }],
          answers: answers.map((one) => one.answer),
        });
        const message = messageOf(bytes);
        expect(message).toMatchObject({
          id,
          isAnswer: true,
          flags: 'rd ra',
          rcodeName: 'NOERROR',
          problem: null,
          extraBytes: 0,
        });
        expect(message.questions).toEqual([{ name: `${name}.`, type: 1, class: 1 }]);
        const texts = message.records.map((record) => `${record.name} ${record.typeName} ${record.data}`);
        expect(texts).toEqual(answers.map(({ text }) => text));
      }),
    );
  });

  test('has its sections apart, and EDNS for itself', () => {
    const message = messageOf(
      encode({
        type: 'response',
        flags: 0x0400,
        questions: [{ name: 'a', type: 'A' }],
        authorities: [{ name: 'a', type: 'NS', data: 'ns.a' }],
        additionals: [
          { name: 'ns.a', type: 'A', data: '192.0.2.1' },
          {
            name: '.',
            type: 'OPT',
            udpPayloadSize: 1400,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0x8000,
            flag_do: true,
            options: [],
          },
        ],
      }),
    );
    expect(message.records.map(({ section, typeName }) => `${section} ${typeName}`)).toEqual([
      'authority NS',
      'additional A',
    ]);
    expect(message.edns).toEqual({ version: 0, size: 1400, dnssecOk: true, options: [], errors: [] });
    expect(message.flags).toBe('aa');
  });
});

describe('data of records', () => {
  test.each([
    ['TXT', 16, [3, 0x61, 0x22, 0x5c, 2, 0, 0xff, 0], '"a\\"\\\\" "\\000\\255" ""'],
    ['an address of 16 bytes', 28, [0x20, 1, 0x0d, 0xb8, ...new Array<number>(11).fill(0), 1], '2001:db8::1'],
    ['all zeros', 28, new Array<number>(16).fill(0), '::'],
    ['an unknown type', 65_280, [1, 0xab], '\\# 2 01AB'],
    ['nothing of an unknown type', 65_280, [], '\\# 0'],
    ['a tag with a space', 257, [0, 3, 0x61, 0x20, 0x62, 0x78], '0 a b "x"'],
    ['types that are present', 47, [0, 0, 2, 0x40, 1, 1, 1, 0x40], '. A MX CAA'],
    [
      'a signature',
      46,
      [0, 1, 5, 3, 0, 1, 81, 128, 62, 124, 159, 247, 62, 85, 18, 247, 10, 82, 0, 1, 2, 3],
      'A 5 3 86400 20030322174007 20030220174007 2642 . AQID',
    ],
    ['a hashed denial', 50, [1, 0, 0, 10, 2, 0xaa, 0xbb, 5, 0, 1, 2, 3, 4, 0, 1, 0x40], '1 0 10 AABB 000G40O4 A'],
    ['no salt', 51, [1, 0, 0, 10, 0], '1 0 10 -'],
  ])('%s', (_name, type, data, text) => {
    expect(textOf(type, data)).toEqual({ data: text, problem: null });
  });

  test('names in data may be compressed, and end where their record ends', () => {
    expect(textOf(5, [1, 98, 0xc0, 12])).toEqual({ data: 'b.a.', problem: null });
    expect(textOf(5, [5, 98]).problem).toContain('cut off');
    expect(textOf(5, [0xc0]).problem).toContain('cut off');
  });

  test('what is wrong in one record does not hide the next', () => {
    const record = (data: number[]): number[] => [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, data.length, ...data];
    const message = messageOf(
      Uint8Array.from([...head(3), ...record([1, 2, 3, 4]), ...record([1]), ...record([5, 6, 7, 8])]),
    );
    expect(message.records.map(({ data }) => data)).toEqual(['1.2.3.4', '\\# 1 01', '5.6.7.8']);
    expect(message.problem).toContain('data of A a.');
  });
});

test('a message of 64 KiB that is as bad as can be has bounded work', () => {
  // The data of the first record is the longest chain of pointers that is followed; every other has its name from there.
  const start = 24;
  const chain = Array.from({ length: DNS_POINTERS_MOST - 1 }, (_, at) => [0xc0, start - 1 + Math.max(0, at * 2 - 1)]);
  const far = chain.map(([high = 0, low = 0]) => [high | (low >> 8), low & 0xff]).flat();
  const last = start + far.length - 2;
  const first = [0, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, far.length + 1, 0, ...far];
  const record = [0xc0 | (last >> 8), last & 0xff, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  const count = Math.floor((65_535 - 12 - first.length) / record.length);
  const others = new Array<number[]>(count).fill(record);
  const all = [0, 1, 0x81, 0x80, 0, 0, (count + 1) >> 8, (count + 1) & 0xff, 0, 0, 0, 0, ...first, ...others.flat()];
  const message = messageOf(Uint8Array.from(all));
  expect(message.problem).toBeNull();
  expect(message.records).toHaveLength(count + 1);
});
