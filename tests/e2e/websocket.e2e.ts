import { createServer } from 'node:http';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { Bench } from './support/bench.ts';
import { expect, test } from './support/test.ts';

const CLIENT = 'WebSocket client';
const SERVER = 'WebSocket server';

interface Listening {
  address(): unknown;
}

function portOf(server: Listening): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('it does not listen');
  return Number(address.port);
}

/** A client tab that connects again after a loss, connected. @param delay ms before it does so */
async function connectLasting(bench: Bench, address: string, delay: number): Promise<void> {
  await bench.newSession(CLIENT, address);
  await bench.setOptions(async () => {
    await bench.choose('reconnect', 'after a loss');
    await bench.page.getByRole('spinbutton', { name: 'first delay' }).fill(String(delay));
    await bench.page.getByRole('spinbutton', { name: 'longest delay' }).fill(String(delay));
    await bench.page.getByRole('spinbutton', { name: 'attempts' }).fill('0');
    await bench.page.getByRole('textbox', { name: 'messages after it' }).fill('here I am again');
  }, 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
}

test('three tabs chat over our own server, each seeing what the others say', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'broadcast', SERVER);
  const names = ['ann', 'bob', 'cho'];
  for (const name of names) await bench.connect(`ws://127.0.0.1:${port}/${name}`, CLIENT);
  for (const name of names) {
    await bench.tab(new RegExp(`/${name}`)).click();
    await bench.send(`${name} says hello`);
    await expect(bench.row('out', 'text', `${name} says hello`)).toBeVisible();
  }
  for (const name of names) {
    await bench.tab(new RegExp(`/${name}`)).click();
    for (const other of names.filter((one) => one !== name)) {
      await expect(bench.row('in', 'text', `${other} says hello`)).toHaveCount(1);
    }
    await expect(bench.row('in', 'text', `${name} says hello`)).toHaveCount(0);
  }

  await bench.tab(new RegExp(`^${SERVER}`)).click();
  for (const name of names) {
    await expect(bench.connections.getByRole('gridcell', { name: `/${name}`, exact: true })).toHaveCount(1);
  }
  await bench.message.fill('the server speaks to all');
  await bench.button('Send to all').click();
  await bench.tab(/\/cho/).click();
  await expect(bench.row('in', 'text', 'the server speaks to all')).toBeVisible();
});

test('what is known of a connection stands in columns, side by side, whatever the protocol', async ({ bench }) => {
  for (const protocol of ['TCP server', SERVER]) {
    await bench.listen('127.0.0.1:0', undefined, protocol);
    const heads = bench.connections.getByRole('columnheader');
    const places = await heads.evaluateAll((all) =>
      all.map((head) => {
        const { top, left } = head.getBoundingClientRect();
        return { top, left };
      }),
    );
    const tops = places.map(({ top }) => top);
    const lefts = places.map(({ left }) => left);
    expect(new Set(tops).size).toBe(1);
    expect(new Set(lefts).size).toBe(lefts.length);
  }
});

test('a password in the address is nowhere but in the address', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo', SERVER);
  await bench.connect(`ws://anna:very-secret@127.0.0.1:${port}/`, CLIENT);
  await expect(bench.tab(/anna:•••@/)).toBeVisible();
  await expect(bench.page.getByRole('list', { name: 'History' }).getByText(/anna:•••@/)).toBeVisible();
  await expect(bench.page.getByText('very-secret')).toHaveCount(0);
  await expect(bench.address).toHaveValue(/very-secret/);
});

test('the query of an address is edited as a table, and goes out as it is then written', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', undefined, SERVER);
  await bench.newSession(CLIENT, `ws://127.0.0.1:${port}/?tag=%61+b&tag=c`);
  await bench.setOptions(async () => {
    const table = bench.page.getByRole('table', { name: 'Query' });
    await expect(table.getByRole('textbox', { name: 'Value 1' })).toHaveValue('a+b');
    await table.getByRole('textbox', { name: 'Name of a new pair' }).fill('room');
    await table.getByRole('textbox', { name: 'Value 3' }).fill('blue & green');
    await table.getByRole('button', { name: 'Remove tag' }).last().click();
  }, 'Messages');
  const query = '?tag=%61+b&room=blue%20%26%20green';
  await expect(bench.address).toHaveValue(`ws://127.0.0.1:${port}/${query}`);
  await bench.button('Connect').click();
  await expect(bench.row('out', 'request', `GET /${query} HTTP/1.1`)).toHaveCount(1);
});

