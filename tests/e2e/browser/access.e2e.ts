/**
 * Who gets into the browser host and who does not: the built host as its own
 * process, asked by hand and by a real browser. And that the window keeps to
 * its content security policy, whatever is opened and dragged in it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Locator, Page } from '@playwright/test';
import { WebSocket, type ClientOptions } from 'ws';
import { contentSecurityPolicy } from '../../../src/shared/web-content.ts';
import { expect, test as base } from '../support/test.ts';

const program = join(import.meta.dirname, '../../../out/main/web-host.cjs');

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A running host, as somebody at a terminal sees it. */
class Gate {
  /** The link that it printed. */
  readonly link: URL;

  constructor(link: URL) {
    this.link = link;
  }

  get authority(): string {
    return this.link.host;
  }

  get origin(): string {
    return this.link.origin;
  }

  ask(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const to = { host: this.link.hostname, port: this.link.port, path, headers, method, agent: false };
      const request = httpRequest(to, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      request.on('error', reject);
      request.end();
    });
  }

  /** Redeems the link. @returns the cookie, as it is sent back */
  async enter(): Promise<string> {
    const { status, headers } = await this.ask(`/${this.link.search}`);
    expect(status).toBe(200);
    const [cookie] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    return cookie?.split(';')[0] ?? '';
  }

  /** Asks for the window's port. @returns 101 when it was opened, else the status of the refusal */
  async upgrade(options: ClientOptions, path = '/rpc'): Promise<number> {
    const socket = new WebSocket(`ws://${this.authority}${path}`, options);
    const status = await new Promise<number>((resolve, reject) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      socket.once('error', reject);
    });
    if (status === 101) {
      socket.close();
      await once(socket, 'close');
    }
    return status;
  }
}

