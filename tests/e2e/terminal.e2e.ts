import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Bench } from './support/bench.ts';
import { measureFrames, typeByKey } from './support/frames.ts';
import { residentBytes } from './support/memory.ts';
import { TerminalBench, withServer, withShell } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

const MIB = 1024 * 1024;

/** Sends back what it gets. */
function echo(socket: Socket): void {
  socket.pipe(socket);
}

test('a shell behind socat is used as in any terminal: colours, line editing, top', async ({ bench }) => {
  const terminal = new TerminalBench(bench);
  await withShell(async (port) => {
    await bench.connect(`127.0.0.1:${port}`);
    await terminal.show();
    await terminal.choose('By key');
    await terminal.shows('wire>');
    const size = /(\d+) × (\d+)/.exec((await terminal.region.textContent()) ?? '');
    await terminal.type(`stty cols ${size?.[1]} rows ${size?.[2]}\r`);

    // The prompt is green, and what is red is red.
    await terminal.type(String.raw`printf '\033[31mRED\033[0m \033[1;44mBOLD\033[0m\n'` + '\r');
    await terminal.shows(/^RED BOLD$/m);
    await expect(bench.page.locator('.xterm-rows .xterm-fg-1', { hasText: /^RED/ })).toHaveCount(1);
    await expect(bench.page.locator('.xterm-rows .xterm-bg-4.xterm-bold', { hasText: 'BOLD' })).toHaveCount(1);
    await expect(bench.page.locator('.xterm-rows .xterm-fg-2', { hasText: 'wire' }).first()).toBeVisible();

    // Keys of editing are the shell's: in the middle, a word back, the line before.
    await terminal.type('echo helo wrld');
    await terminal.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    await terminal.type('o');
    await terminal.press('Control+a', 'Control+e', 'Alt+b', 'ArrowLeft', 'ArrowLeft');
    await terminal.type('l\r');
    await terminal.shows(/^hello world$/m);
    await terminal.press('ArrowUp');
    await terminal.press('Backspace');
    await terminal.type('t\r');
    await terminal.shows(/^hello worlt$/m);

    // Ctrl with a letter is the shell's, too, and does not close the tab or open another.
    await terminal.type('sleep 1000 ; echo not here\r');
    await terminal.press('Control+c');
    await terminal.shows('^C');
    await terminal.type('abc def');
    await terminal.press('Control+w', 'Control+u', 'Control+t');
    await expect(bench.page.getByRole('menu')).toHaveCount(0);

    await terminal.type('top -d 0.4 -n 4\r');
    await terminal.shows(/^top - .*load average.*\n(.*\n)+?\s+PID USER/m);
    // It draws from the first row of the screen on, and leaves a prompt when it is done.
    await expect.poll(async () => (await terminal.rows())[0]).toMatch(/^top - /);
    await terminal.shows(/wire>$/m);

    // What was typed is in the list, as any message is.
    await bench.section('Messages').click();
    await expect(bench.row('out', 'data').last()).toBeVisible();
  });
});

test('a line is edited here and sent with Enter, and several pasted lines are shown first', async ({ bench }) => {
  const terminal = new TerminalBench(bench);
  await withServer(echo, async (port) => {
    await bench.connect(`127.0.0.1:${port}`);
    await terminal.show();
    await terminal.type('hello wirld');
    await terminal.shows('hello wirld');
    await expect(bench.page.getByText('↑ 0 B')).toBeVisible();
    await terminal.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Backspace');
    await terminal.type('o');
    await terminal.press('Enter');
    await terminal.shows(/^hello world\nhello world$/m);

    await terminal.paste('one\ntwo\nthree\n');
    const dialog = bench.page.getByRole('dialog', { name: 'Paste 3 lines?' });
    await expect(dialog.getByRole('listitem')).toHaveText(['one', 'two', 'three']);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
    await terminal.paste('one\ntwo\nthree\n');
    await dialog.getByRole('button', { name: 'Paste', exact: true }).click();
    await terminal.shows(/^three$/m);
    await expect(bench.page.getByText('↑ 26 B')).toBeVisible();

    await terminal.focus();
    await terminal.press('Control+f');
    const find = bench.page.getByRole('search', { name: 'Find in terminal' });
    await find.getByRole('textbox').fill('hello');
    await expect(find.getByRole('status')).toHaveText('2 of 2');
    await terminal.press('Escape');
    await expect(find).toHaveCount(0);

    await bench.button('Clear terminal').click();
    await expect.poll(() => terminal.text()).not.toContain('hello');
    await bench.section('Messages').click();
    await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  });
});

