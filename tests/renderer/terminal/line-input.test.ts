import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellWidth } from '../../../src/renderer/state/terminal/cell-width.ts';
import { shown } from '../../../src/renderer/state/terminal/line-draw.ts';
import { LineInput } from '../../../src/renderer/state/terminal/line-input.ts';
import { localEcho } from '../../../src/renderer/state/terminal/local-echo.ts';
import { pasteLines, pasteNeedsAsking } from '../../../src/renderer/state/terminal/paste.ts';
import { TYPED_LINE_CHARACTERS, TYPED_LINES_KEPT } from '../../../src/shared/terminal-input-limits.ts';

const ESC = '\x1b';
const LEFT = '\x1b[D';
const RIGHT = '\x1b[C';
const UP = '\x1b[A';
const DOWN = '\x1b[B';
const HOME = '\x1b[H';
const END = '\x1b[F';
const DELETE = '\x1b[3~';
const BACKSPACE = '\x7f';

function trimmed(text: string): string {
  return text.replaceAll(/ +$/gmu, '').trimEnd();
}

/** A terminal in which lines are typed, as the view does it. */
class Typing {
  readonly terminal: Terminal;
  readonly line: LineInput;
  sent = '';
  echoes = true;
  ending = '\r\n';

  constructor(columns = 20, rows = 10) {
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    this.line = new LineInput({
      ending: () => this.ending,
      echo: () => this.echoes,
      place: () => ({ column: this.terminal.buffer.active.cursorX, columns: this.terminal.cols }),
    });
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.terminal.write(text, resolve);
    });
  }

  async type(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const { send, echo } = this.line.type(key);
      this.sent += send;
      await this.write(echo);
    }
  }

  /** Something of the peer, between keys. */
  async receive(text: string): Promise<void> {
    await this.write(this.line.suspend());
    await this.write(text);
    await this.write(this.line.resume());
  }

  /** All rows, those that wrap as one, without blanks at the ends of lines. */
  get screen(): string {
    const { active } = this.terminal.buffer;
    let text = '';
    for (let at = 0; at < active.length; at += 1) {
      text += active.getLine(at)?.translateToString(true) ?? '';
      if (active.getLine(at + 1)?.isWrapped !== true) text += '\n';
    }
    return trimmed(text);
  }

  /** Number of the cell in which the cursor is, from the first of the buffer on. */
  get cell(): number {
    const { baseY, cursorY, cursorX } = this.terminal.buffer.active;
    return (baseY + cursorY) * this.terminal.cols + cursorX;
  }
}

test('a line is sent at Enter with the ending that is chosen, and stays on the screen', async () => {
  const typing = new Typing();
  await typing.type('h', 'i', '\r');
  typing.ending = '\n';
  await typing.type('there\r');
  expect(typing.sent).toBe('hi\r\nthere\n');
  expect(typing.screen).toBe('hi\nthere');
  expect(typing.line.text).toBe('');
});

test.each([
  ['Backspace', ['abc', BACKSPACE], 'ab'],
  ['Backspace inside', ['abc', LEFT, BACKSPACE], 'ac'],
  ['Ctrl+H', ['abc', '\b'], 'ab'],
  ['Delete', ['abc', LEFT, LEFT, DELETE], 'ac'],
  ['Ctrl+D inside', ['abc', LEFT, '\x04'], 'ab'],
  ['Home', ['bc', HOME, 'a'], 'abc'],
  ['Home of application keys', ['bc', '\x1bOH', 'a'], 'abc'],
  ['End', ['ab', LEFT, LEFT, END, 'c'], 'abc'],
  ['left of application keys', ['ac', '\x1bOD', 'b'], 'abc'],
  ['right', ['ac', LEFT, LEFT, RIGHT, 'b'], 'abc'],
  ['Ctrl+A and Ctrl+E', ['b', '\x01', 'a', '\x05', 'c'], 'abc'],
  ['Ctrl+B and Ctrl+F', ['ac', '\x02', 'b', '\x06', 'd'], 'abcd'],
  ['Ctrl+U', ['abc def', LEFT, '\x15'], 'f'],
  ['Ctrl+K', ['abc def', LEFT, LEFT, LEFT, '\x0b'], 'abc '],
  ['Ctrl+W', ['abc def  ', '\x17'], 'abc '],
  ['Alt+Backspace', ['abc def', '\x1b\x7f'], 'abc '],
  ['word by word', ['abc def', '\x1bb', 'x', '\x1b[1;5D', '\x1b[1;5D', 'y', '\x1bf', 'z'], 'yabcz xdef'],
  ['keys that mean nothing', ['a', '\x1b[15~', '\x1b', '\x1b[<0;1;1M', '\x0c', 'b'], 'ab'],
  ['Backspace at the start', [BACKSPACE, 'a', HOME, BACKSPACE, LEFT, '\x17', '\x15'], 'a'],
  ['a wide character', ['a漢字', LEFT, BACKSPACE], 'a字'],
  ['an emoji of several code points', ['a👩‍👩‍👧b', LEFT, BACKSPACE], 'ab'],
  ['a mark on a letter', ['e\u0301', BACKSPACE, 'x'], 'x'],
  ['a tab', ['a\tb', LEFT, BACKSPACE], 'ab'],
  ['a bracketed paste', ['\x1b[200~a b\x1b[201~'], 'a b'],
])('%s', async (_name, keys, result) => {
  const typing = new Typing();
  await typing.type(...keys);
  expect(typing.line.text).toBe(result);
  expect(typing.screen).toBe(shown(result).trimEnd());
  await typing.type('\r');
  expect(typing.sent).toBe(`${result}\r\n`);
});

