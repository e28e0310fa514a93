/** Plays short scenes in the real window and takes a picture of each, in both themes. Run by scripts/screenshots.mjs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { Bench } from '../tests/e2e/support/bench.ts';
import { makeLauncher } from '../tests/e2e/support/host.ts';
import { startResolver } from '../tests/e2e/support/resolver.ts';

type Shoot = (name: string) => Promise<void>;

/** What a device with a coloured console says. */
const CONSOLE = [
  '\x1b[2J\x1b[H\x1b[1;36mgateway-7\x1b[0m  firmware 4.2.1  up 12 days',
  '',
  '\x1b[7m  port   state      rate        errors  \x1b[0m',
  '   0    \x1b[32mup\x1b[0m         1.2 Mbit/s       0',
  '   1    \x1b[32mup\x1b[0m        48.0 kbit/s       2',
  '   2    \x1b[31mdown\x1b[0m            –          \x1b[1;31m17\x1b[0m',
  '   3    \x1b[33mnegotiating\x1b[0m     –           0',
  '',
  '\x1b[32madmin\x1b[0m@gateway-7> ',
];

/** The console of a device. */
async function shootTerminal(bench: Bench, shoot: Shoot): Promise<void> {
  const device = createServer((socket) => {
    socket.write(CONSOLE.join('\r\n'));
    socket.on('data', () =>
      socket.write('\x1b[36mport 2\x1b[0m  no carrier since 04:11\r\n\x1b[32madmin\x1b[0m@gateway-7> '),
    );
  });
  await once(device.listen(0, '127.0.0.1'), 'listening');
  const address = device.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await bench.connect(`127.0.0.1:${port}`);
    await bench.section('Terminal').click();
    const screen = bench.page.locator('.xterm-helper-textarea');
    await screen.focus();
    await bench.page.keyboard.type('show port 2');
    await bench.page.keyboard.press('Enter');
    await bench.section('Messages').click();
    await bench.row('in', 'data', 'no carrier').waitFor();
    await bench.section('Terminal').click();
    await screen.waitFor();
    await shoot('terminal');
    await bench.button('Disconnect').click();
  } finally {
    device.close();
  }
}

/** Two servers that do not agree. */
async function shootLookup(bench: Bench, shoot: Shoot): Promise<void> {
  const name = 'shop.example';
  const same = [
    { name, type: 'AAAA', ttl: 300, data: '2001:db8::10' } as const,
    { name, type: 'MX', ttl: 3600, data: { preference: 10, exchange: `mail.${name}` } } as const,
  ];
  const servers = await Promise.all([
    startResolver([
      { name, type: 'A', ttl: 300, data: '192.0.2.10' },
      { name, type: 'A', ttl: 300, data: '192.0.2.11' },
      ...same,
    ]),
    startResolver([
      { name, type: 'A', ttl: 41, data: '192.0.2.10' },
      { name, type: 'A', ttl: 41, data: '203.0.113.7' },
      ...same,
    ]),
  ]);
  try {
    await bench.newSession('DNS lookup', name);
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    await bench.page.getByRole('textbox', { name: 'Servers' }).fill(addresses.join(', '));
    await bench.page.getByRole('group', { name: 'Types' }).getByRole('button', { name: 'MX', exact: true }).click();
    await bench.button('Look up').click();
    await bench.page.getByRole('table', { name: /^MX/ }).waitFor();
    await bench.page
      .getByRole('table', { name: /^A\b/ })
      .getByRole('button', { name: /NOERROR/ })
      .first()
      .click();
    await shoot('dns');
  } finally {
    for (const server of servers) await server.stop();
  }
}

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

  await shootTerminal(bench, shoot);
  await shootLookup(bench, shoot);

  for (const socket of others) socket.destroy();
  if (complaints.length > 0) throw new Error(`the console of the window says: ${complaints.join('; ')}`);
} finally {
  await launcher.dispose();
}
