import { readFileSync } from 'node:fs';
import { Terminal } from '@xterm/xterm';
import { expect, onTestFinished, test } from 'vitest';
import { installEscapePolicy, WITHDRAW_REPORTS } from '../../../src/renderer/state/terminal/escape-policy.ts';
import { escapeGroups, nothingAllowed, type EscapePermissions } from '../../../src/shared/escape-permissions.ts';
import { escapeSequences } from '../../fixtures/escape-sequences.ts';

const everything: EscapePermissions = { title: true, clipboard: true, links: true, reports: true, window: true };

/** What the terminal keeps to itself: its interface tells neither links nor the colours that a peer has set. */
function inside(terminal: Terminal, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined),
    terminal,
  );
}

function linkCount(terminal: Terminal): number {
  const links = inside(terminal, '_core', '_oscLinkService', '_dataByLinkId');
  if (!(links instanceof Map)) throw new Error('xterm.js keeps its links elsewhere now');
  return links.size;
}

function coloursOf(terminal: Terminal): string {
  const colours = inside(terminal, '_core', '_themeService', 'colors');
  const css = ['foreground', 'background', 'cursor'].map((name) =>
    inside(terminal, '_core', '_themeService', 'colors', name, 'css'),
  );
  const ansi = inside(terminal, '_core', '_themeService', 'colors', 'ansi', '1', 'css');
  if (colours === undefined || ansi === undefined) throw new Error('xterm.js keeps its colours elsewhere now');
  return [...css, ansi].join(' ');
}

/** A terminal with the policy, and everything that leaves it. */
class Watched {
  readonly terminal = new Terminal({ cols: 80, rows: 24, scrollback: 100 });
  readonly sent: string[] = [];
  readonly titles: string[] = [];
  readonly clipboard: string[] = [];
  readonly stopped: string[] = [];
  allow: EscapePermissions;
  readonly #colours: string;

  constructor(allow: EscapePermissions) {
    this.allow = allow;
    const element = document.createElement('div');
    document.body.append(element);
    this.terminal.open(element);
    onTestFinished(() => {
      this.terminal.dispose();
      element.remove();
    });
    this.#colours = coloursOf(this.terminal);
    this.terminal.onData((text) => this.sent.push(text));
    this.terminal.onBinary((text) => this.sent.push(text));
    this.terminal.onTitleChange((title) => this.titles.push(title));
    installEscapePolicy(this.terminal, {
      allow: () => this.allow,
      writeClipboard: (text) => this.clipboard.push(text),
      stopped: (group) => this.stopped.push(group),
    });
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.terminal.write(text, resolve);
    });
  }

  line(at: number): string {
    return this.terminal.buffer.active.getLine(at)?.translateToString(true) ?? '';
  }

  /** All that could have changed outside of the grid. */
  get outside(): object {
    const { cols, rows, modes } = this.terminal;
    const { mouseTrackingMode, sendFocusMode } = modes;
    return {
      sent: this.sent,
      titles: this.titles,
      clipboard: this.clipboard,
      links: linkCount(this.terminal),
      modes: { mouseTrackingMode, sendFocusMode },
      size: { cols, rows },
      colours: coloursOf(this.terminal),
      title: document.title,
    };
  }

  get acted(): Record<'data' | 'title' | 'link' | 'mode' | 'colour', boolean> {
    const { mouseTrackingMode, sendFocusMode } = this.terminal.modes;
    return {
      data: this.sent.length > 0,
      title: this.titles.length > 0,
      link: linkCount(this.terminal) > 0,
      mode: mouseTrackingMode !== 'none' || sendFocusMode,
      colour: coloursOf(this.terminal) !== this.#colours,
    };
  }
}

test('the table has at least sixty sequences, each by a name of its own', () => {
  expect(escapeSequences.length).toBeGreaterThanOrEqual(60);
  expect(new Set(escapeSequences.map(({ name }) => name)).size).toBe(escapeSequences.length);
});

