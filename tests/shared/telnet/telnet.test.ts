import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as describeRow } from '../../../src/shared/describe.ts';
import type { Meta } from '../../../src/shared/record.ts';
import { TELNET_SUBNEGOTIATION_BYTES, TELNET_SUBNEGOTIATION_SPAN_BYTES } from '../../../src/shared/telnet-limits.ts';
import { commandName, isVerb, optionName } from '../../../src/shared/telnet/codes.ts';
import { doubled, typed, windowSize } from '../../../src/shared/telnet/frames.ts';
import { TelnetReader } from '../../../src/shared/telnet/reader.ts';
import { TelnetAnswers, type TelnetRole } from '../../../src/shared/telnet/telnet-answers.ts';
import { TelnetFilter } from '../../../src/shared/telnet/telnet-filter.ts';

const [IAC, DONT, DO, WONT, WILL, SB, SE] = [255, 254, 253, 252, 251, 250, 240];
const [BINARY, ECHO, SGA, STATUS, TTYPE, NAWS, LINEMODE] = [0, 1, 3, 5, 24, 31, 34];

function bytes(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))),
  );
}

function text(data: Uint8Array): string {
  return Buffer.from(data).toString('latin1');
}

/** What a reader makes of pieces, data joined. */
function read(pieces: readonly Uint8Array[]): readonly string[] {
  const events: string[] = [];
  let data = '';
  const event = (name: string): void => {
    events.push(`data ${data}`, name);
    data = '';
  };
  const reader = new TelnetReader({
    data: (piece) => {
      data += text(piece);
    },
    command: (code) => {
      event(commandName(code));
    },
    negotiation: (verb, option) => {
      event(`${commandName(verb)} ${optionName(option)}`);
    },
    subnegotiation: (option, payload, length, isWhole) => {
      event(`SB ${optionName(option)} ${text(payload)} ${length} ${isWhole}`);
    },
  });
  for (const piece of pieces) reader.push(piece);
  return [...events, `data ${data}`];
}

/** Bytes in which commands are as common as data, and their ends as rare as it happens. */
const stream = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(IAC, SB, SE, WILL, DO, WONT, DONT, 13, 0, 10, TTYPE, NAWS, ECHO, BINARY),
      },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) },
    ),
    { maxLength: 200 },
  )
  .map((codes) => Uint8Array.from(codes));

/** The same bytes in pieces. */
const inPieces = fc
  .tuple(stream, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }))
  .map(([whole, sizes]) => {
    const pieces: Uint8Array[] = [];
    for (let at = 0, turn = 0; at < whole.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      pieces.push(whole.subarray(at, at + size));
      at += size;
    }
    return { whole, pieces };
  });

function filtered(pieces: readonly Uint8Array[]): Buffer {
  const filter = new TelnetFilter();
  return Buffer.concat(pieces.map((piece) => Buffer.from(filter.push(piece))));
}

/** An end, and everything that it says. */
class End {
  readonly seen: string[] = [];
  readonly answered: string[] = [];
  /** What has to be sent. */
  out: Uint8Array[] = [];
  data = '';
  readonly answers: TelnetAnswers;

  constructor(role: TelnetRole) {
    const said = (meta: Meta): string => describeRow('telnet', 'in', meta).split(' · ')[0] ?? '';
    this.answers = new TelnetAnswers(role, {
      data: (piece) => {
        this.data += text(piece);
      },
      seen: (meta) => this.seen.push(said(meta)),
      answered: (meta, frame) => {
        this.answered.push(said(meta));
        this.out.push(frame);
      },
    });
  }

  /** @returns what is answered */
  hears(...parts: readonly (number | string)[]): readonly string[] {
    const before = this.answered.length;
    this.answers.push(bytes(...parts));
    return this.answered.slice(before);
  }
}

test('data and commands are told apart', () => {
  expect(
    read([bytes('a', IAC, WILL, ECHO, 'b', IAC, IAC, 'c', IAC, 246, IAC, SB, TTYPE, 0, 'X', IAC, IAC, IAC, SE, 'd')]),
  ).toEqual(['data a', 'WILL ECHO', 'data b\xffc', 'AYT', 'data ', 'SB TERMINAL-TYPE \0X\xff 3 true', 'data d']);
});