test('how it looks and how one types survives a restart', async ({ launcher }) => {
  const first = await launcher.start();
  const bench = new Bench(first.page);
  const terminal = new TerminalBench(bench);
  await withServer(echo, async (port) => {
    await bench.connect(`127.0.0.1:${port}`);
    await terminal.show();
    await terminal.choose('By key');
    await bench.button('Terminal settings').click();
    await bench.page.getByRole('spinbutton', { name: 'Font size' }).fill('20');
    await bench.page.getByRole('switch', { name: 'Name the tab' }).click();
    await bench.button('Done').click();
    await expect(bench.page.locator('.xterm-rows')).toHaveCSS('font-size', '20px');
  });
  const saved = (): Promise<string> => readFile(`${launcher.data}/workspace.json`, 'utf8').catch(() => '');
  await expect.poll(saved).toMatch(/"fontSize": ?20.*"input": ?"key".*"title": ?true/s);
  await first.stop();
  const second = await launcher.start();
  const again = new Bench(second.page);
  await expect(again.section('Terminal')).toHaveAttribute('aria-selected', 'true');
  await expect(again.page.getByText('Not connected yet')).toBeVisible();
  await withServer(echo, async (port) => {
    await again.address.fill(`127.0.0.1:${port}`);
    await again.button('Connect').click();
    await expect(again.page.getByRole('radio', { name: 'By key' })).toBeChecked();
    await again.button('Terminal settings').click();
    await expect(again.page.getByRole('spinbutton', { name: 'Font size' })).toHaveValue('20');
    await expect(again.page.getByRole('switch', { name: 'Name the tab' })).toBeChecked();
  });
  expect([...first.complaints, ...second.complaints]).toEqual([]);
});

test('it shows what came before it was opened, keeps it while hidden, and goes on with the next connection', async ({
  bench,
}) => {
  const terminal = new TerminalBench(bench);
  const sockets: Socket[] = [];
  await withServer(
    (socket) => {
      sockets.push(socket);
      socket.write(`welcome ${sockets.length}\n`);
    },
    async (port) => {
      await bench.connect(`127.0.0.1:${port}`);
      await expect(bench.row('in', 'data', 'welcome 1')).toBeVisible();
      await terminal.show();
      await terminal.shows('welcome 1');
      await bench.section('Messages').click();
      sockets[0]?.write('while nobody looked\n');
      await expect(bench.row('in', 'data', 'while nobody looked')).toBeVisible();
      await bench.section('Terminal').click();
      await terminal.shows(/^welcome 1\nwhile nobody looked$/m);
      sockets[0]?.end('bye\n');
      await terminal.shows('bye');
      await bench.button('Connect').click();
      await terminal.shows(/^bye\n.*connected again.*\nwelcome 2$/m);
    },
  );
});

test('of a server it shows one connection, and talks to it alone', async ({ bench }) => {
  const terminal = new TerminalBench(bench);
  const port = await bench.listen();
  await terminal.show();
  await expect(terminal.region.getByText('Nobody is connected')).toBeVisible();
  await bench.connect(`127.0.0.1:${port}`);
  await bench.send('I am the first');
  await bench.connect(`127.0.0.1:${port}`);
  await bench.send('I am the second');
  await bench.tab(/^TCP server/).click();
  await terminal.region.getByRole('combobox', { name: 'Connection' }).click();
  await bench.page.getByRole('option').nth(1).click();
  await terminal.shows('I am the second');
  expect(await terminal.text()).not.toContain('first');
  await terminal.type('hello second\r');
  await bench
    .tab(/^TCP client/)
    .last()
    .click();
  await expect(bench.row('in', 'data', 'hello second')).toBeVisible();
  await bench
    .tab(/^TCP client/)
    .first()
    .click();
  await expect(bench.row('in', 'data')).toHaveCount(0);
});

test('a recording is played: at once, from the beginning, and ten times as fast as it was', async ({ bench }) => {
  const terminal = new TerminalBench(bench);
  await withServer(
    (socket) => {
      socket.write('step 1\r\n');
      socket.on('data', (data) => socket.write(`step ${data.toString().trim()}\r\n`));
    },
    async (port) => {
      await bench.connect(`127.0.0.1:${port}`);
      for (const step of ['2', '3']) {
        await bench.send(step);
        await expect(bench.row('in', 'data', `step ${step}`)).toBeVisible();
      }
    },
  );
  await bench.page.getByRole('button', { name: /^Close TCP client/ }).click();
  await bench.button('Dismiss').first().click();
  await bench.page
    .getByRole('list', { name: 'History' })
    .getByRole('button', { name: /TCP client/ })
    .first()
    .click();
  await terminal.show();
  await terminal.shows(/^step 1\nstep 2\nstep 3$/m);
  await expect(bench.button('Play again')).toBeVisible();
  await expect(bench.page.getByRole('radio', { name: 'By key' })).toHaveCount(0);

  await bench.button('Sent').click();
  await terminal.shows(/^step 1\n2\nstep 2\n3\nstep 3$/m);
  await terminal.choose('10×');
  await expect(bench.button('Pause')).toBeVisible();
  await expect(bench.button('Play again')).toBeVisible();
  await terminal.shows(/^step 1\n2\nstep 2\n3\nstep 3$/m);
  await terminal.choose('At once');
  await bench.button('From the beginning').click();
  await terminal.shows(/^step 1\n2\nstep 2\n3\nstep 3$/m);
});

