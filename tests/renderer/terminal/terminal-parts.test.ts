import { describe, expect, it } from 'vitest';
import { specs } from '../../../src/drivers/specs.ts';
import { formatSpan } from '../../../src/renderer/format/span.ts';
import { ChunkWriter, type WrittenScreen } from '../../../src/renderer/state/terminal/chunk-writer.ts';
import { KeySender } from '../../../src/renderer/state/terminal/key-sender.ts';
import { LineFeeds } from '../../../src/renderer/state/terminal/line-feeds.ts';
import { isByteStream, TabTerminal } from '../../../src/renderer/state/terminal/tab-terminal.svelte.ts';
import { isAppKey, isFindKey, isLeaveKey } from '../../../src/renderer/state/terminal/terminal-keys.ts';
import { Typing } from '../../../src/renderer/state/terminal/typing.ts';
import { failure, success, type Outcome, type WireError } from '../../../src/shared/errors.ts';
import { terminalSettingsSchema, type TerminalSettings } from '../../../src/shared/terminal-settings.ts';
import { workspaceSchema } from '../../../src/shared/workspace.ts';
import { FakeCalls } from '../../support/fake-calls.ts';
import { settled } from '../../support/fake-client.ts';
import { chunkOf } from '../../support/terminal-feed-bench.ts';

const encoder = new TextEncoder();
const usual = terminalSettingsSchema.parse({});

describe('line feeds of a peer', () => {
  it('begin a new line when the first one comes without a carriage return', () => {
    const feeds = new LineFeeds();
    expect(feeds.look(encoder.encode('no line yet'))).toBe(false);
    expect(feeds.look(encoder.encode('one\ntwo\n'))).toBe(true);
    expect(feeds.look(encoder.encode('three\r\n'))).toBe(true);
  });

  it('are as they are when the first one follows a carriage return, also across two chunks', () => {
    const feeds = new LineFeeds();
    expect(feeds.look(encoder.encode('one\r'))).toBe(false);
    expect(feeds.look(encoder.encode('\ntwo'))).toBe(false);
    expect(feeds.look(encoder.encode('down\n'))).toBe(false);
    feeds.restart();
    expect(feeds.look(encoder.encode('\n'))).toBe(true);
  });
});

/** A screen that remembers what it was given. */
function screenOf(): { written: string[]; options: { convertEol?: boolean }; screen: WrittenScreen } {
  const written: string[] = [];
  const options: { convertEol?: boolean } = {};
  const screen = {
    terminal: { options },
    write: (data: Uint8Array | string): Promise<void> => {
      written.push(typeof data === 'string' ? data : new TextDecoder().decode(data));
      return Promise.resolve();
    },
    note: (text: string): Promise<void> => {
      written.push(`[${text}]`);
      return Promise.resolve();
    },
    renew: (): Promise<void> => {
      written.push('(renewed)');
      return Promise.resolve();
    },
  };
  return { written, options, screen };
}

describe('what is written to a screen', () => {
  it('says what was left out and what is not in the recording, before what comes after it', async () => {
    const { written, screen } = screenOf();
    const writer = new ChunkWriter({ screen, settings: () => usual, usesTelnet: () => false });
    await writer.write(chunkOf('after', 0, { skipped: 812_000_000 }));
    await writer.write(chunkOf('more', 0, { hasGap: true, lost: 1500 }));
    await writer.write(chunkOf('end', 0, { hasGap: true }));
    expect(written).toEqual([
      '[… 812 MB skipped; the recording has them]',
      'after',
      '[… 1.5 KB are not in the recording]',
      'more',
      '[… A part is not in the recording]',
      'end',
    ]);
  });

  it('begins each further connection with a line and with a terminal as new', async () => {
    const { written, screen } = screenOf();
    const writer = new ChunkWriter({ screen, settings: () => usual, usesTelnet: () => false });
    await writer.write(chunkOf('first'));
    await writer.write(chunkOf('second', 0, { peer: 2 }));
    expect(written).toEqual(['first', '(renewed)', '[── connected again ──]', 'second']);
  });

  it('shows what was sent dimmed, with its control characters as signs: it cannot do anything', async () => {
    const { written, screen } = screenOf();
    const writer = new ChunkWriter({ screen, settings: () => usual, usesTelnet: () => false });
    await writer.write(chunkOf('one\r\ntwo\rthree\n\x1b[2J\x07\x9b', 0, { direction: 'out' }));
    expect(written).toEqual(['\x1b[2mone\r\ntwo\r\nthree\r\n^[[2J^G\x1b[22m']);
  });

  it('strips the negotiation of Telnet, doubles what has to be, and hears that the peer echoes', async () => {
    const { written, screen } = screenOf();
    const writer = new ChunkWriter({ screen, settings: () => usual, usesTelnet: () => true });
    expect(writer.peerEchoes).toBe(false);
    const bytes = Uint8Array.from([...encoder.encode('log'), 255, 251, 1, ...encoder.encode('in: ')]);
    await writer.write(chunkOf('', 0, { bytes }));
    expect(written.join('')).toBe('login: ');
    expect(writer.peerEchoes).toBe(true);
    expect([...writer.outgoing(Uint8Array.from([65, 255, 13]))]).toEqual([65, 255, 255, 13, 0]);
  });

  it('goes by the settings, or by the peer, in what a line feed does', async () => {
    const { options, screen } = screenOf();
    let lineFeed: TerminalSettings['lineFeed'] = 'auto';
    const writer = new ChunkWriter({ screen, settings: () => ({ lineFeed }), usesTelnet: () => false });
    await writer.write(chunkOf('plain\n'));
    expect(options.convertEol).toBe(true);
    lineFeed = 'raw';
    await writer.write(chunkOf('x'));
    expect(options.convertEol).toBe(false);
    lineFeed = 'newline';
    await writer.write(chunkOf('x'));
    expect(options.convertEol).toBe(true);
  });
});