test('up and down bring lines back, and what was begun is not lost', async () => {
  const typing = new Typing();
  await typing.type('one\r', 'two\r', 'two\r', '\r', 'thr');
  await typing.type(UP);
  expect(typing.line.text).toBe('two');
  await typing.type(UP, UP, UP);
  expect(typing.line.text).toBe('one');
  await typing.type(DOWN, DOWN);
  expect(typing.line.text).toBe('thr');
  await typing.type(DOWN, 'ee\r', '\x10', '!', '\r', UP);
  expect(typing.line.text).toBe('three!');
  expect(typing.sent).toBe('one\r\ntwo\r\ntwo\r\n\r\nthree\r\nthree!\r\n');
});

test('history has an end, and so has a line', async () => {
  const typing = new Typing();
  typing.echoes = false;
  for (let at = 0; at < TYPED_LINES_KEPT + 10; at += 1) await typing.type(`line ${at}\r`);
  for (let at = 0; at < TYPED_LINES_KEPT + 20; at += 1) await typing.type(UP);
  expect(typing.line.text).toBe('line 10');
  await typing.type('\x15', 'x'.repeat(TYPED_LINE_CHARACTERS + 5));
  expect(typing.line.text.length).toBe(TYPED_LINE_CHARACTERS);
});

test('Ctrl+C throws the line away and is sent, Ctrl+D is sent on an empty line', async () => {
  const typing = new Typing();
  await typing.type('rm -rf', LEFT, '\x03', '\x04', 'ls\r');
  expect(typing.sent).toBe('\x03\x04ls\r\n');
  expect(typing.screen).toBe('rm -rf^C\n^D\nls');
});

test('several lines at once are sent line by line', async () => {
  const typing = new Typing();
  await typing.type('a\rb\r\nc');
  expect(typing.sent).toBe('a\r\nb\r\n');
  expect(typing.line.text).toBe('c');
  expect(typing.screen).toBe('a\nb\nc');
});

test('without local echo nothing is shown, and as much is sent', async () => {
  const typing = new Typing();
  typing.echoes = false;
  await typing.type('secret', LEFT, BACKSPACE, UP, DOWN, '\r');
  expect(typing.screen).toBe('');
  expect(typing.sent).toBe('secrt\r\n');
});

test('what comes meanwhile stands above the line, which begins behind the prompt', async () => {
  const typing = new Typing();
  await typing.receive('$ ');
  await typing.type('hello wor', LEFT, LEFT);
  await typing.receive('\r\nnews\r\n$ ');
  await typing.type('X', '\r');
  expect(typing.screen).toBe('$\nnews\n$ hello wXor');
  await typing.receive('ok\r\n> ');
  await typing.type('next');
  expect(typing.screen).toBe('$\nnews\n$ hello wXor\nok\n> next');
});

