import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSink } from '../../src/engine/export/byte-sink.ts';
import { writeEscaped } from '../../src/engine/export/escaped-bytes.ts';
import { HexFormatter, PayloadFormatter } from '../../src/engine/export/format-copy.ts';
import { JsonlFormatter } from '../../src/engine/export/format-jsonl.ts';
import { RawFormatter } from '../../src/engine/export/format-raw.ts';
import { TextFormatter } from '../../src/engine/export/format-text.ts';
import type { ExportInfo, RecordFormatter } from '../../src/engine/export/packed.ts';
import { encodeText } from '../../src/shared/escaped-text.ts';
import { EXPORT_BUFFER_BYTES } from '../../src/shared/limits.ts';
import {
  directions,
  encodeRecord,
  kindTable,
  RECORD_HEADER_BYTES,
  type Direction,
  type Meta,
} from '../../src/shared/record.ts';
import { CONNECT, DATA, importJsonl, info, kinds, STARTED_AT } from '../support/exported.ts';
import { valueOf } from '../support/outcome.ts';

const all: ExportInfo = { ...info, filter: '', peer: null };

interface Sample {
  readonly kind?: number;
  readonly direction?: Direction;
  readonly time?: number;
  readonly seq?: number;
  readonly peer?: number;
  readonly meta?: Meta | null;
  readonly payload?: Uint8Array | string;
}

function pack({
  kind = DATA,
  direction = 'in',
  time = 0,
  seq = 0,
  peer = 1,
  meta = null,
  payload = '',
}: Sample): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return Buffer.from(encodeRecord({ kind, direction, flags: 0, time, seq, peer }, meta, bytes));
}

/** What a format makes of records that stand one after another, in a buffer of this size. */
function format(
  make: (sink: ByteSink) => RecordFormatter,
  samples: readonly Sample[],
  size = EXPORT_BUFFER_BYTES,
): Buffer {
  const parts: Buffer[] = [];
  const sink = new ByteSink(size, (bytes) => parts.push(Buffer.from(bytes)));
  const formatter = make(sink);
  formatter.begin();
  const records = Buffer.concat(samples.map(pack));
  const view = new DataView(records.buffer, records.byteOffset, records.length);
  for (let offset = 0; offset < records.length; offset += view.getUint32(offset, true)) {
    formatter.record(records, view, offset);
  }
  sink.flush();
  return Buffer.concat(parts);
}

const jsonl = (sink: ByteSink): RecordFormatter => new JsonlFormatter(sink, all);
const text = (sink: ByteSink): RecordFormatter => new TextFormatter(sink, all);

function lines(samples: readonly Sample[], make = jsonl): string[] {
  return format(make, samples).toString().split('\n').slice(0, -1);
}

/** Bytes that are often text, often nearly, and now and then with the ends of lines that Unicode knows. */
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 200 }).map((value) => new TextEncoder().encode(value)),
  fc
    .array(
      fc.constantFrom(
        'a',
        '"',
        '\\',
        '\n',
        '\r',
        '\0',
        '\x7f',
        'é',
        '\u0085',
        '\u2028',
        '\u2029',
        '한',
        '🙂',
        '\ufeff',
      ),
    )
    .map((signs) => Buffer.from(signs.join(''))),
  fc.tuple(fc.string({ unit: 'binary' }), fc.nat(3)).map(([value, cut]) => {
    const bytes = Buffer.from(value);
    return bytes.subarray(0, Math.max(0, bytes.length - cut));
  }),
);

/** What Python, JavaScript or Unicode take for the end of a line. */
const lineEnds = new Set('\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029');

const samples = fc.array(
  fc.record({
    kind: fc.nat(kinds.length - 1),
    direction: fc.constantFrom(...directions),
    time: fc.nat({ max: 2 ** 50 }),
    seq: fc.maxSafeNat(),
    peer: fc.nat(0xffffffff),
    meta: fc.option(
      fc.dictionary(
        fc.string(),
        fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null)),
        {
          noNullPrototype: true,
        },
      ),
    ),
    payload: payloads,
  }),
  { maxLength: 8 },
);