test('every byte there is and 10 MB without a line break are only text: nothing is sent, nothing changes', async ({
  bench,
}) => {
  const terminal = new TerminalBench(bench);
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await withServer(
    (socket) => {
      socket.write(Buffer.concat([all, all.reverse(), Buffer.alloc(10_000_000, 'A')]));
      socket.write('\x18\x1b[0m\r\nstill here\r\n');
    },
    async (port) => {
      await bench.connect(`127.0.0.1:${port}`);
      await terminal.show();
      await terminal.shows('still here', 60_000);
      await expect(bench.page.getByText('↑ 0 B')).toBeVisible();
      await expect(bench.page).toHaveTitle('Wirebench');
    },
  );
});

test('a flood of 1 GiB freezes nothing, and memory stays bounded', async ({ bench, host }, info) => {
  test.setTimeout(240_000);
  const terminal = new TerminalBench(bench);
  const block = Buffer.alloc(
    MIB,
    '\x1b[36m0123456789\x1b[0m the quick brown fox jumps over the lazy dog, again and again\r\n',
  );
  function* flood(): Generator<Buffer | string> {
    for (let count = 0; count < 1024; count += 1) yield block;
    yield '\r\nthe end of the flood\r\n';
  }
  const peers: Socket[] = [];
  let isWritten = false;
  await withServer(
    (socket) => {
      peers.push(socket);
      const blocks = Readable.from(flood());
      blocks.once('end', () => (isWritten = true));
      socket.once('data', () => blocks.pipe(socket, { end: false }));
    },
    async (port) => {
      const quiet = await bench.listen('127.0.0.1:0', 'echo');
      await bench.connect(`127.0.0.1:${quiet}`);
      await bench.connect(`127.0.0.1:${port}`);
      await terminal.show();
      await terminal.focus();
      await measureFrames(bench.page, info, 'before the flood', () => bench.page.waitForTimeout(1000));
      const before = await residentBytes(host.enginePid);
      let most = before;
      const look = async (): Promise<void> => {
        most = Math.max(most, await residentBytes(host.enginePid));
      };
      await terminal.type('go\r');
      await measureFrames(bench.page, info, 'in the flood, on the terminal', async () => {
        await terminal.shows('quick brown fox');
        await expect(terminal.region.getByText(/ skipped$/)).toBeVisible();
        await expect(bench.page.getByText(/^↓ ([3-9]\d\d MB|1\.\d GB)$/)).toBeVisible({ timeout: 120_000 });
      });
      await look();
      // In another tab meanwhile keys come, and what is sent is answered.
      await bench.tab(new RegExp(`^TCP client 127\\.0\\.0\\.1:${quiet}`)).click();
      await bench.message.focus();
      await typeByKey(bench.page, info, 'still typing');
      await bench.button('Send').click();
      await expect(bench.row('in', 'data', 'still typing')).toBeVisible();
      await look();
      await expect.poll(() => isWritten && peers[0]?.writableLength === 0, { timeout: 120_000 }).toBe(true);
      await bench.tab(new RegExp(`^TCP client 127\\.0\\.0\\.1:${port}`)).click();
      await terminal.shows('the end of the flood', 60_000);
      await expect(bench.page.getByText('↓ 1.1 GB')).toBeVisible();
      await look();
      // It was far behind: among its last lines is the one that says so.
      await bench.button('Find in terminal').click();
      const find = bench.page.getByRole('search', { name: 'Find in terminal' });
      await find.getByRole('textbox').fill('skipped; the recording has them');
      await expect(find.getByRole('status')).toHaveText(/^\d+ of \d+$/);

      const heap = await bench.page.evaluate(() => {
        const memory: unknown = Reflect.get(performance, 'memory');
        return typeof memory === 'object' && memory !== null ? Number(Reflect.get(memory, 'usedJSHeapSize')) : 0;
      });
      const description = `engine +${((most - before) / MIB).toFixed(0)} MiB, window ${(heap / MIB).toFixed(0)} MiB of script`;
      info.annotations.push({ type: 'memory', description });
      process.stdout.write(`      ${description}\n`);
      expect((most - before) / MIB).toBeLessThan(512);
      expect(heap / MIB).toBeLessThan(256);
    },
  );
});