const test = base.extend<{ readonly gate: Gate }>({
  gate: async ({}, use) => {
    const data = await mkdtemp(join(tmpdir(), 'wirebench-gate-'));
    const child = spawn(process.execPath, [program, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as unknown[];
    const link = /http:\/\/\S+/.exec(String(line))?.[0];
    if (link === undefined) throw new Error(`the host did not print its link but ${String(line)}`);
    await use(new Gate(new URL(link)));
    child.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  },
});

test('the link works once; used again, it is refused in plain words', async ({ gate, browser }) => {
  const first = await browser.newPage();
  await first.goto(gate.link.href);
  await expect(first.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  // The token does not stay in the address bar, from where it could be copied.
  expect(first.url()).toBe(`${gate.origin}/`);

  const context = await browser.newContext();
  const second = await context.newPage();
  const answer = await second.goto(gate.link.href);
  expect(answer?.status()).toBe(403);
  await expect(second.locator('body')).toHaveText(
    'This link was used already. Stop Wirebench and start it again to get a new one.',
  );
  expect(await context.cookies()).toEqual([]);
  const plain = await second.goto(gate.origin);
  expect(plain?.status()).toBe(401);
  await expect(second.locator('body')).toHaveText('Open the link that Wirebench printed when it started.');

  // Who is in already may open the link again, and reload.
  await first.goto(gate.link.href);
  await expect(first.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await first.reload();
  await expect(first.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await context.close();
  await first.close();
});

test('a request is refused without cookie, with a wrong token, a wrong Host, a wrong Origin', async ({ gate }) => {
  const cookie = await gate.enter();
  const known = { Cookie: cookie };
  expect((await gate.ask('/', known)).status).toBe(200);
  const refusals: readonly (readonly [what: string, status: number, path: string, headers: OutgoingHttpHeaders])[] = [
    ['no cookie', 401, '/', {}],
    ['a wrong cookie', 401, '/', { Cookie: `${cookie.split('=')[0] ?? ''}=guess` }],
    ['a wrong token', 403, '/?token=guess', {}],
    ['the used token', 403, `/${gate.link.search}`, {}],
    ['another host', 421, '/', { ...known, Host: 'wirebench.example' }],
    ['localhost', 421, '/', { ...known, Host: `localhost:${gate.link.port}` }],
    ['another port', 421, '/', { ...known, Host: '127.0.0.1:1' }],
    ['another origin', 403, '/', { ...known, Origin: 'http://wirebench.example' }],
    ['another port of this machine', 403, '/', { ...known, Origin: 'http://127.0.0.1:1' }],
    ['an opaque origin', 403, '/', { ...known, Origin: 'null' }],
    ['a path out of the folder', 404, '/%2e%2e/main/web-host.cjs', known],
    ['a file that is not there', 404, '/assets/nothing.js', known],
  ];
  for (const [what, status, path, headers] of refusals) {
    const answer = await gate.ask(path, headers);
    expect(answer.status, what).toBe(status);
    expect(answer.headers['set-cookie'], what).toBeUndefined();
    expect(answer.headers['access-control-allow-origin'], what).toBeUndefined();
    // A sentence for a person, no markup and no stack.
    expect(answer.headers['content-type'], what).toBe('text/plain; charset=utf-8');
    expect(answer.body, what).toMatch(/^[A-Z][^<>]*\.\n$/);
  }
  expect((await gate.ask('/', known, 'POST')).status).toBe(405);
});

test('the window’s port is opened only with cookie, right Host and right Origin', async ({ gate }) => {
  const headers = { Cookie: await gate.enter() };
  const { origin } = gate;
  expect(await gate.upgrade({ origin, headers })).toBe(101);
  expect(await gate.upgrade({ origin }), 'no cookie').toBe(401);
  expect(await gate.upgrade({ origin, headers: { Cookie: 'wirebench=guess' } }), 'a wrong cookie').toBe(401);
  expect(await gate.upgrade({ headers }), 'no origin').toBe(403);
  expect(await gate.upgrade({ origin: 'http://wirebench.example', headers }), 'another origin').toBe(403);
  expect(await gate.upgrade({ origin: 'http://127.0.0.1:1', headers }), 'another port').toBe(403);
  expect(await gate.upgrade({ origin: origin.replace('http', 'https'), headers }), 'another scheme').toBe(403);
  const host = `localhost:${gate.link.port}`;
  expect(await gate.upgrade({ origin, headers: { ...headers, Host: host } }), 'another host').toBe(421);
  expect(await gate.upgrade({ origin: `http://${host}`, headers: { ...headers, Host: host } }), 'rebinding').toBe(421);
  expect(await gate.upgrade({ origin, headers }, '/other'), 'another path').toBe(404);
});

test('a page of another program in the same browser reaches nothing', async ({ gate, browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(gate.link.href);
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();

  // The same site in the sense of cookies, so that SameSite=Strict alone would let it through.
  const stranger = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>stranger</title>');
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const bound = stranger.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${port}/`);
  const reached = await other.evaluate(async (authority) => {
    const socket = new WebSocket(`ws://${authority}/rpc`);
    const opened = await new Promise<boolean>((resolve) => {
      socket.onopen = () => {
        resolve(true);
      };
      socket.onerror = () => {
        resolve(false);
      };
    });
    const fetched = async (init: RequestInit): Promise<boolean> => {
      try {
        await fetch(`http://${authority}/`, { credentials: 'include', ...init });
        return true;
      } catch {
        return false;
      }
    };
    return {
      opened,
      read: await fetched({}),
      sent: await fetched({ mode: 'no-cors' }),
      posted: await fetched({ method: 'POST' }),
    };
  }, gate.authority);
  expect(reached).toEqual({ opened: false, read: false, sent: false, posted: false });

  // Nor can it put the window into a frame of its own.
  await other.evaluate((authority) => {
    const frame = document.createElement('iframe');
    frame.src = `http://${authority}/`;
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = resolve));
  }, gate.authority);
  expect(other.frames()[1]?.url()).not.toContain(gate.authority);
  await context.close();
  stranger.close();
  stranger.closeAllConnections();
  await once(stranger, 'close');
});

/** Takes the line by the hand and moves it. @returns how far its value went */
async function drag(page: Page, line: Locator, by: { readonly x: number; readonly y: number }): Promise<number> {
  const value = async (): Promise<number> => Number(await line.getAttribute('aria-valuenow'));
  const before = await value();
  const box = await line.boundingBox();
  if (box === null) throw new Error('the line has no place');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x, y + by.y, { steps: 5 });
  await page.mouse.up();
  return (await value()) - before;
}

test('menus, lists, panes and dialogs keep to the content security policy', async ({ bench, host }) => {
  const { page } = bench;
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  const answer = await page.reload();
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toBe(contentSecurityPolicy(["'self'", `ws://${new URL(page.url()).host}`]));
  expect(policy).not.toContain('unsafe');
  await page.evaluate(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      throw new Error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });

  await page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  for (const format of ['Hex', 'Base64', 'JSON', 'File', 'Text']) await bench.choose('Format', format);
  await page.getByRole('combobox', { name: 'Line ending' }).click();
  await page.getByRole('option', { name: 'CR LF' }).click();
  for (const menu of ['More ways to close', 'More ways to send', 'New session']) {
    await bench.button(menu).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
  }
  await bench.row('in', 'data', 'hello world').click();
  for (const tab of ['JSON', 'Hex', 'Text']) await bench.detail.getByRole('tab', { name: tab }).click();
  expect(
    await drag(page, page.getByRole('separator', { name: 'Width of the composer' }), { x: 90, y: 0 }),
  ).toBeGreaterThan(2);
  const messages = page.getByRole('separator', { name: 'Height of the message list' });
  expect(await drag(page, messages, { x: 0, y: -80 })).toBeGreaterThan(2);
  await bench.section('Options').click();
  await bench.section('Socket').click();

  await bench.tab('Echo server').click();
  expect(
    await drag(page, page.getByRole('separator', { name: 'Height of the connections' }), { x: 0, y: 60 }),
  ).toBeGreaterThan(2);
  await bench.connections.getByRole('button', { name: /^More for / }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  for (const theme of ['dark', 'light']) await page.getByRole('radio', { name: `Theme: ${theme}` }).click();
  await page.keyboard.press('ControlOrMeta+/');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Close Echo client' }).click();
  await bench.button('Undo').click();
  expect(host.complaints).toEqual([]);
});

test('the policy that the window runs under does forbid what it says', async ({ gate, browser }) => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(gate.link.href);
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  expect(complaints).toEqual([]);
  await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<p style="color: red"></p>');
    await fetch('http://127.0.0.1:1/').catch(() => undefined);
  });
  for (const directive of ['script-src', 'style-src', 'connect-src']) {
    await expect
      .poll(() => complaints.some((text) => text.includes('directive') && text.includes(directive)))
      .toBe(true);
  }
  expect(await page.title()).toBe('Wirebench');
  await page.close();
});