test.each(escapeSequences)('$name has no effect outside the grid', async ({ sequence }) => {
  const watched = new Watched(nothingAllowed);
  const before = structuredClone(watched.outside);
  await watched.write(sequence);
  expect(watched.outside).toEqual(before);
  // CAN ends whatever is still open; the terminal reads on as if nothing had been.
  await watched.write('\x18\r\n\x1b[2J\x1b[Hstill here');
  expect(watched.line(watched.terminal.buffer.active.baseY)).toBe('still here');
  expect(watched.outside).toEqual(before);
});

test('none of them has an effect when it comes in single bytes, all in one stream', async () => {
  const watched = new Watched(nothingAllowed);
  const before = structuredClone(watched.outside);
  for (const { sequence } of escapeSequences) {
    const bytes = sequence.length > 4096 ? sequence.slice(0, 4096) : sequence;
    for (const character of bytes) watched.terminal.write(character);
    await watched.write('\x18');
  }
  expect(watched.outside).toEqual(before);
});

test.each(escapeSequences.filter(({ acts }) => acts !== undefined))(
  '$name does act where everything is allowed: the test would see it',
  async ({ sequence, acts }) => {
    const watched = new Watched(everything);
    await watched.write(sequence);
    expect(acts !== undefined && watched.acted[acts]).toBe(true);
  },
);

test.each(escapeSequences.filter(({ group }) => group !== null))(
  '$name is stopped and named where all but its group is allowed',
  async ({ sequence, group }) => {
    if (group === null) return;
    const watched = new Watched({ ...everything, [group]: false });
    const before = structuredClone(watched.outside);
    await watched.write(sequence);
    // What else is in the sequence is allowed here; keys and macros are not known to xterm.js at all.
    expect({ ...watched.outside, titles: [], links: 0 }).toEqual(before);
    expect(watched.stopped.every((name) => name === group)).toBe(true);
  },
);

test('a clipboard that may be written gets the text, and is never told', async () => {
  const watched = new Watched({ ...nothingAllowed, clipboard: true });
  await watched.write('\x1b]52;c;Z3LDvG4=\x07\x1b]52;c;?\x07\x1b]52;c;%%%\x07\x1b]52;c;\x07\x1b]52\x07');
  expect(watched.clipboard).toEqual(['grün']);
  await watched.write(`\x1b]52;c;${'QUJD'.repeat(400_000)}\x07`);
  expect(watched.clipboard).toEqual(['grün']);
  expect(watched.sent).toEqual([]);
});

test('what draws, and what only changes the keys, goes through', async () => {
  const watched = new Watched(nothingAllowed);
  await watched.write('\x1b[31mred\x1b[0m\x1b[?1h\x1b=\x1b[?2004h\x1b[?25l\x1b[?12;25h\x1b[5;10Hthere\x1b[?7l\x1b[4h');
  const { modes, buffer } = watched.terminal;
  expect(buffer.active.getLine(0)?.getCell(0)?.getFgColor()).toBe(1);
  expect(watched.line(4)).toBe('         there');
  expect([modes.applicationCursorKeysMode, modes.applicationKeypadMode, modes.bracketedPasteMode]).toEqual([
    true,
    true,
    true,
  ]);
  expect([modes.wraparoundMode, modes.insertMode]).toEqual([false, true]);
  await watched.write('\x1b[?1049h');
  expect(buffer.active.type).toBe('alternate');
  await watched.write('\x1b[?1049l\x1b[!p');
  expect(buffer.active.type).toBe('normal');
  expect(watched.stopped).toEqual([]);
});

test('the policy outlives a full reset by the peer, and by the person', async () => {
  const watched = new Watched(nothingAllowed);
  await watched.write('\x1bc\x1b[c\x1b[6n\x1b]2;owned\x07');
  watched.terminal.reset();
  await watched.write('\x1b[c\x1b[6n\x1b]2;owned\x07\x1b[?1003h');
  expect(Object.values(watched.acted).some((hasActed) => hasActed)).toBe(false);
});