test('a subnegotiation that another command ends is over, and the command counts', () => {
  expect(read([bytes(IAC, SB, NAWS, 0, 80, IAC, DO, ECHO, 'x')])).toEqual([
    'data ',
    'SB NAWS \0P 2 false',
    'data ',
    'DO ECHO',
    'data x',
  ]);
  expect(read([bytes(IAC, SB, IAC, SE, 'x')])).toEqual(['data ', 'SE', 'data x']);
});

test('a subnegotiation is kept in part, and given up when it never ends', () => {
  const long = new Uint8Array(TELNET_SUBNEGOTIATION_SPAN_BYTES + 5).fill(65);
  const [, event, rest] = read([bytes(IAC, SB, STATUS), long]);
  const kept = 'A'.repeat(TELNET_SUBNEGOTIATION_BYTES);
  expect(event).toBe(`SB STATUS ${kept} ${TELNET_SUBNEGOTIATION_SPAN_BYTES} false`);
  expect(rest).toBe('data AAAAA');
});

test('a stream is read the same, however it is split', () => {
  fc.assert(
    fc.property(inPieces, ({ whole, pieces }) => {
      expect(read(pieces)).toEqual(read([whole]));
      expect(filtered(pieces)).toEqual(filtered([whole]));
    }),
    { numRuns: 1000 },
  );
});

test('the filter leaves what has neither IAC nor NUL as it is, without a copy', () => {
  const plain = bytes('hello\r\nthere\r');
  const filter = new TelnetFilter();
  expect(filter.push(plain)).toBe(plain);
  expect(text(filter.push(bytes(0, 'x', 0)))).toBe('x\0');
});

test('the filter shows CR NUL as CR, unless the peer sends binary', () => {
  expect(filtered([bytes('a\r\0b\r\nc\r\0')])).toEqual(Buffer.from('a\rb\r\nc\r'));
  expect(filtered([bytes(IAC, WILL, BINARY, 'a\r\0b', IAC, WONT, BINARY, 'c\r\0d')])).toEqual(
    Buffer.from('a\r\0bc\rd'),
  );
});

test('the filter goes on with data where bytes are missing, and keeps what was agreed', () => {
  const filter = new TelnetFilter();
  filter.push(bytes(IAC, DO, BINARY, IAC, SB, NAWS, 0));
  filter.resync();
  expect(text(filter.push(bytes('shown')))).toBe('shown');
  expect(filter.input(bytes('\r'))).toEqual(bytes('\r'));
});

test('the filter knows who echoes', () => {
  const filter = new TelnetFilter();
  expect(filter.peerEchoes).toBe(null);
  filter.push(bytes(IAC, DO, ECHO));
  expect(filter.peerEchoes).toBe(null);
  filter.push(bytes(IAC, WILL, ECHO));
  expect(filter.peerEchoes).toBe(true);
  filter.push(bytes(IAC, WONT, ECHO));
  expect(filter.peerEchoes).toBe(false);
});

test('what is typed has its bytes 255 doubled, and a NUL behind a lone CR until the peer wants binary', () => {
  const filter = new TelnetFilter();
  expect(filter.input(bytes('ls\r'))).toEqual(bytes('ls\r\0'));
  expect(filter.input(bytes('ls\r\n', 255, 'a\r\0'))).toEqual(bytes('ls\r\n', 255, 255, 'a\r\0'));
  filter.push(bytes(IAC, DO, BINARY));
  expect(filter.input(bytes('ls\r', 255))).toEqual(bytes('ls\r', 255, 255));
  filter.push(bytes(IAC, DONT, BINARY));
  expect(filter.input(bytes('\r'))).toEqual(bytes('\r\0'));
  const plain = bytes('plain');
  expect(filter.input(plain)).toBe(plain);
});

test('what is typed at one end is shown at the other, whatever bytes it has', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 0, max: 100 }), (data, at) => {
      const out = doubled(data);
      const filter = new TelnetFilter();
      filter.push(bytes(IAC, WILL, BINARY));
      expect(Buffer.concat([filter.push(out.subarray(0, at)), filter.push(out.subarray(at))])).toEqual(
        Buffer.from(data),
      );
      const text = filtered([
        typed(
          data.map((byte) => (byte === 0 ? 1 : byte)),
          false,
        ),
      ]);
      expect(text).toEqual(Buffer.from(data.map((byte) => (byte === 0 ? 1 : byte))));
    }),
  );
});

