import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Downloads } from '../../src/engine/export/downloads.ts';
import { startWebHost, type WebHost } from '../../src/web-host/server.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { until } from '../support/outcome.ts';

/** More than a socket buffers. */
const LARGE = 32 * 1024 * 1024;

let folder = '';
let downloads: Downloads;
let bench: EngineBench;
let host: WebHost;
let cookie = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-fetch-'));
  downloads = new Downloads(folder);
  bench = engineBench({ downloads });
  const report = (bug: unknown): void => void bench.bugs.push(bug);
  host = await startWebHost({ engine: bench.engine, folder, downloads, host: '127.0.0.1', port: 0, report });
  cookie = (await fetch(host.url)).headers.get('set-cookie')?.split(';')[0] ?? '';
});

afterEach(async () => {
  await host.close();
  await bench.dispose();
  expect(bench.bugs).toEqual([]);
  await rm(folder, { recursive: true });
});

async function offered(content: string | Buffer, name: string): Promise<string> {
  const path = await downloads.place();
  await writeFile(path, content);
  return `${new URL(host.url).origin}/download/${downloads.offer(path, name)}`;
}

it('gives a finished export once, under its name, and removes it', async () => {
  const address = await offered('all of it', 'echo “1”.jsonl');
  const answer = await fetch(address, { headers: { cookie } });
  expect(answer.headers.get('content-disposition')).toBe(
    "attachment; filename*=UTF-8''echo%20%E2%80%9C1%E2%80%9D.jsonl",
  );
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.text()).toBe('all of it');
  const again = await fetch(address, { headers: { cookie } });
  expect(again.status).toBe(404);
  expect(await again.text()).toContain('fetched already');
  await until(() => readdirSync(folder).length === 0, 'its removal');
});

it('gives it to nobody without the cookie, from another page or under another name, and keeps it for the right one', async () => {
  const address = await offered('mine', 'a.txt');
  expect((await fetch(address)).status).toBe(401);
  expect((await fetch(address, { headers: { cookie, origin: 'http://evil.example' } })).status).toBe(403);
  expect((await fetch(address, { method: 'HEAD', headers: { cookie } })).status).toBe(404);
  expect((await fetch(address, { method: 'POST', headers: { cookie } })).status).toBe(405);
  const guess = `${new URL(host.url).origin}/download/..%2f..%2fetc%2fpasswd`;
  expect((await fetch(guess, { headers: { cookie } })).status).toBe(404);
  expect(await (await fetch(address, { headers: { cookie } })).text()).toBe('mine');
});

it('removes it also when the browser goes away in the middle', async () => {
  const address = await offered(Buffer.alloc(LARGE), 'large.bin');
  await new Promise<void>((resolve) => {
    const request = get(address, { headers: { cookie }, agent: false }, (response) => {
      response.once('data', () => request.destroy());
      response.once('error', () => undefined);
      response.once('close', resolve);
    });
  });
  await until(() => readdirSync(folder).length === 0, 'its removal');
});
