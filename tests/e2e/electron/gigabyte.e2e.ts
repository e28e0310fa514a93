/**
 * 1 GiB each way against socat: everything is in the recording, byte for byte,
 * memory is bounded, and the window is usable meanwhile, also from another tab.
 * Once is enough: the browser host runs the same engine.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, TestInfo } from '@playwright/test';
import { DISK_BEHIND_BYTES, DISK_BEHIND_SLACK_BYTES } from '../../../src/shared/limits.ts';
import type { Bench } from '../support/bench.ts';
import { exportTo } from '../support/exporting.ts';
import { measureFrames, tellKeys, timesOfKeys } from '../support/frames.ts';
import type { Host } from '../support/host.ts';
import { positionIn, residentBytes } from '../support/memory.ts';
import { withPeer } from '../support/peers.ts';
import { expect, test } from '../support/test.ts';

const GIB = 1024 ** 3;
const CHUNK = 4 * 1024 * 1024;

/** What may wait for the disk, what Node keeps in flight and has not collected yet: far from the 1024 MiB that pass. */
const MOST_GROWTH = (DISK_BEHIND_BYTES + DISK_BEHIND_SLACK_BYTES) * 4;

/** 1 GiB through a busy machine: over the wire, or out of the recording. */
const LONG_MS = 120_000;

const otherTab = 'TCP client 127.0.0.1:1';

/** @returns sha256 of the file */
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

/** The most that a process takes while it is looked at, against what it took before. */
class Growth {
  readonly #pid: number;
  readonly #before: number;
  #peak = 0;

  constructor(pid: number, before: number) {
    this.#pid = pid;
    this.#before = before;
  }

  static async of(host: Host): Promise<Growth> {
    return new Growth(host.enginePid, await residentBytes(host.enginePid));
  }

  async look(): Promise<void> {
    this.#peak = Math.max(this.#peak, await residentBytes(this.#pid));
  }

  expectBounded(info: TestInfo): void {
    const grown = this.#peak - this.#before;
    const description = `memory grew by ${Math.round(grown / 1024 ** 2)} MiB at most`;
    info.annotations.push({ type: 'memory', description });
    process.stdout.write(`      ${description}\n`);
    expect(grown).toBeLessThan(MOST_GROWTH);
  }
}

/** The counter below the session; it is there in its own tab only. */
function counter(bench: Bench, way: 'in' | 'out'): Locator {
  return bench.page.getByLabel(`Bytes ${way}`);
}

async function startDigestClient(bench: Bench, port: number): Promise<void> {
  await bench.newSession('TCP client', `127.0.0.1:${port}`);
  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'sha256' }).check(), 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
}

async function chooseFile(bench: Bench, path: string): Promise<void> {
  await bench.choose('Format', 'File');
  await bench.page.getByRole('textbox', { name: 'File path' }).fill(path);
}

async function fact(bench: Bench, name: string): Promise<string> {
  await bench.section('Socket').click();
  const value = bench.page.getByRole('row', { name: new RegExp(`^${name}\\b`) }).first();
  await expect(value).toBeVisible();
  return (await value.textContent()) ?? '';
}

/** Exports one direction through the window. @returns sha256 of the exported file, which is removed */
async function exportedHash(bench: Bench, folder: string, direction: '↓ Received' | '↑ Sent'): Promise<string> {
  await bench.section('Messages').click();
  const path = join(folder, 'exported.bin');
  await exportTo(bench, { format: 'Raw bytes', direction, path }, LONG_MS);
  expect((await stat(path)).size).toBe(GIB);
  const hash = await hashOf(path);
  await rm(path);
  return hash;
}

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-gib-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.describe.configure({ timeout: 360_000 });

test('1 GiB from socat is recorded whole while the window stays usable', async ({ bench, host }, info) => {
  await withFolder(async (folder) => {
    const path = join(folder, 'payload.bin');
    const sent = await makeFile(path);
    await bench.newSession('TCP client', '127.0.0.1:1');
    await bench.message.fill('a draft in another tab');
    const growth = await Growth.of(host);
    await withPeer('socat', ['-u', '-b', '262144', `OPEN:${path}`, 'TCP-LISTEN:0,bind=127.0.0.1'], async (peer) => {
      const port = await peer.listeningPort();
      await startDigestClient(bench, port);
      let edits = 0;
      // Type in the other tab and look at the list, again and again, until everything is in.
      while (
        (await counter(bench, 'in').textContent()) !== '↓ 1.1 GB' &&
        !(await bench.status.textContent())?.includes('closed')
      ) {
        await bench.tab(otherTab).click();
        await bench.message.fill(`typing ${edits}`);
        await bench.tab(`TCP client 127.0.0.1:${port}`).click();
        await growth.look();
        edits += 1;
      }
      await expect(bench.status).toContainText('closed');
      expect(edits).toBeGreaterThan(0);
      expect(await fact(bench, 'bytesRead')).toContain(String(GIB));
      expect(await fact(bench, 'sha256In')).toContain(sent);
    });
    expect(await exportedHash(bench, folder, '↓ Received')).toBe(sent);
    await growth.look();
    growth.expectBounded(info);
    // The first of it is as near as the last.
    await bench.messages.focus();
    await bench.page.keyboard.press('Home');
    await expect(bench.row('none', 'state', 'idle')).toBeVisible();
    await expect(bench.page.getByText(/not kept$/)).toHaveCount(0);
  });
});