test('a client accepts what it can do and refuses the rest', () => {
  const client = new End('client');
  expect(client.hears(IAC, WILL, ECHO, IAC, WILL, SGA, IAC, WILL, BINARY, IAC, WILL, STATUS, IAC, WILL, 99)).toEqual([
    'DO ECHO',
    'DO SUPPRESS-GO-AHEAD',
    'DO BINARY',
    'DONT STATUS',
    'DONT 99',
  ]);
  expect(client.hears(IAC, DO, SGA, IAC, DO, ECHO, IAC, DO, LINEMODE, IAC, DO, 32, IAC, DO, 39)).toEqual([
    'WILL SUPPRESS-GO-AHEAD',
    'WONT ECHO',
    'WONT LINEMODE',
    'WONT TERMINAL-SPEED',
    'WONT NEW-ENVIRON',
  ]);
  expect(client.seen).toHaveLength(10);
});

test('a client tells its type and its size, once that is agreed', () => {
  const client = new End('client');
  expect(client.hears(IAC, SB, TTYPE, 1, IAC, SE)).toEqual([]);
  expect(client.hears(IAC, DO, TTYPE, IAC, SB, TTYPE, 1, IAC, SE)).toEqual([
    'WILL TERMINAL-TYPE',
    'SB TERMINAL-TYPE IS XTERM-256COLOR',
  ]);
  expect(client.out.at(-1)).toEqual(bytes(IAC, SB, TTYPE, 0, 'XTERM-256COLOR', IAC, SE));
  client.answers.resize(132, 43);
  expect(client.hears(IAC, DO, NAWS)).toEqual(['WILL NAWS', 'SB NAWS 132 × 43']);
  client.answers.resize(255, 65_535);
  expect(client.answered.at(-1)).toBe('SB NAWS 255 × 65 535');
  expect(client.out.at(-1)).toEqual(bytes(IAC, SB, NAWS, 0, 255, 255, 255, 255, 255, 255, IAC, SE));
  expect(client.hears(IAC, DONT, NAWS)).toEqual(['WONT NAWS']);
  client.answers.resize(80, 24);
  expect(client.answered.at(-1)).toBe('WONT NAWS');
});

test('a server learns the type and the size of a client', () => {
  const server = new End('server');
  expect(server.hears(IAC, WILL, NAWS, IAC, WILL, TTYPE, IAC, DO, ECHO, IAC, DO, SGA, IAC, WILL, 32)).toEqual([
    'DO NAWS',
    'DO TERMINAL-TYPE',
    'SB TERMINAL-TYPE SEND',
    'WONT ECHO',
    'WILL SUPPRESS-GO-AHEAD',
    'DONT TERMINAL-SPEED',
  ]);
  server.hears(...windowSize(80, 24), IAC, SB, TTYPE, 0, 'VT100', 7, IAC, SE, IAC, SB, 200, 'abc', IAC, DO, 9);
  expect(server.seen.slice(5)).toEqual(['SB NAWS 80 × 24', 'SB TERMINAL-TYPE IS VT100.', 'SB ATCP 3 B', 'DO NAOP']);
});

test('what holds already is not answered, and what ends is confirmed once', () => {
  const client = new End('client');
  expect(client.hears(IAC, WILL, ECHO)).toEqual(['DO ECHO']);
  expect(client.hears(IAC, WILL, ECHO, IAC, WILL, ECHO)).toEqual([]);
  expect(client.hears(IAC, WONT, ECHO)).toEqual(['DONT ECHO']);
  expect(client.hears(IAC, WONT, ECHO, IAC, DONT, SGA, IAC, WONT, 77)).toEqual([]);
});

/** Lets both hear what the other says until neither says anything. @returns how many turns that took */
function untilSilent(left: End, right: End): number {
  for (let turn = 0; turn < 10_000; turn += 1) {
    const [fromLeft, fromRight] = [left.out.splice(0), right.out.splice(0)];
    if (fromLeft.length + fromRight.length === 0) return turn;
    for (const frame of fromLeft) right.answers.push(frame);
    for (const frame of fromRight) left.answers.push(frame);
  }
  throw new Error('They go on for ever');
}

const roles = fc.constantFrom<TelnetRole>('client', 'server');
const request = fc.tuple(fc.constantFrom(WILL, WONT, DO, DONT), fc.constantFrom(BINARY, ECHO, SGA, TTYPE, NAWS, 99));