describe('what is typed', () => {
  it('is sent in order, one message at a time, and joined while one is on its way', async () => {
    const calls = new FakeCalls();
    const ready: (() => void)[] = [];
    const sent: string[] = [];
    calls.answer('session.send', async ({ source }) => {
      if (source.type === 'bytes') sent.push(new TextDecoder().decode(source.bytes));
      await new Promise<void>((resolve) => ready.push(resolve));
      return success({ bytes: 1, peers: 1, ms: 0 });
    });
    const keys = new KeySender({ client: calls, session: 's', peer: null, failed: () => undefined });
    for (const key of 'abcd') keys.send(encoder.encode(key));
    keys.send(new Uint8Array(0));
    expect(sent).toEqual(['a']);
    ready.shift()?.();
    await settled();
    expect(sent).toEqual(['a', 'bcd']);
    keys.send(encoder.encode('e'));
    ready.shift()?.();
    await settled();
    expect(sent).toEqual(['a', 'bcd', 'e']);
    ready.shift()?.();
    await settled();
  });

  it('is not sent later when what was before it could not be', async () => {
    const calls = new FakeCalls();
    const problems: WireError[] = [];
    let answer: Outcome<{ bytes: number; peers: number; ms: number }> = failure('broken-pipe', 'It is closed.');
    calls.answer('session.send', () => answer);
    const keys = new KeySender({ client: calls, session: 's', peer: 4, failed: (error) => problems.push(error) });
    keys.send(encoder.encode('a'));
    keys.send(encoder.encode('b'));
    await settled();
    expect(problems.map(({ code }) => code)).toEqual(['broken-pipe']);
    expect(calls.callsOf('session.send')).toHaveLength(1);
    answer = success({ bytes: 1, peers: 1, ms: 0 });
    keys.send(encoder.encode('c'));
    await settled();
    expect(calls.callsOf('session.send')[1]).toMatchObject({ peer: 4, source: { bytes: encoder.encode('c') } });
  });

  /** @returns what is sent and what is shown of these keys */
  function typed(settings: TerminalSettings, keys: readonly string[], echoes = false): { sent: string; shown: string } {
    let sent = '';
    let shown = '';
    const typing = new Typing({
      settings: () => settings,
      peerEchoes: () => echoes,
      place: () => ({ column: 0, columns: 80 }),
      send: (text) => (sent += text),
      show: (text) => (shown += text),
    });
    for (const key of keys) typing.type(key);
    return { sent, shown };
  }

  it('by line leaves with Enter and its ending, and is shown', () => {
    const { sent, shown } = typed(usual, ['h', 'i', 'x', '\x7f', '\r']);
    expect(sent).toBe('hi\n');
    expect(shown).toContain('hi');
  });

  it('by key leaves at once, Enter as it was chosen, and is not shown', () => {
    const byKey: TerminalSettings = { ...usual, input: 'key' };
    expect(typed(byKey, ['a', '\x1b[A', '\r'])).toEqual({ sent: 'a\x1b[A\r', shown: '' });
    const other: TerminalSettings = { ...byKey, byKey: { echo: true, ending: '\\r\\n' } };
    expect(typed(other, ['a', '\r'])).toEqual({ sent: 'a\r\n', shown: 'a\r\n' });
  });

  it('is not shown twice when the peer says that it shows it', () => {
    const other: TerminalSettings = { ...usual, input: 'key', byKey: { echo: true, ending: '\\r' } };
    expect(typed(other, ['a'], true).shown).toBe('');
    expect(typed(usual, ['a', 'b', '\r'], true).shown).toBe('');
  });
});