test('the certificate of a server is shown on both sides, also when it is refused', async ({ bench }) => {
  const port = await bench.listen('wss://127.0.0.1:0', undefined, SERVER);
  const certificate = bench.page.getByRole('region', { name: 'Certificate' });
  const print = certificate.getByRole('row', { name: 'fingerprint256' }).getByRole('button');
  await bench.section('Server').click();
  await expect(certificate).toContainText('Made on the spot');
  const own = (await print.textContent()) ?? '';
  expect(own.trim()).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);

  await bench.newSession(CLIENT, `wss://127.0.0.1:${port}/`);
  await bench.button('Connect').click();
  await expect(bench.alert).toContainText('self-signed');
  await bench.section('Socket').click();
  await expect(certificate).toContainText('Self-signed');
  await expect(certificate).toContainText('No connection was made');
  await expect(print).toHaveText(own);

  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'rejectUnauthorized' }).uncheck(), 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
  await expect(bench.alert).toContainText('not checked');
  await bench.section('Socket').click();
  await expect(certificate).toContainText('It was let through');
  await expect(certificate.getByRole('table', { name: 'TLS' })).toContainText('TLSv1.3');
});

test('a message can be looked at as the frame that it was', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo', SERVER);
  await bench.newSession(CLIENT, `ws://127.0.0.1:${port}`);
  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'permessage-deflate' }).uncheck(), 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
  await bench.choose('Format', 'Hex');
  await expect(bench.page.getByRole('combobox', { name: 'Send as' })).toHaveText(/binary/);
  await bench.send('00 ff 80');
  await bench.row('out', 'binary').click();
  await bench.detail.getByRole('tab', { name: 'Frame' }).click();
  await expect(bench.detail).toContainText('0x2 binary');
  await expect(bench.detail).toContainText('82 83 ·· ·· ·· ··');

  await bench.page.getByRole('radio', { name: 'Frames' }).click();
  await expect(bench.row('out', 'binary', 'FIN · masked')).toBeVisible();
  await expect(bench.row('in', 'binary', 'FIN')).not.toContainText('masked');
});

test('a ping tells the round-trip time, and a close has the code and the reason that were typed', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', undefined, SERVER);
  await bench.connect(`ws://127.0.0.1:${port}`, CLIENT);
  await bench.button('Ping…').click();
  await bench.page.getByRole('textbox', { name: 'payload' }).fill('are you there');
  await bench.page.keyboard.press('Enter');
  await expect(bench.row('in', 'pong', 'are you there')).toContainText('ms after the ping');
  await expect(bench.page.getByText(/^rtt [\d.]+ ms$/)).toBeVisible();

  await bench.closeBy('Close with a code');
  const dialog = bench.page.getByRole('dialog', { name: 'Close with a code' });
  await bench.choose('Known codes', '1001 Going Away');
  await expect(dialog.getByRole('spinbutton', { name: 'code' })).toHaveValue('1001');
  await dialog.getByRole('spinbutton', { name: 'code' }).fill('4001');
  await dialog.getByRole('textbox', { name: 'reason' }).fill('enough for today');
  await bench.page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(bench.row('out', 'close', '4001')).toContainText('enough for today');
  await expect(bench.status).toContainText('closed');
  await bench.tab(new RegExp(`^${SERVER}`)).click();
  await expect(bench.row('in', 'close', '4001')).toContainText('enough for today');
});

test('a client connects again by itself when its server is back, and marks what it may have missed', async ({
  bench,
}) => {
  const port = await bench.listen('127.0.0.1:0', 'echo', SERVER);
  await connectLasting(bench, `ws://127.0.0.1:${port}/lasting`, 300);
  await bench.send('before');
  await expect(bench.row('in', 'text', 'before')).toBeVisible();

  const server = bench.tab(new RegExp(`^${SERVER}`));
  await server.click();
  await bench.button('Stop').click();
  await expect(bench.status).toContainText('closed');
  await bench.tab(/\/lasting/).click();
  const waiting = bench.page.getByRole('group', { name: 'Reconnecting' });
  await expect(waiting).toContainText('Reconnecting');

  await server.click();
  await bench.address.fill(`127.0.0.1:${port}`);
  await bench.button('Listen').click();
  await expect(bench.status).toContainText('1 connected');
  await bench.tab(/\/lasting/).click();
  await expect(bench.status).toContainText('open');
  await expect(waiting).toHaveCount(0);
  // One before each attempt.
  await expect(bench.row('none', 'gap', 'not connected for').first()).toBeVisible();
  await expect(bench.row('in', 'text', 'here I am again')).toBeVisible();
});