test('what a person asks for by hand is answered once, and the answer is not taken for a request', () => {
  fc.assert(
    fc.property(
      roles,
      roles,
      fc.array(fc.tuple(fc.boolean(), fc.array(request, { minLength: 1, maxLength: 6 })), { maxLength: 10 }),
      (one, other, steps) => {
        const [left, right] = [new End(one), new End(other)];
        let count = 0;
        for (const [isLeft, requests] of steps) {
          const asking = isLeft ? left : right;
          for (const [verb, option] of requests) {
            const asked = Uint8Array.of(IAC, verb, option);
            asking.answers.sent(asked);
            asking.out.push(asked);
            count += 1;
          }
          // Question, answer, and at most a question for the type and its answer.
          expect(untilSilent(left, right)).toBeLessThanOrEqual(4);
        }
        // An answer each, or the question for a type and what it says, or a size.
        expect(left.answered.length + right.answered.length).toBeLessThanOrEqual(count * 3);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a person may change their mind before the peer has answered', () => {
  const client = new End('client');
  client.answers.sent(bytes(IAC, WILL, SGA, IAC, WONT, SGA, IAC, WILL, SGA));
  expect(client.hears(IAC, DO, SGA, IAC, DONT, SGA, IAC, DO, SGA)).toEqual([]);
  // And one that refuses leaves the second request without an answer, as it changes nothing.
  client.answers.sent(bytes(IAC, WILL, 99, IAC, WONT, 99));
  expect(client.hears(IAC, DONT, 99)).toEqual([]);
  expect(client.hears(IAC, DO, 99)).toEqual(['WONT 99']);
  expect(client.hears(IAC, DONT, SGA)).toEqual(['WONT SUPPRESS-GO-AHEAD']);
});

test('two ends fall silent, whatever either has heard before from nobody, or asked across the other', () => {
  fc.assert(
    fc.property(roles, roles, fc.array(request, { maxLength: 30 }), stream, (one, other, requests, garbage) => {
      const [left, right] = [new End(one), new End(other)];
      left.answers.push(Uint8Array.from(requests.flatMap(([verb, option]) => [IAC, verb, option])));
      right.answers.push(garbage);
      // A beginning without its end must not swallow what the other says.
      right.answers.push(bytes(IAC, SE, IAC, SE));
      untilSilent(left, right);
    }),
    { numRuns: 500 },
  );
});

test('a peer that sends back all it gets does not keep an end talking', () => {
  fc.assert(
    fc.property(roles, fc.array(request, { maxLength: 30 }), (role, requests) => {
      const end = new End(role);
      end.answers.push(Uint8Array.from(requests.flatMap(([verb, option]) => [IAC, verb, option])));
      for (let turn = 0; turn < 10_000 && end.out.length > 0; turn += 1) {
        for (const frame of end.out.splice(0)) end.answers.push(frame);
      }
      expect(end.out).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('an answer is never longer than thrice what it answers', () => {
  fc.assert(
    fc.property(stream, fc.constantFrom<TelnetRole>('client', 'server'), (garbage, role) => {
      const end = new End(role);
      end.answers.push(garbage);
      const agreed = 2 * windowSize(80, 24).length + 20;
      const length = end.out.reduce((sum, frame) => sum + frame.length, 0);
      expect(length).toBeLessThanOrEqual(garbage.length * 4 + agreed);
      for (const frame of end.out) expect(isVerb(frame[1] ?? 0) || frame[1] === SB).toBe(true);
    }),
  );
});

test('rows say what was meant', () => {
  const rows: readonly (readonly [Meta, string])[] = [
    [{ verb: 'WILL', option: 'ECHO', code: 1 }, 'WILL ECHO · what comes is sent back'],
    [{ verb: 'DONT', option: '99', code: 99 }, 'DONT 99'],
    [{ verb: 'AYT' }, 'AYT · are you there?'],
    [{ verb: '200' }, '200'],
    [{ verb: 'SB', option: 'NAWS', code: 31, columns: 80, rows: 24 }, 'SB NAWS 80 × 24'],
    [{ verb: 'SB', option: 'STATUS', code: 5, bytes: 1, unfinished: true }, 'SB STATUS 1 B · without an end'],
    [{ left: 1 }, '1 more command of the same read, not shown one by one; the bytes are in the row before'],
  ];
  for (const [meta, said] of rows) expect(describeRow('telnet', 'in', meta)).toBe(said);
});