describe('keys in a terminal', () => {
  const key = (name: string, more: KeyboardEventInit = {}): KeyboardEvent =>
    new KeyboardEvent('keydown', { key: name, ...more });

  it('with Ctrl are the peer’s, but for copying, pasting and the tabs', () => {
    for (const letter of 'acdeklprtuwz') {
      expect(isAppKey(key(letter, { ctrlKey: true }), false, false), letter).toBe(false);
    }
    expect(isAppKey(key('c', { ctrlKey: true }), true, false)).toBe(true);
    expect(isAppKey(key('v', { ctrlKey: true }), false, false)).toBe(true);
    expect(isAppKey(key('T', { ctrlKey: true, shiftKey: true }), false, false)).toBe(true);
    expect(isAppKey(key('Tab', { ctrlKey: true }), false, false)).toBe(true);
    expect(isAppKey(key('3', { ctrlKey: true }), false, false)).toBe(true);
    expect(isAppKey(key('1', { altKey: true }), false, false)).toBe(false);
    expect(isAppKey(key('Tab'), false, false)).toBe(false);
  });

  it('with ⌘ are the window’s, and all with Ctrl the peer’s, on Apple’s systems', () => {
    expect(isAppKey(key('c', { metaKey: true }), false, true)).toBe(true);
    expect(isAppKey(key('v', { ctrlKey: true }), false, true)).toBe(false);
    expect(isFindKey(key('f', { metaKey: true }), true)).toBe(true);
    expect(isFindKey(key('f', { ctrlKey: true }), true)).toBe(false);
  });

  it('find text, and leave the terminal', () => {
    expect(isFindKey(key('f', { ctrlKey: true }), false)).toBe(true);
    expect(isFindKey(key('F', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(isFindKey(key('f'), false)).toBe(false);
    expect(isLeaveKey(key('Escape', { shiftKey: true }))).toBe(true);
    expect(isLeaveKey(key('Escape'))).toBe(false);
  });
});

describe('the terminal of a tab', () => {
  it('is there where what comes in is one stream of bytes', () => {
    expect(specs.filter(isByteStream).map(({ id }) => id)).toEqual(['tcp-client', 'tcp-server']);
  });

  it('is remembered with its tab, and an older document has the usual settings', () => {
    const tab = { id: 'a', protocol: 'tcp-client', address: '' };
    const [old] = workspaceSchema.parse({ tabs: [tab] }).tabs;
    expect(old?.terminal).toEqual(usual);
    const terminal = new TabTerminal(usual);
    terminal.change({ input: 'key', fontSize: 20 });
    terminal.changeTyping({ echo: true });
    const [kept] = workspaceSchema.parse({ tabs: [{ ...tab, terminal: terminal.settings }] }).tabs;
    expect(kept?.terminal).toMatchObject({ fontSize: 20, byKey: { echo: true }, byLine: { echo: true } });
    terminal.changeTyping({ ending: '\\n' });
    expect(terminal.settings.byKey).toEqual({ echo: true, ending: '\\n' });
    expect(terminal.settings.byLine).toEqual(usual.byLine);
  });

  it('lets go of what was shown when something else takes its place, and when the session is gone', () => {
    const terminal = new TabTerminal(usual);
    const disposed: string[] = [];
    const shown = (name: string): { dispose: () => void } => ({ dispose: () => disposed.push(name) });
    terminal.keep(shown('a'), '1');
    terminal.keep(shown('b'), '2');
    expect(disposed).toEqual(['a']);
    terminal.peer = 3;
    terminal.end();
    terminal.end();
    expect([disposed, terminal.peer]).toEqual([['a', 'b'], null]);
  });
});

it('a length of time is written as players write it', () => {
  expect([0, 4250, 59_999, 60_000, 3_723_400].map(formatSpan)).toEqual([
    '0:00.0',
    '0:04.2',
    '0:59.9',
    '1:00.0',
    '1:02:03.4',
  ]);
});