describe('JSON Lines', () => {
  it('begin with what was recorded', () => {
    const [head = ''] = lines([]);
    expect(JSON.parse(head)).toEqual({
      format: 'wirebench-jsonl',
      version: 1,
      protocol: 'tcp-client',
      address: '127.0.0.1:9000',
      startedAt: '2026-11-23T14:02:11.020Z',
      kinds,
    });
    const [filtered = ''] = lines([], (sink) => new JsonlFormatter(sink, { ...info, filter: 'dir:in', peer: 3 }));
    expect(JSON.parse(filtered)).toMatchObject({ filter: 'dir:in', peer: 3 });
  });

  it('say each kind of record as the documentation does', () => {
    expect(
      lines([
        { kind: CONNECT, direction: 'none', time: 412_000, meta: { local: 'a', remote: 'b' } },
        { seq: 1, direction: 'out', time: 5_020_113, payload: 'hello "world"\n' },
        { seq: 2, time: 1_000_000_000_007, payload: Uint8Array.of(0xff, 0xd8, 0xff) },
      ]).slice(1),
    ).toEqual([
      '{"seq":0,"time":"2026-11-23T14:02:11.020412000Z","ns":412000,"peer":1,"direction":"none","kind":"connect","meta":{"local":"a","remote":"b"},"length":0}',
      '{"seq":1,"time":"2026-11-23T14:02:11.025020113Z","ns":5020113,"peer":1,"direction":"out","kind":"data","length":14,"text":"hello \\"world\\"\\n"}',
      '{"seq":2,"time":"2026-11-23T14:18:51.020000007Z","ns":1000000000007,"peer":1,"direction":"in","kind":"data","length":3,"base64":"/9j/"}',
    ]);
  });

  it('look in the documentation as they are', async () => {
    const docs = await readFile(new URL('../../docs/export.md', import.meta.url), 'utf8');
    const examples = [...docs.matchAll(/```text\n(\{.*)\n```/g)].map(([, line]) => line ?? '');
    const { head, records } = importJsonl(Buffer.from(`${examples.join('\n')}\n`));
    expect(Object.keys(head)).toEqual([
      ...['format', 'version', 'protocol', 'address', 'startedAt', 'kinds'],
      ...['filter', 'peer'],
    ]);
    expect(records.map(({ kind }) => kind)).toEqual(['data', 'data', 'connect', 'gap', 'gap']);
    const documented = docs.slice(docs.indexOf('Each further line is a record'));
    for (const line of examples.slice(1)) {
      for (const key of line.replace(/"meta":\{.*?\}/, '"meta":').matchAll(/"(\w+)":/g))
        expect(documented).toContain(`\`${key[1] ?? ''}\``);
    }
  });

  it('give back the same records, byte for byte', () => {
    fc.assert(
      fc.property(samples, (records) => {
        const file = format(jsonl, records);
        expect(importJsonl(file).records).toEqual(
          records.map(({ kind, meta, payload, time, ...head }) => ({
            ...head,
            ns: time,
            time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
            kind: kinds[kind],
            meta: meta ?? {},
            payload: Buffer.from(payload),
          })),
        );
        // Nothing that any reader takes for the end of a line is in one.
        const ends = [...file.toString()].filter((sign) => lineEnds.has(sign));
        expect(ends).toHaveLength(records.length + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('give back payloads that are longer than the buffer, whatever is at the borders', () => {
    const long = [
      Buffer.from('한글🙂é"\\\n'.repeat(200_000)),
      Buffer.concat([Buffer.from('x🙂'.repeat(400_000)), Uint8Array.of(0xf0, 0x9f)]),
      randomBytes(3_000_001),
      Buffer.alloc(2_000_000),
      Buffer.from(`${'a'.repeat(32 * 1024 - 1)}é`.repeat(3)),
    ];
    const { records } = importJsonl(
      format(
        jsonl,
        long.map((payload, seq) => ({ seq, payload })),
      ),
    );
    expect(records.map(({ payload }) => sha256(payload))).toEqual(long.map(sha256));
  });

  it('are text only when all of the payload is: bytes of the next record are none of it', () => {
    const cut = Uint8Array.of(0x61, 0xc3);
    // The size of the next record is 0x88: a byte that would complete the character.
    const next = { seq: 1, payload: Buffer.alloc(0x88 - RECORD_HEADER_BYTES) };
    const file = format(jsonl, [{ payload: cut }, next]);
    expect(importJsonl(file).records[0]?.payload).toEqual(Buffer.from(cut));
    expect(file.toString()).toContain('"base64":"YcM="');
  });

  it('write numbers that a reader takes, whatever a file says', () => {
    const [, line = ''] = lines([{ time: Number.NaN, seq: -1, kind: 200 }]);
    expect(JSON.parse(line)).toMatchObject({ seq: 0, ns: 0, kind: '' });
    const odd = (sink: ByteSink): RecordFormatter => new JsonlFormatter(sink, { ...all, startedAt: 1e300 });
    expect(importJsonl(format(odd, [{ time: 2 ** 53 - 1 }])).records).toHaveLength(1);
  });
});

describe('plain text', () => {
  it('is a line for each record, under what was recorded', () => {
    expect(
      lines(
        [
          { kind: CONNECT, direction: 'none', time: 412_000, meta: { local: '127.0.0.1:2', remote: '127.0.0.1:1' } },
          { seq: 1, direction: 'out', time: 5_020_113, payload: 'hello world\n' },
          { seq: 12_345_678, time: 86_400e9, peer: 123, payload: Uint8Array.of(0x1b, 0xff, 0x5c, 0xc2, 0xad, 0xea) },
          { seq: 12_345_679, kind: 0, direction: 'none', peer: 0, meta: { count: 2, bytes: 10, reason: 'quota' } },
        ],
        text,
      ),
    ).toEqual([
      '# tcp-client 127.0.0.1:9000, began 2026-11-23T14:02:11.020Z',
      '# number, seconds since then, direction (↓ in, ↑ out), kind, connection, bytes, payload with escapes or what happened',
      '         0        0.000412  · connect          1            127.0.0.1:2 → 127.0.0.1:1',
      '         1        0.005020  ↑ data             1        12  hello world\\n',
      '  12345678    86400.000000  ↓ data           123         6  \\x1b\\xff\\\\\\u{ad}\\xea',
      expect.stringMatching(/^ {2}12345679 {8}0\.000000 {2}· gap {27}2 records, 10 B, are not kept: /),
    ]);
  });

  it('tells what a message of DNS means, since its bytes tell a reader nothing', () => {
    const dns: ExportInfo = { ...all, protocol: 'dns', kinds: kindTable(['record']) };
    const meta = { name: 'example.org.', ttl: 60, class: 'IN', type: 'A', data: '192.0.2.1', section: 'answer' };
    const record = { kind: dns.kinds.indexOf('record'), meta, payload: Uint8Array.of(192, 0, 2, 1) };
    const [line = ''] = lines([record], (sink) => new TextFormatter(sink, dns)).slice(-1);
    expect(line).toMatch(/↓ record +1 +4 {2}example\.org\. 60 IN A 192\.0\.2\.1$/);
  });

  it('can be read back: the same bytes, in one line', () => {
    fc.assert(
      fc.property(payloads, fc.nat(3), (payload, before) => {
        const parts: Buffer[] = [];
        const sink = new ByteSink(EXPORT_BUFFER_BYTES, (bytes) => parts.push(Buffer.from(bytes)));
        const bytes = Buffer.concat([Buffer.alloc(before), payload, Buffer.from([0x80, 0x80])]);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        writeEscaped(sink, bytes, view, before, before + payload.length);
        sink.flush();
        const written = Buffer.concat(parts).toString();
        expect(Buffer.from(valueOf(encodeText(written, 'utf8', true)))).toEqual(Buffer.from(payload));
        expect(written).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the worst payload within the buffer', () => {
    const payload = Buffer.from('\x1b'.repeat(1_000_000));
    const [line = ''] = lines([{ payload }], text).slice(-1);
    expect(line.endsWith('\\x1b'.repeat(1_000_000))).toBe(true);
  });

  it('shows what a peer says about itself without its control characters', () => {
    const note = kinds.indexOf('note');
    const [line = ''] = lines([{ kind: note, meta: { message: 'a\nb\u202ec' } }], text).slice(-1);
    expect(line).toMatch(/a\\u\{a\}b\\u\{202e\}c$/);
  });
});

describe('raw bytes', () => {
  const raw = (direction: 'in' | 'out') => (sink: ByteSink) => new RawFormatter(sink, all, direction);

  it('are the payloads of one direction, as they came, however they were cut and whatever the buffer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom<Direction>('in', 'out'), fc.uint8Array({ maxLength: 500 })), {
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 700 }),
        (chunks, size) => {
          const records = chunks.map(([direction, payload], seq) => ({ direction, payload, seq }));
          for (const direction of ['in', 'out'] as const) {
            const wanted = records.filter((record) => record.direction === direction).map(({ payload }) => payload);
            expect(format(raw(direction), records, size)).toEqual(Buffer.concat(wanted));
          }
        },
      ),
    );
  });

  it('are what went over the wire only: a message of another kind is none', () => {
    const note = kinds.indexOf('note');
    expect(format(raw('in'), [{ payload: 'a' }, { kind: note, payload: 'b' }, { payload: 'c' }]).toString()).toBe('ac');
  });
});

describe('for the clipboard', () => {
  it('payloads stand as they are, each in a line of its own, and with escapes where they are no text', () => {
    const payload = (sink: ByteSink): RecordFormatter => new PayloadFormatter(sink);
    expect(format(payload, [{ payload: 'one' }]).toString()).toBe('one');
    expect(
      format(payload, [
        { payload: 'one\n' },
        { kind: CONNECT },
        { payload: 'two' },
        { payload: Uint8Array.of(0xff, 0x0a) },
        { payload: '한' },
      ]).toString(),
    ).toBe('one\ntwo\n\\xff\\n\n한');
  });

  it('hex is a line for each payload', () => {
    const hex = (sink: ByteSink): RecordFormatter => new HexFormatter(sink);
    expect(format(hex, [{ payload: 'hello' }, { kind: CONNECT }, { payload: Uint8Array.of(0, 255) }]).toString()).toBe(
      '68 65 6c 6c 6f\n00 ff',
    );
    const long = randomBytes(100_001);
    expect(
      format(hex, [{ payload: long }])
        .toString()
        .replaceAll(' ', ''),
    ).toBe(long.toString('hex'));
  });
});

describe('wall-clock times', () => {
  it('carry fractions of the start over, and change with the second', () => {
    const at = (startedAt: number, time: number): string => {
      const make = (sink: ByteSink): RecordFormatter => new JsonlFormatter(sink, { ...all, startedAt });
      return importJsonl(format(make, [{ time }])).records[0]?.time ?? '';
    };
    expect(at(STARTED_AT + 0.25, 0)).toBe('2026-11-23T14:02:11.020250000Z');
    expect(at(STARTED_AT, 979_999_999)).toBe('2026-11-23T14:02:11.999999999Z');
    expect(at(STARTED_AT, 980_000_000)).toBe('2026-11-23T14:02:12.000000000Z');
    expect(at(-1, 0)).toBe('1969-12-31T23:59:59.999000000Z');
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