test('1 GiB from a file arrives whole at socat and in the recording', async ({ bench, host }, info) => {
  await withFolder(async (folder) => {
    const path = join(folder, 'payload.bin');
    const received = join(folder, 'received.bin');
    const sent = await makeFile(path);
    const args = ['-u', '-b', '262144', 'TCP-LISTEN:0,bind=127.0.0.1', `CREATE:${received}`];
    await withPeer('socat', args, async (peer) => {
      await startDigestClient(bench, await peer.listeningPort());
      const growth = await Growth.of(host);
      await chooseFile(bench, path);
      await bench.button('Send').click();
      const sentSoFar = async (): Promise<string | null> => {
        await growth.look();
        return counter(bench, 'out').textContent();
      };
      await expect.poll(sentSoFar, { timeout: LONG_MS }).toBe('↑ 1.1 GB');
      expect(await fact(bench, 'bytesWritten')).toContain(String(GIB));
      expect(await fact(bench, 'sha256Out')).toContain(sent);
      growth.expectBounded(info);
      await bench.section('Messages').click();
      await bench.button('Disconnect').click();
      await peer.exited();
    });
    expect((await stat(received)).size).toBe(GIB);
    expect(await hashOf(received)).toBe(sent);
    expect(await exportedHash(bench, folder, '↑ Sent')).toBe(sent);
  });
});

test('1 GiB each way at once in a background tab is recorded whole, both ways', async ({ bench, host }, info) => {
  await withFolder(async (folder) => {
    const theirs = join(folder, 'theirs.bin');
    const ours = join(folder, 'ours.bin');
    const received = join(folder, 'received.bin');
    const hashOfTheirs = await makeFile(theirs);
    const hashOfOurs = await makeFile(ours);
    await bench.newSession('TCP client', '127.0.0.1:1');
    // At the end of its file socat waits for the client to end: what is sent takes longer, perhaps.
    const files = `OPEN:${theirs},rdonly,ignoreeof!!CREATE:${received}`;
    await withPeer('socat', ['-b', '262144', files, 'TCP-LISTEN:0,bind=127.0.0.1'], async (peer) => {
      const port = await peer.listeningPort();
      const growth = await Growth.of(host);
      await bench.newSession('TCP client', `127.0.0.1:${port}`);
      await chooseFile(bench, ours);
      await bench.button('Connect').click();
      await expect(bench.status).toContainText('open');
      await bench.button('Send').click();
      await bench.tab(otherTab).click();
      const keys: number[] = [];
      const pid = peer.child.pid ?? 0;
      const isThrough = async (): Promise<boolean> => {
        await growth.look();
        return (await stat(received)).size === GIB && (await positionIn(pid, theirs)) === GIB;
      };
      await measureFrames(bench.page, info, 'typing in another tab', async () => {
        while (!(await isThrough())) {
          await bench.message.fill('');
          keys.push(...(await timesOfKeys(bench.page, 'the quick brown fox')));
        }
      });
      tellKeys(info, keys);
      expect(keys.length).toBeGreaterThan(0);
      growth.expectBounded(info);
      await bench.tab(`TCP client 127.0.0.1:${port}`).click();
      await expect(counter(bench, 'in')).toHaveText('↓ 1.1 GB', { timeout: LONG_MS });
      await expect(counter(bench, 'out')).toHaveText('↑ 1.1 GB', { timeout: LONG_MS });
      expect(await fact(bench, 'bytesRead')).toContain(String(GIB));
      expect(await fact(bench, 'bytesWritten')).toContain(String(GIB));
      await bench.section('Messages').click();
      await bench.button('Disconnect').click();
      await peer.exited();
    });
    expect(await hashOf(received)).toBe(hashOfOurs);
    expect(await exportedHash(bench, folder, '↓ Received')).toBe(hashOfTheirs);
    expect(await exportedHash(bench, folder, '↑ Sent')).toBe(hashOfOurs);
  });
});
