import type { Locator } from '@playwright/test';
import type { Bench } from './support/bench.ts';
import { expect, test } from './support/test.ts';

const CLIENT = 'WebSocket client';
const SERVER = 'WebSocket server';

/** What differs from a right text frame of a client. */
interface Frame {
  readonly opcode?: string;
  readonly mask?: string;
  /** Of FIN, RSV1, RSV2 and RSV3 those that are the other way round. */
  readonly turned?: readonly string[];
  /** In hex. */
  readonly payload: string;
}

function composer(bench: Bench): Locator {
  return bench.page.getByRole('group', { name: 'Frame', exact: true });
}

/** Puts a frame together, field by field, and sends it. */
async function sendFrame(bench: Bench, frame: Frame): Promise<void> {
  const fields = composer(bench);
  await bench.choose('opcode', frame.opcode ?? '1 text');
  await bench.choose('mask', frame.mask ?? 'random key');
  for (const bit of ['FIN', 'RSV1', 'RSV2', 'RSV3']) {
    const wanted = (bit === 'FIN') !== (frame.turned?.includes(bit) ?? false);
    const button = fields.getByRole('button', { name: bit });
    if ((await button.getAttribute('aria-pressed')) !== String(wanted)) await button.click();
  }
  await fields.getByRole('textbox', { name: 'payload' }).fill(frame.payload);
  await bench.button('Send').click();
}

/** A server tab, and a client tab in front that is connected to it, with the frame composer open. */
async function connected(bench: Bench): Promise<void> {
  const port = await bench.listen('127.0.0.1:0', undefined, SERVER);
  await bench.connect(`ws://127.0.0.1:${port}/by-hand`, CLIENT);
  await bench.choose('Format', 'Frame');
}

async function showServer(bench: Bench): Promise<void> {
  await bench.tab(new RegExp(`^${SERVER}`)).click();
  await bench.section('Messages').click();
}

async function showFrames(bench: Bench): Promise<void> {
  await bench.page.getByRole('radio', { name: 'Frames' }).click();
}

test('a text sent by hand in two fragments is one message of the server, and is not lost from sight', async ({
  bench,
}) => {
  await connected(bench);
  await sendFrame(bench, { turned: ['FIN'], payload: '68 65 6c' });
  await expect(bench.page.getByText('1 frame not shown')).toBeVisible();
  await sendFrame(bench, { opcode: '0 continuation', payload: '6c 6f' });
  await bench.page.getByRole('button', { name: '2 frames not shown' }).click();
  await expect(bench.page.getByRole('radio', { name: 'Frames' })).toBeChecked();
  await expect(bench.row('out', 'frame', 'text · more follow · masked · sent by hand')).toHaveCount(1);
  await expect(bench.row('out', 'frame', 'continuation · FIN · masked · sent by hand')).toHaveCount(1);

  await showServer(bench);
  await expect(bench.row('in', 'text', 'hello')).toContainText('2 frames');
  await showFrames(bench);
  await expect(bench.row('in', 'text')).toHaveCount(0);
  await expect(bench.row('in', 'frame', 'text · more follow · masked')).not.toContainText('by hand');
  await expect(bench.page.getByText('1 message as frames')).toBeVisible();
});

const violations: readonly {
  readonly what: string;
  readonly frame: Frame;
  readonly sent: string;
  readonly code: number;
  readonly words: string;
}[] = [
  {
    what: 'an unmasked frame',
    frame: { mask: 'none', payload: '68 65 6c 6c 6f' },
    sent: 'text · FIN · sent by hand',
    code: 1002,
    words: 'A frame of the client is not masked. · RFC 6455 §5.1',
  },
  {
    what: 'text that is not UTF-8',
    frame: { payload: 'c3 28' },
    sent: 'text · FIN · masked · sent by hand',
    code: 1007,
    words: 'UTF-8',
  },
  {
    what: 'a ping with RSV1',
    frame: { opcode: '9 ping', turned: ['RSV1'], payload: '' },
    sent: 'ping · FIN · RSV1 · masked · sent by hand',
    code: 1002,
    words: 'RSV1',
  },
];

for (const { what, frame, sent, code, words } of violations) {
  test(`${what} is a violation for the server, which closes with ${code}`, async ({ bench }) => {
    await connected(bench);
    await sendFrame(bench, frame);
    await expect(bench.row('in', 'close', String(code))).toContainText('begun by the peer');
    await expect(bench.status).toContainText('closed');
    await showFrames(bench);
    await expect(bench.row('out', 'frame', sent)).toHaveCount(1);

    await showServer(bench);
    await expect(bench.row('in', 'violation', words)).toContainText(`close code ${code}`);
    await expect(bench.row('out', 'close', String(code))).toContainText('begun by this side');
    await expect(bench.row('in', 'text')).toHaveCount(0);
  });
}

test('a close sent by hand has the code that was typed, by its name', async ({ bench }) => {
  await connected(bench);
  await sendFrame(bench, { opcode: '8 close', payload: '03 f4 73 6f 6f 6e' });
  await expect(bench.row('in', 'close', '1012 Service Restart')).toContainText('begun by this side');
  await expect(bench.row('none', 'socketClose', '1012')).toContainText('begun by this side · clean');
  await expect(bench.row('out', 'close')).toHaveCount(0);
  await expect(bench.status).toContainText('closed');
  await showFrames(bench);
  await expect(bench.row('out', 'frame', 'close · FIN · masked · sent by hand')).toHaveCount(1);

  await showServer(bench);
  await expect(bench.row('in', 'close', '1012 Service Restart')).toContainText('soon · begun by the peer');
  await expect(bench.row('none', 'socketClose', '1012')).toContainText('clean');
  await expect(bench.row('in', 'violation')).toHaveCount(0);
});