test('a permission counts from the moment at which it is given, and until it is taken', async () => {
  const watched = new Watched(nothingAllowed);
  await watched.write('\x1b[5n');
  watched.allow = { ...nothingAllowed, reports: true };
  await watched.write('\x1b[5n\x1b[?1003;1004;1006h');
  expect(watched.sent[0]).toBe('\x1b[0n');
  expect(watched.acted.mode).toBe(true);
  watched.allow = nothingAllowed;
  await watched.write(WITHDRAW_REPORTS + '\x1b[5n');
  expect(watched.acted.mode).toBe(false);
  expect(watched.sent.filter((text) => text === '\x1b[0n')).toHaveLength(1);
});

test('what was taken away leaves the terminal as it was', async () => {
  const terminal = new Terminal({ windowOptions: { getWinPosition: true } });
  const policy = installEscapePolicy(terminal, { allow: () => nothingAllowed });
  policy.dispose();
  expect(terminal.options.windowOptions).toMatchObject({ getWinPosition: true });
  const sent: string[] = [];
  terminal.onData((text) => sent.push(text));
  await new Promise<void>((resolve) => {
    terminal.write('\x1b[5n', resolve);
  });
  expect(sent).toEqual(['\x1b[0n']);
});

test('xterm.js handles no sequence that nobody has judged', () => {
  // All that only draws, or changes what the person’s own keys send.
  const harmless = [
    ...[
      'csi @',
      'csi " "@',
      'csi A',
      'csi " "A',
      'csi B',
      'csi C',
      'csi D',
      'csi E',
      'csi F',
      'csi G',
      'csi H',
      'csi I',
    ],
    ...['csi J', 'csi ?J', 'csi K', 'csi ?K', 'csi L', 'csi M', 'csi P', 'csi S', 'csi T', 'csi X', 'csi Z', 'csi `'],
    ...['csi a', 'csi b', 'csi d', 'csi e', 'csi f', 'csi g', 'csi h', 'csi l', 'csi ?l', 'csi m', 'csi "!"p'],
    ...['csi " "q', 'csi r', 'csi s', 'csi u', 'csi "\'"}', 'csi "\'"~', 'csi """q'],
    ...['esc 7', 'esc 8', 'esc D', 'esc E', 'esc H', 'esc M', 'esc =', 'esc >', 'esc c', 'esc n', 'esc o', 'esc |'],
    ...['esc }', 'esc ~', 'esc "%"@', 'esc "%"G', 'esc "#"8'],
  ];
  const judged = [
    ...['csi c', 'csi >c', 'csi n', 'csi ?n', 'csi "$"p', 'csi ?"$"p', 'csi t', 'csi ?h', 'dcs "$"q'],
    ...[0, 1, 2, 4, 8, 10, 11, 12, 104, 110, 111, 112].map((id) => `osc ${id}`),
  ];
  const source = readFileSync('node_modules/@xterm/xterm/src/common/InputHandler.ts', 'utf8');
  const handled = new Set<string>();
  for (const [, kind = '', id = ''] of source.matchAll(
    /_parser\.register(Csi|Esc|Dcs)Handler\(\{ ([^}]*(?:'\}'[^}]*)?) \}/g,
  )) {
    const part = (name: string): string =>
      new RegExp(`${name}: '((?:\\\\.|[^'])*)'`).exec(id)?.[1]?.replace('\\', '') ?? '';
    if (part('final') === '') continue;
    const between = part('intermediates') === '' ? '' : `"${part('intermediates')}"`;
    handled.add(`${kind.toLowerCase()} ${part('prefix')}${between}${part('final')}`);
  }
  for (const [, id = ''] of source.matchAll(/_parser\.registerOscHandler\((\d+)/g)) handled.add(`osc ${id}`);
  expect(handled.size).toBeGreaterThanOrEqual(80);
  expect([...handled].filter((id) => !harmless.includes(id) && !judged.includes(id))).toEqual([]);
  expect(judged.filter((id) => !handled.has(id))).toEqual([]);
});

test('each group is in the table', () => {
  for (const group of escapeGroups) expect(escapeSequences.some((entry) => entry.group === group)).toBe(true);
});
