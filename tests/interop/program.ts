/** Programs that we did not write, as a person would start them in a shell: `socat`, `nc`, `ncat`. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { Watch } from '../support/watch.ts';

/** The Debian package that brings a program. */
const packages: ReadonlyMap<string, string> = new Map([
  ['socat', 'socat'],
  ['nc', 'netcat-openbsd'],
  ['ncat', 'ncat'],
  ['python3', 'python3'],
  ['inetutils-telnet', 'inetutils-telnet'],
  ['busybox', 'busybox'],
  ['unbound', 'unbound'],
  ['kdig', 'knot-dnsutils'],
]);

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export class Program {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  readonly #watch = new Watch();
  readonly #output: Buffer[] = [];
  readonly #closed: Promise<Exit>;
  #outputLength = 0;
  /** How much of the output `receive` has handed out. */
  #taken = 0;
  #hasEnded = false;
  /** What it wrote to its error stream. */
  said = '';

  private constructor(name: string, child: ChildProcessWithoutNullStreams) {
    this.#name = name;
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#output.push(chunk);
      this.#outputLength += chunk.length;
      this.#watch.touch();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.said += chunk.toString();
      this.#watch.touch();
    });
    // Writing to a program that has gone is no failure of the test by itself.
    child.stdin.on('error', () => undefined);
    this.#closed = once(child, 'close').then(() => {
      this.#hasEnded = true;
      this.#watch.touch();
      return { code: child.exitCode, signal: child.signalCode };
    });
  }

  /** @throws naming the Debian package when the program is not there */
  static async start(name: string, args: readonly string[]): Promise<Program> {
    const child = spawn(name, args);
    try {
      await once(child, 'spawn');
    } catch (problem) {
      const what = `${name} is not installed: it is in the Debian package ${packages.get(name) ?? name}.`;
      throw new Error(what, { cause: problem });
    }
    return new Program(name, child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything that it wrote to its output so far. */
  get wrote(): string {
    return Buffer.concat(this.#output).toString();
  }

  /** Waits until its error stream has text like this. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    await this.#until(() => pattern.test(this.said), `say ${String(pattern)}`);
    const found = pattern.exec(this.said);
    if (found === null) throw new Error('what was said does not change');
    return found;
  }

  /** The next `count` bytes of its output. */
  async receive(count: number): Promise<Buffer> {
    const end = this.#taken + count;
    await this.#until(() => this.#outputLength >= end, `write ${count} bytes`);
    const bytes = Buffer.concat(this.#output).subarray(this.#taken, end);
    this.#taken = end;
    return bytes;
  }

  /** The next line of its output, without its end. */
  async line(): Promise<string> {
    const at = (): number => Buffer.concat(this.#output).indexOf('\n', this.#taken);
    await this.#until(() => at() >= 0, 'write a line');
    const line = await this.receive(at() - this.#taken + 1);
    return line.toString().trimEnd();
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.stdin.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Ends its input; the network programs answer with FIN. */
  end(): Promise<void> {
    this.#child.stdin.end();
    return Promise.resolve();
  }

  /** Waits until it has gone by itself. */
  exited(): Promise<Exit> {
    return this.#closed;
  }

  /** Ends it at once, as `kill -9` does. */
  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill('SIGKILL');
    await this.#closed;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    await this.#watch.until(() => condition() || this.#hasEnded, `${this.#name} to ${what}; it said: ${this.said}`);
    if (!condition()) throw new Error(`${this.#name} has ended and did not ${what}; it said: ${this.said}`);
  }
}