test('waiting to connect again can be cut short, or given up', async ({ bench }) => {
  const peer = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(peer, 'listening');
  try {
    await connectLasting(bench, `ws://127.0.0.1:${portOf(peer)}`, 60_000);
    const lose = (): void => peer.clients.forEach((socket) => socket.terminate());
    lose();
    const waiting = bench.page.getByRole('group', { name: 'Reconnecting' });
    await expect(waiting).toContainText(/Reconnecting in \d\d s \(attempt 1\)/);
    await bench.button('Connect now').click();
    await expect(bench.status).toContainText('open');
    await expect(waiting).toHaveCount(0);

    await expect.poll(() => peer.clients.size).toBe(1);
    lose();
    await expect(waiting).toBeVisible();
    await bench.button('Stop reconnecting').click();
    await expect(waiting).toHaveCount(0);
    await expect(bench.button('Connect')).toBeVisible();
  } finally {
    peer.close();
  }
});

test('a peer with a ping time-out closes a connection whose pongs are withheld', async ({ bench }) => {
  const peer = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const timers = new Set<NodeJS.Timeout>();
  let pongs = 0;
  peer.on('connection', (socket) => {
    let unanswered = 0;
    socket.on('pong', () => {
      pongs += 1;
      unanswered = 0;
    });
    const timer = setInterval(() => {
      if (unanswered === 10) socket.close(1011, 'keepalive ping timeout');
      else if (unanswered < 10) socket.ping();
      unanswered += 1;
    }, 100);
    timers.add(timer);
    socket.on('close', () => clearInterval(timer));
  });
  await once(peer, 'listening');
  try {
    await bench.connect(`ws://127.0.0.1:${portOf(peer)}`, CLIENT);
    await expect.poll(() => pongs).toBeGreaterThan(2);
    await expect(bench.status).toContainText('open');
    await bench.button('Socket calls').click();
    await bench.page.getByRole('menuitem', { name: 'Withhold pongs' }).click();
    await expect(bench.row('none', 'holdPongs')).toHaveCount(1);
    // What would do nothing now is not offered.
    await bench.button('Socket calls').click();
    await expect(bench.page.getByRole('menuitem', { name: 'Answer pings' })).toBeVisible();
    await expect(bench.page.getByRole('menuitem', { name: 'Withhold pongs' })).toHaveCount(0);
    await bench.page.keyboard.press('Escape');
    await expect(bench.row('in', 'close', '1011')).toContainText('keepalive ping timeout');
    await expect(bench.row('none', 'socketClose', '1011')).toBeVisible();
    await expect(bench.row('in', 'ping').filter({ hasText: 'its pong is withheld' }).first()).toBeVisible();
    await expect(bench.status).toContainText('closed');
    // Also in words, for whoever does not read rows.
    await expect(bench.alert).toContainText('closed the connection with 1011 Internal Error: “keepalive ping timeout”');
    await expect(bench.alert).toContainText('Look at what was sent last');
  } finally {
    timers.forEach((timer) => clearInterval(timer));
    peer.close();
  }
});

test('a refused upgrade shows the status, the headers and the body of the answer', async ({ bench }) => {
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="bench"', 'Content-Type': 'application/json' });
    response.end('{"why":"no token"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await bench.newSession(CLIENT, `ws://127.0.0.1:${portOf(server)}/private`);
    await bench.button('Connect').click();
    await expect(bench.alert).toContainText('401 Unauthorized');
    await bench.row('in', 'response', '401').click();
    await expect(bench.detail).toContainText('HTTP/1.1 401 Unauthorized');
    await expect(bench.detail).toContainText('WWW-Authenticate: Bearer realm="bench"');
    await expect(bench.detail).toContainText('{"why":"no token"}');
    await bench.row('out', 'request').click();
    await expect(bench.detail).toContainText('GET /private HTTP/1.1');
    await expect(bench.status).toContainText('failed');
  } finally {
    server.close();
  }
});
