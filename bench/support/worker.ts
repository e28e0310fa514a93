/** A process of the benchmark on a core of its own, which answers calls by figures (see serve.ts). */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Place } from './cores.ts';
import { isAnswer, type Answer, type Figures, type Settings } from './serve.ts';

const workers = new Set<BenchWorker>();

/** For the end of a run, also one that was cut short. */
export async function stopWorkers(): Promise<void> {
  await Promise.all([...workers].map((worker) => worker.stop()));
}

export class BenchWorker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;

  /** @param entry a module that calls `serveCalls` */
  constructor(entry: URL, place: Place, nodeOptions: readonly string[] = []) {
    this.#child = fork(fileURLToPath(entry), [place], { execArgv: [...nodeOptions] });
    this.#child.on('message', (message) => {
      if (isAnswer(message)) this.#settle(message);
    });
    workers.add(this);
    this.#child.once('exit', (code, signal) => {
      workers.delete(this);
      for (const id of [...this.#waiting.keys()]) {
        this.#settle({ id, figures: {}, problem: `the process ended (${signal ?? `exit code ${String(code)}`})` });
      }
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** One call. Rejects with what it threw there. */
  call(name: string, settings: Settings = {}): Promise<Figures> {
    const id = this.#calls;
    this.#calls += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ figures, problem }) => {
        if (problem === null) resolve(figures);
        else reject(new Error(`${name}: ${problem}`));
      });
      this.#child.send({ id, name, settings });
    });
  }

  /** One figure of a call. */
  async figure(name: string, settings: Settings, figure: string): Promise<number> {
    const found = (await this.call(name, settings))[figure];
    if (found === undefined) throw new Error(`${name} gave no ${figure}`);
    return found;
  }

  /** Lets it end by itself, so that a profile that was asked for is written. */
  async stop(): Promise<void> {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #settle(answer: Answer): void {
    const settle = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    settle?.(answer);
  }
}
