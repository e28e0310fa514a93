/** Words as a shell takes them: ours, and that of the system as the judge. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printedBytes, printfArguments, shellQuote } from '../../../src/shared/exchange/shell-quote.ts';
import { readShellLine } from '../../../src/shared/exchange/shell-words.ts';

function words(line: string): readonly string[] {
  return readShellLine(line).commands.flatMap((command) => command.words.map(({ text }) => text));
}

/** What the shell of the system makes of the line: each word, ended by a zero. */
function shellSays(line: string): Buffer {
  const { stdout, status } = spawnSync('sh', ['-c', line]);
  if (status !== 0) throw new Error(`sh ended with ${String(status)}`);
  return stdout;
}

/** Any text that can be an argument of a program: no zero, and no half of a character. */
const argument = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...'\'"\\$`!#&;|<>()*?[]{}~ \t\n\r%=-'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
  })
  .map((text) => text.replaceAll('\0', ''));

describe('a shell line', () => {
  it.each<readonly [string, readonly string[]]>([
    [`nc 'a b' "c d" e\\ f`, ['nc', 'a b', 'c d', 'e f']],
    [`a''b "" 'it'\\''s'`, ['ab', '', "it's"]],
    [`"a\\"b\\\\c\\d\\$e"`, ['a"b\\c\\d$e']],
    [`$'a\\n\\x41\\101\\u00e9\\'b'`, ["a\nAAé'b"]],
    ['nc \\\n  host \\\r\n  80', ['nc', 'host', '80']],
    ['nc host 80 # a comment; rm x', ['nc', 'host', '80']],
    ['a#b', ['a#b']],
    ["'a\nb'", ['a\nb']],
  ])('%j is taken apart', (line, expected) => {
    expect(words(line)).toEqual(expected);
    expect(readShellLine(line).left).toEqual([]);
  });

  it('is cut at operators, which mean nothing inside of quotes', () => {
    const { commands } = readShellLine(`echo 'a|b' | nc h 1 && x; y & z`);
    expect(commands.map((command) => [command.words.map(({ text }) => text).join(' '), command.then])).toEqual([
      ['echo a|b', '|'],
      ['nc h 1', '&&'],
      ['x', ';'],
      ['y', '&'],
      ['z', ''],
    ]);
  });

  it('evaluates nothing, and tells what it has left', () => {
    const line = readShellLine(`nc $HOST "\${PORT}" $(cat x) \`id\` '$A' ~/x $1 > out 2>&1 < in`);
    expect(line.commands[0]?.words.map(({ text }) => text)).toEqual([
      ...['nc', '{{HOST}}', '{{PORT}}', '$(cat x)', '`id`', '$A', '~/x', '$1'],
    ]);
    expect(line.left.map(({ what }) => what)).toEqual([
      ...['$HOST', '${PORT}', '$(cat x)', '`id`', '~', '$1', '> out', '2>& 1', '< in'],
    ]);
  });

  it('says that a quote is not closed', () => {
    for (const line of ["nc 'a", 'nc "a', "nc $'a", 'nc "a\\']) expect(readShellLine(line).isCut).toBe(true);
  });

  it('takes no longer for hostile lines than for others', () => {
    for (const piece of ["'", '"', '$(', '`', '${', '\\', '<', '|', "$'", '~ ', '#', '{{']) {
      const { commands, left } = readShellLine(piece.repeat(60_000));
      expect(commands.length + left.length).toBeLessThan(200_000);
    }
  });
});

describe('quoted words', () => {
  it('come back from our parser as they were', () => {
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 5 }), (list) => {
        const line = list.map(shellQuote).join(' ');
        expect(words(line)).toEqual(list);
        expect(readShellLine(line).left).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('come back from the shell of the system as they were', () => {
    // Many in one line: starting a shell is what costs.
    const lists = fc.sample(argument, { numRuns: 1500, seed: 1 });
    const line = `printf '%s\\0' ${lists.map(shellQuote).join(' ')}`;
    expect(shellSays(line).toString('utf8').split('\0').slice(0, -1)).toEqual(lists);
  });
});

describe('bytes as arguments of printf', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    argument.map((text) => new TextEncoder().encode(text)),
  );

  it('are what printf of the system writes', () => {
    const lists = fc.sample(bytes, { numRuns: 600, seed: 2 });
    const line = lists.map((one) => `printf ${printfArguments(one)}; printf '|%s|' ${one.length}`).join('\n');
    const expected = Buffer.concat(lists.flatMap((one) => [Buffer.from(one), Buffer.from(`|${one.length}|`)]));
    expect(shellSays(line).equals(expected)).toBe(true);
  });

  it('are understood by our reader of printf', () => {
    fc.assert(
      fc.property(bytes, (one) => {
        expect([...(printedBytes(words(`printf ${printfArguments(one)}`)) ?? [])]).toEqual([...one]);
      }),
      { numRuns: 2000 },
    );
  });

  it('stay readable where they are text', () => {
    expect(printfArguments(new TextEncoder().encode('hello 안녕'))).toBe("'%s' 'hello 안녕'");
    expect(printfArguments(Uint8Array.of(0x47, 0x0d, 0x0a, 0, 0xff, 0x25))).toBe("'G\\r\\n\\000\\377%%'");
  });

  it.each<readonly [readonly string[], string | null]>([
    [['echo', 'a', 'b'], 'a b\n'],
    [['echo', '-n', 'a'], 'a'],
    [['echo', '-ne', 'a\\n\\x41'], 'a\nA'],
    [['printf', '%s-%s\\n', 'a', 'b'], 'a-b\n'],
    [['printf', '--', '%%'], '%'],
    [['printf', '%d', '1'], null],
    [['printf', '%s'], null],
    [['cat', 'x'], null],
  ])('%j is worked out as far as it is plain', (list, expected) => {
    const printed = printedBytes(list);
    expect(printed === null ? null : Buffer.from(printed).toString()).toBe(expected);
  });
});
