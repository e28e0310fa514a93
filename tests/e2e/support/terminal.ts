/** The Terminal view as a person reads it: by its rows, which are text only where xterm draws by elements. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Bench } from './bench.ts';
import { Shell } from './shell.ts';

export class TerminalBench {
  readonly #bench: Bench;
  readonly #page: Page;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#page = bench.page;
  }

  get region(): Locator {
    return this.#page.getByRole('region', { name: 'Terminal' });
  }

  /** Shows the terminal of the tab in front, drawn by elements also where there is a graphics processor. */
  async show(): Promise<void> {
    await this.#page.evaluate(() => {
      const { prototype } = HTMLCanvasElement;
      const getContext: unknown = Reflect.get(prototype, 'getContext');
      if (typeof getContext !== 'function') return;
      Reflect.set(
        prototype,
        'getContext',
        function (this: HTMLCanvasElement, type: string, ...rest: unknown[]): unknown {
          const context: unknown = type === 'webgl2' ? null : Reflect.apply(getContext, this, [type, ...rest]);
          return context;
        },
      );
    });
    await this.#bench.section('Terminal').click();
    await expect(this.region).toBeVisible();
  }

  /** The rows on the screen, without the blanks at their ends. */
  rows(): Promise<string[]> {
    return this.#page
      .locator('.xterm-rows > div')
      .evaluateAll((rows) => rows.map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd()));
  }

  async text(): Promise<string> {
    return (await this.rows()).join('\n');
  }

  /** Waits until the screen shows it. */
  async shows(text: string | RegExp, timeout = 15_000): Promise<void> {
    const shown = expect.poll(() => this.text(), { timeout });
    await (typeof text === 'string' ? shown.toContain(text) : shown.toMatch(text));
  }

  /** Types into the terminal, key by key. */
  async type(text: string): Promise<void> {
    await this.focus();
    await this.#page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  focus(): Promise<void> {
    return this.#page.getByRole('textbox', { name: 'Terminal input' }).focus();
  }

  async choose(radio: 'By line' | 'By key' | 'At once' | '10×' | 'As it was'): Promise<void> {
    await this.region.getByRole('radio', { name: radio }).click();
  }

  /** As ⌘/Ctrl+V does, with this on the clipboard. */
  async paste(text: string): Promise<void> {
    await this.#page.getByRole('textbox', { name: 'Terminal input' }).evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }
}

/** A shell on a pseudo-terminal behind a port, as socat offers it. @returns its port */
export async function withShell(run: (port: number) => Promise<void>): Promise<void> {
  const prompt = String.raw`PS1=\[\e[32m\]wire\[\e[0m\]> `;
  const listen = 'TCP-LISTEN:0,bind=127.0.0.1,reuseaddr,fork';
  const exec = "EXEC:'bash --norc --noprofile -i',pty,stderr,setsid,sigint,sane";
  const shell = new Shell('env', ['TERM=xterm-256color', prompt, 'socat', '-d', '-d', listen, exec]);
  try {
    const port = (): string | undefined => /listening on .*:(\d+)/.exec(shell.said)?.[1];
    await expect.poll(port).toBeDefined();
    await run(Number(port()));
  } finally {
    await shell.stop();
  }
}

/** A server of the test's own: what `serve` does with each connection. */
export async function withServer(serve: (socket: Socket) => void, run: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The workbench may break the connection off when the test ends.
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    if (address === null || typeof address === 'string') throw new Error('no port');
    await run(address.port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}
