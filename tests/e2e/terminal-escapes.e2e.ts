/** Escape sequences of a peer, in the window as a person has it: none may do more than draw. */
import type { Socket } from 'node:net';
import { escapeSequences } from '../fixtures/escape-sequences.ts';
import type { Bench } from './support/bench.ts';
import { TerminalBench, withServer } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

/** A peer that says what it likes, and keeps what it gets. */
class HostilePeer {
  readonly #socket: Socket;
  received = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => (this.received += bytes.toString('latin1')));
  }

  say(text: string): void {
    this.#socket.write(text);
  }
}

/** Runs `body` with a terminal on such a peer, in which keys are sent as they are typed. */
async function withPeer(
  bench: Bench,
  body: (peer: HostilePeer, terminal: TerminalBench) => Promise<void>,
): Promise<void> {
  const peers: HostilePeer[] = [];
  await withServer(
    (socket) => peers.push(new HostilePeer(socket)),
    async (port) => {
      await bench.connect(`127.0.0.1:${port}`);
      await expect.poll(() => peers.length).toBe(1);
      const terminal = new TerminalBench(bench);
      await terminal.show();
      await terminal.choose('By key');
      for (const peer of peers) await body(peer, terminal);
    },
  );
}

/** All of the window that a peer could want to change. */
async function windowOf(bench: Bench): Promise<unknown> {
  return bench.page.evaluate(() => ({
    title: document.title,
    place: [screenX, screenY, outerWidth, outerHeight],
    address: location.href,
    links: document.querySelectorAll('a[href]').length,
    dialogs: document.querySelectorAll('[role="dialog"], [role="alertdialog"], [role="alert"]').length,
    background: getComputedStyle(document.querySelector('.xterm-viewport') ?? document.body).backgroundColor,
    // Without the numbers of messages.
    tabs: Array.from(document.querySelectorAll('[role="tab"]'), (tab) =>
      tab.textContent.replaceAll(/ \d+$/g, '').trim(),
    ),
    toolbar: document.querySelector('[role="toolbar"][aria-label="Terminal"]')?.textContent,
  }));
}

/** Puts text on the clipboard as a person does. */
async function copy(bench: Bench, text: string): Promise<void> {
  await bench.address.fill(text);
  await bench.address.press('ControlOrMeta+a');
  await bench.address.press('ControlOrMeta+c');
}

/** What is on the clipboard, pasted into a field. */
async function clipboardOf(bench: Bench): Promise<string> {
  await bench.section('Messages').click();
  await bench.message.fill('');
  await bench.message.press('ControlOrMeta+v');
  const text = await bench.message.inputValue();
  await bench.message.fill('');
  return text;
}

test(`${escapeSequences.length} escape sequences have no effect outside the grid`, async ({ bench }) => {
  await bench.newSession('TCP client', '127.0.0.1:9');
  await copy(bench, 'mine');
  await withPeer(bench, async (peer, terminal) => {
    peer.say('ready');
    await terminal.shows('ready');
    const before = await windowOf(bench);
    for (const [at, { sequence }] of escapeSequences.entries()) {
      // CAN ends what is still open; then the grid is drawn anew, and takes it.
      peer.say(`${sequence}\x18\x1b[0m\x1b[2J\x1b[Hdrawn ${at}.`);
      await terminal.shows(`drawn ${at}.`);
    }
    // A mouse over the grid, and a focus that goes and comes, send nothing either.
    const grid = terminal.region.locator('.xterm-screen');
    await grid.hover({ position: { x: 30, y: 30 } });
    await grid.click({ position: { x: 40, y: 40 } });
    await bench.section('Terminal').focus();
    await terminal.focus();
    expect(await windowOf(bench)).toEqual(before);
    // What is typed arrives alone: nothing was answered before it.
    await bench.page.keyboard.type('x');
    await expect.poll(() => peer.received).toBe('x');
    expect(await clipboardOf(bench)).toBe('mine');
    await expect(bench.row('out', 'data')).toHaveCount(1);
  });
});

test('what is allowed for a session has its effect, and only as long as it is', async ({ bench }) => {
  await withPeer(bench, async (peer, terminal) => {
    const allow = async (name: string, isAllowed: boolean): Promise<void> => {
      await terminal.region.getByRole('button', { name: 'Terminal settings' }).click();
      await bench.page.getByRole('dialog', { name: 'Terminal' }).getByRole('switch', { name }).setChecked(isAllowed);
      await bench.button('Done').click();
    };
    const grid = terminal.region.locator('.xterm-screen');
    await allow('Get answers', true);
    peer.say('\x1b[5n\x1b[?1003h\x1b[?1006h');
    await expect.poll(() => peer.received).toContain('\x1b[0n');
    await grid.hover({ position: { x: 30, y: 30 } });
    await expect.poll(() => peer.received).toContain('\x1b[<35;');
    await allow('Get answers', false);
    peer.say('\x1b[5n\x1b[2J\x1b[Hdrawn');
    await terminal.shows('drawn');
    peer.received = '';
    await grid.hover({ position: { x: 80, y: 80 } });
    await grid.click({ position: { x: 60, y: 60 } });
    await bench.page.keyboard.type('x');
    await expect.poll(() => peer.received).toBe('x');
    await allow('Write the clipboard', true);
    peer.say('\x1b]52;c;eW91cnM=\x07\x1b[2J\x1b[Hwritten');
    await terminal.shows('written');
    await expect.poll(() => clipboardOf(bench)).toBe('yours');
  });
});
