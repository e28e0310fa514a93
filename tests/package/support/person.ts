/** An ordinary user of this system, for as long as a test needs one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { succeed } from './run.ts';

/** Longest wait for a line of the application, ms. */
const LINE_MS = 60_000;

export class Person {
  readonly name: string;
  readonly home: string;

  private constructor(name: string) {
    this.name = name;
    this.home = `/home/${name}`;
  }

  static async make(): Promise<Person> {
    const person = new Person(`person-${randomBytes(4).toString('hex')}`);
    await succeed('useradd', ['--create-home', '--shell', '/bin/sh', person.name]);
    return person;
  }

  async remove(): Promise<void> {
    await succeed('userdel', ['--remove', '--force', this.name]);
  }

  /** @param path in their home @returns its whole path */
  async write(path: string, content: string | Uint8Array): Promise<string> {
    const whole = join(this.home, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content);
    await succeed('chown', ['-R', `${this.name}:`, this.home]);
    return whole;
  }

  /** Starts a program as they would from a terminal: nothing of this process's environment but the screen. */
  spawn(command: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Started {
    const env = { DISPLAY: process.env.DISPLAY ?? '', HOME: this.home, PATH: '/usr/local/bin:/usr/bin:/bin', ...more };
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const child = spawn('setpriv', [
      ...[`--reuid=${this.name}`, `--regid=${this.name}`, '--init-groups'],
      ...['env', '-i', `--chdir=${this.home}`, ...words, command, ...args],
    ]);
    return new Started(child);
  }
}

/** A program of that user, and what it says. */
export class Started {
  readonly #child: ChildProcess;
  readonly #news = new EventEmitter();
  #said = '';
  readonly #ended: Promise<number>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1));
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
        this.#news.emit('said');
      });
  }

  get said(): string {
    return this.#said;
  }

  /** @returns its exit code */
  get ended(): Promise<number> {
    return this.#ended;
  }

  /** Waits until it has said this. @returns what was found */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    const limit = AbortSignal.timeout(LINE_MS);
    const over = Promise.race([this.#ended, once(limit, 'abort')]).then(() => 'over');
    let found = pattern.exec(this.#said);
    for (let last: unknown; found === null && last !== 'over'; found = pattern.exec(this.#said))
      last = await Promise.race([over, once(this.#news, 'said')]);
    if (found === null) throw new Error(`It never said ${String(pattern)}, but:\n${this.#said}`);
    return found;
  }

  /** Asks it to end, as a session of the desktop does when it is over. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
  }
}

export interface Opened {
  readonly started: Started;
  readonly browser: Browser;
  readonly page: Page;
}

/** Starts the installed command with a port for a debugger of pages, and takes hold of its window. */
export async function open(person: Person, args: readonly string[] = []): Promise<Opened> {
  const started = person.spawn('/usr/bin/wirebench', ['--remote-debugging-port=0', ...args]);
  try {
    return { started, ...(await attach(started)) };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function attach(started: Started): Promise<{ browser: Browser; page: Page }> {
  const [, address = ''] = await started.line(/DevTools listening on (ws:\S+)/);
  await started.line(/wirebench: window ready/);
  // Its defaults want more of a browser than Electron is.
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  const page = browser.contexts().flatMap((context) => context.pages())[0];
  if (page === undefined) throw new Error('The application has no page.');
  return { browser, page };
}
