/**
 * 1 GiB each way against socat: nothing lost, memory bounded, the window
 * usable meanwhile. Once is enough: the browser host runs the same engine.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORDING_MEMORY_BYTES } from '../../../src/shared/limits.ts';
import { type Bench } from '../support/bench.ts';
import { expect, test } from '../support/test.ts';
import { withPeer } from '../support/peers.ts';

const GIB = 1024 ** 3;
const CHUNK = 4 * 1024 * 1024;

async function makeFile(path: string): Promise<string> {
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK);
  for (let written = 0; written < GIB; written += CHUNK) {
    randomFillSync(chunk);
    hash.update(chunk);
    await file.write(chunk);
  }
  await file.close();
  return hash.digest('hex');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Resident memory of the process with the engine, bytes. */
async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024;
}

async function startDigestClient(bench: Bench, port: number): Promise<void> {
  await bench.newSession('TCP client', `127.0.0.1:${port}`);
  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'sha256' }).check(), 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
}

async function fact(bench: Bench, name: string): Promise<string> {
  await bench.section('Socket').click();
  const value = bench.page.getByRole('row', { name: new RegExp(`^${name}\\b`) }).first();
  await expect(value).toBeVisible();
  return (await value.textContent()) ?? '';
}

test.describe.configure({ timeout: 240_000 });

test('1 GiB from socat arrives whole while the window stays usable', async ({ bench, host }, info) => {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-gib-'));
  try {
    const path = join(folder, 'payload.bin');
    const sent = await makeFile(path);
    const before = await residentBytes(host.enginePid);
    await bench.newSession('TCP client', '127.0.0.1:1');
    await bench.message.fill('a draft in another tab');
    await withPeer('socat', ['-u', '-b', '262144', `OPEN:${path}`, 'TCP-LISTEN:0,bind=127.0.0.1'], async (peer) => {
      const port = await peer.listeningPort();
      await startDigestClient(bench, port);
      let peak = before;
      let edits = 0;
      const counter = bench.page.getByLabel('Bytes in');
      // Type in the other tab and look at the list, again and again, until everything is in.
      while ((await counter.textContent()) !== '↓ 1.1 GB' && !(await bench.status.textContent())?.includes('closed')) {
        await bench.tab('TCP client 127.0.0.1:1').click();
        await bench.message.fill(`typing ${edits}`);
        await bench.tab(`TCP client 127.0.0.1:${port}`).click();
        peak = Math.max(peak, await residentBytes(host.enginePid));
        edits += 1;
      }
      await expect(bench.status).toContainText('closed');
      expect(edits).toBeGreaterThan(0);
      expect(await fact(bench, 'bytesRead')).toContain(String(GIB));
      expect(await fact(bench, 'sha256In')).toContain(sent);
      const grown = peak - before;
      info.annotations.push({ type: 'memory', description: `grew by ${Math.round(grown / 1024 ** 2)} MiB at most` });
      // The bound is the cap of the recording and what Node keeps in flight, far from the 1024 MiB that passed.
      expect(grown).toBeLessThan(RECORDING_MEMORY_BYTES * 4);
    });
    await bench.section('Messages').click();
    await bench.messages.focus();
    await bench.page.keyboard.press('Home');
    await expect(bench.messages).toContainText('not kept');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('1 GiB from a file arrives whole at socat', async ({ bench, host }) => {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-gib-'));
  try {
    const path = join(folder, 'payload.bin');
    const received = join(folder, 'received.bin');
    const sent = await makeFile(path);
    await withPeer(
      'socat',
      ['-u', '-b', '262144', 'TCP-LISTEN:0,bind=127.0.0.1', `CREATE:${received}`],
      async (peer) => {
        const port = await peer.listeningPort();
        await startDigestClient(bench, port);
        const before = await residentBytes(host.enginePid);
        await bench.choose('Format', 'File');
        await bench.page.getByRole('textbox', { name: 'File path' }).fill(path);
        await bench.button('Send').click();
        let peak = before;
        await expect
          .poll(
            async () => {
              peak = Math.max(peak, await residentBytes(host.enginePid));
              return bench.page.getByLabel('Bytes out').textContent();
            },
            { timeout: 120_000 },
          )
          .toBe('↑ 1.1 GB');
        expect(await fact(bench, 'bytesWritten')).toContain(String(GIB));
        expect(await fact(bench, 'sha256Out')).toContain(sent);
        expect(peak - before).toBeLessThan(RECORDING_MEMORY_BYTES * 4);
        await bench.button('Disconnect').click();
        await peer.exited();
      },
    );
    expect((await stat(received)).size).toBe(GIB);
    expect(await hashOf(received)).toBe(sent);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