test('what is thrown away when the connection ends leaves no trace', async () => {
  const typing = new Typing();
  await typing.receive('$ ');
  await typing.type('x'.repeat(30));
  await typing.write(typing.line.discard());
  expect(typing.screen).toBe('$');
  await typing.type('y\r');
  expect(typing.sent).toBe('y\r\n');
});

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abc de/') },
  { weight: 2, arbitrary: fc.constantFrom('漢', '字', 'ö', '😀', 'e\u0301', '\t') },
);
const key = fc.oneof(
  { weight: 6, arbitrary: fc.array(character, { minLength: 1, maxLength: 9 }).map((parts) => parts.join('')) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(LEFT, RIGHT, HOME, END, BACKSPACE, DELETE, UP, DOWN, '\x17', '\x1bb', '\x1bf'),
  },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\x15', '\x0b', '\x03', '\x1b[5~') },
);

test('what is shown is what is sent, at any width and wherever the line begins', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(key, { maxLength: 25 }),
      fc.integer({ min: 4, max: 23 }),
      fc.integer({ min: 0, max: 30 }),
      async (keys, columns, prompt) => {
        const typing = new Typing(columns, 40);
        await typing.receive('>'.repeat(prompt));
        const start = typing.cell;
        for (const one of keys) {
          await typing.type(one);
          if (one === '\r' || one === '\x03') return;
          const { text } = typing.line;
          expect(typing.screen).toBe(trimmed('>'.repeat(prompt) + shown(text)));
        }
        // The cursor stands where the next character would be put.
        const { text } = typing.line;
        await typing.type('|');
        const at = [...typing.line.text].findIndex((one, place) => one !== [...text][place]);
        expect(at === -1 || [...typing.line.text][at] === '|').toBe(true);
        expect(typing.screen).toBe(trimmed('>'.repeat(prompt) + shown(typing.line.text)));
        expect(typing.cell).toBeGreaterThan(start);
        const line = typing.line.text;
        const before = typing.sent;
        await typing.type('\r');
        expect(typing.sent).toBe(`${before}${line}\r\n`);
      },
    ),
    { numRuns: 200 },
  );
});

test('the peer may write at any moment, and the line is whole behind it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(key, fc.constantFrom(null, 'x', 'news\r\n', '\r\n$ ')), { maxLength: 15 }),
      fc.integer({ min: 5, max: 30 }),
      async (steps, columns) => {
        const typing = new Typing(columns, 40);
        let received = '';
        for (const [one, news] of steps) {
          if (one === '\r' || one === '\x03') return;
          await typing.type(one);
          if (news === null) continue;
          received += news;
          await typing.receive(news);
          expect(typing.screen).toBe(trimmed(received.replaceAll('\r', '') + shown(typing.line.text)));
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('whatever is typed or pasted, the screen gets text and the movements of the line, and nothing else', () => {
  const keys = fc.array(fc.oneof(key, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 20 });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 40 }), (parts, columns) => {
      const line = new LineInput({
        ending: () => '\n',
        echo: () => true,
        place: () => ({ column: columns - 1, columns }),
      });
      for (const part of parts) {
        const movements = new RegExp(`${ESC}\\[\\d*[ABCJ]`, 'gu');
        const rest = line
          .type(part)
          .echo.replaceAll(movements, '')
          .replaceAll(/[\r\n]/gu, '');
        expect(rest).not.toMatch(/\p{Cc}/u);
      }
    }),
    { numRuns: 500 },
  );
});

test('cells are counted as the terminal counts them', () => {
  let provider: { wcwidth: (code: number) => number } | null = null;
  const catcher = {
    unicode: {
      register: (given: { wcwidth: (code: number) => number }) => {
        provider = given;
      },
    },
  };
  const activate: unknown = Reflect.get(Unicode11Addon.prototype, 'activate');
  if (typeof activate === 'function') Reflect.apply(activate, new Unicode11Addon(), [catcher]);
  const wcwidth = (code: number): number => {
    if (provider === null) throw new Error('The addon has registered nothing');
    return provider.wcwidth(code);
  };
  const different: string[] = [];
  for (let code = 0xa0; code < 0x2_0000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const text = String.fromCodePoint(code);
    // Since Unicode 11 some characters have become marks, or another kind of mark.
    if (cellWidth(text) !== wcwidth(code) && !/^[\p{M}\p{Cf}\p{Cn}]$/u.test(text)) different.push(code.toString(16));
  }
  expect(different).toEqual([]);
});

test.each([
  ['keys', 'abc', 'abc'],
  ['Enter', 'a\rb', 'a\r\nb'],
  ['Backspace', 'a\x7f', 'a\b \b'],
  ['cursor keys', '\x1b[A\x1bOBx\x1b', 'x'],
  ['controls', '\x03\x1a', '^C^Z'],
  ['C1 controls', '\x9b6n', '\ufffd6n'],
  ['a tab', '\t', '\t'],
])('local echo of %s', (_name, data, echo) => {
  expect(localEcho(data)).toBe(echo);
});

test('a paste is shown first when it has several lines, or keys in it', () => {
  for (const harmless of ['ls', 'ls -l\tx', 'ls\n', 'grün 漢字 😀', '']) expect(pasteNeedsAsking(harmless)).toBe(false);
  for (const asked of ['a\nb', 'a\r\nb\r\n', 'a\rb', '\n\n', 'a\x1b[201~b', '\x03', 'x\x7f', 'x\x9b6n', '\x00']) {
    expect(pasteNeedsAsking(asked)).toBe(true);
  }
  expect(pasteLines('a\r\nb\rc\n')).toEqual(['a', 'b', 'c']);
});
