/** A command line or a program in a shell, as a person runs what was copied; all that it has started ends with it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** Programs that npm brings are found as well. */
const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);

export class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  /** What it wrote to its output, and to its error stream. */
  wrote = '';
  said = '';

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { detached: true, cwd: root, env: { ...process.env, PATH: path } });
    this.#child.stdout.on('data', (data: Buffer) => (this.wrote += data.toString()));
    this.#child.stderr.on('data', (data: Buffer) => (this.said += data.toString()));
    // It may be gone when its input is closed.
    this.#child.stdin.on('error', () => undefined);
    this.#closed = once(this.#child, 'close');
  }

  async stop(): Promise<void> {
    try {
      process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has gone by itself.
    }
    await this.#closed;
  }
}
