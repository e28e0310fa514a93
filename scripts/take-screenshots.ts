/** Plays short scenes in the real window and takes a picture of each, in both themes. Run by scripts/screenshots.mjs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:net';
import { once } from 'node:events';
import { Bench } from '../tests/e2e/support/bench.ts';
import { makeLauncher } from '../tests/e2e/support/host.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs/screenshots');
await mkdir(folder, { recursive: true });

const launcher = await makeLauncher('electron');
try {
  const { page, complaints } = await launcher.start();
  const bench = new Bench(page);

  /** @param open opens a dialog, which is closed after the picture: while it is open, the theme cannot be changed */
  const shoot = async (name: string, open?: () => Promise<void>): Promise<void> => {
    for (const theme of ['dark', 'light']) {
      await page.getByRole('radio', { name: `Theme: ${theme}` }).click();
      await open?.();
      // Away from everything that answers to the pointer.
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' });
      if (open !== undefined) await page.keyboard.press('Escape');
    }
  };

  await bench.button('TCP client').waitFor();
  await shoot('welcome');

  // A device that answers, and two more that watch.
  await bench.newSession('TCP server', '127.0.0.1:0');
  await bench.setOptions(() => bench.choose('behaviour', 'echo'), 'Connections');
  await bench.button('Listen').click();
  await page.getByText('listening').first().waitFor();
  const port = Number(/:(\d+)/.exec((await bench.status.textContent()) ?? '')?.[1]);
  const others = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  await Promise.all(others.map((socket) => once(socket, 'connect')));
  await bench.connect(`localhost:${port}`);
  for (const text of ['LOGIN device-7 9f3ac2d1', '{"temp":21.4,"rpm":1480,"state":"RUN","seq":118}', 'STOP']) {
    await bench.send(text);
    await bench.row('in', 'data', text).waitFor();
  }
  await bench.choose('Format', 'Hex');
  await bench.send('00 0c 01 10 00 00 27 10 a4 7e 1b 0d');
  await bench.row('in', 'data', '00 0c 01').waitFor();
  await bench.choose('Format', 'Text');
  await bench.message.fill('LOGIN device-7 9f3ac2d1');
  await bench.row('in', 'data', 'temp').click();
  await bench.detail.getByRole('tab', { name: 'Hex' }).click();
  await shoot('client');

  others[0]?.write('GET telemetry\r\n');
  others[1]?.write(Buffer.from('1f8b0800000000000003ed5d6b73db36b2fdae5f', 'hex'));
  await bench.tab(/^TCP server/).click();
  others[1]?.resetAndDestroy();
  await bench.connections.getByText('reset', { exact: true }).first().waitFor();
  await bench.messages.getByText('GET telemetry').first().click();
  await shoot('server');

  // Sessions of the morning: two of them one after the other at the same address, one with a name.
  const history = page.getByRole('list', { name: 'History' });
  for (const texts of [['LOGIN device-7 0000'], ['LOGIN device-7 9f3ac2d1', 'READ 0x0010 4', 'STOP']]) {
    await bench.connect(`127.0.0.1:${port}`);
    for (const text of texts) {
      await bench.send(text);
      await bench.row('in', 'data', text).waitFor();
    }
    await page.getByRole('button', { name: /^Close TCP client 127/ }).click();
    await bench.button('Dismiss').first().click();
  }
  const recording = history.getByRole('button', { name: /^127\.0\.0\.1:\d+, TCP client/ }).first();
  const name = page.getByRole('textbox', { name: 'Name of the recording' });
  // The list is made anew when a recording ends, and takes the focus along.
  for (let attempt = 0; attempt < 5 && !(await name.isVisible()); attempt += 1) {
    await recording.focus();
    await page.keyboard.press('F2');
    await name.waitFor({ timeout: 2000 }).catch(() => undefined);
  }
  await name.fill('login with the right key');
  await name.press('Enter');
  const named = history.getByRole('button', { name: /^login with the right key/ });
  await named.click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Pin/ }).click();
  await named.click();
  await bench.row('in', 'data', 'READ').click();
  await shoot('history');

  await shoot('export', async () => {
    await bench.button('Export…').click();
    await page.getByRole('textbox', { name: 'File' }).fill('/home/you/captures/login.jsonl');
  });

  await bench.newSession('TCP client', 'localhost:9');
  await bench.button('Connect').click();
  await bench.alert.first().waitFor();
  await shoot('error');

  await bench.section('Options').click();
  await shoot('options');

  // A chat server of ours and one who talks to it.
  await bench.newSession('WebSocket server', '127.0.0.1:0');
  await bench.setOptions(async () => {
    await bench.choose('behaviour', 'echo');
    await page.getByRole('textbox', { name: 'Sec-WebSocket-Protocol' }).fill('chat.v2');
  }, 'Connections');
  await bench.button('Listen').click();
  await page.getByText('listening').first().waitFor();
  const chatPort = /:(\d+)/.exec((await bench.status.textContent()) ?? '')?.[1] ?? '';
  await bench.newSession('WebSocket client', `ws://127.0.0.1:${chatPort}/rooms/blue`);
  await bench.setOptions(async () => {
    await page.getByRole('textbox', { name: 'Sec-WebSocket-Protocol' }).fill('chat.v2');
    await page.getByRole('spinbutton', { name: 'fragment size' }).fill('24');
  }, 'Messages');
  await bench.button('Connect').click();
  await bench.row('none', 'open').waitFor();
  await bench.choose('Format', 'JSON');
  for (const text of ['{"join":"blue","as":"ann"}', '{"say":"hello, everybody","to":"blue","mood":"sunny"}']) {
    await bench.send(text);
    await bench.row('in', 'text', text).waitFor();
  }
  await bench.button('Ping…').click();
  await page.getByRole('textbox', { name: 'payload' }).fill('are you there');
  await page.keyboard.press('Enter');
  await bench.row('in', 'pong').waitFor();
  await page.getByRole('radio', { name: 'Frames' }).click();
  await bench.row('out', 'frame').first().click();
  await bench.detail.getByRole('tab', { name: 'Frame' }).click();
  await shoot('websocket');

  for (const socket of others) socket.destroy();
  if (complaints.length > 0) throw new Error(`the console of the window says: ${complaints.join('; ')}`);
} finally {
  await launcher.dispose();
}
