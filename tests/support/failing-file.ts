/** Files of which one operation fails, as SQLite tests its I/O: the first ones go through, and what is on the disk by then stays. */
import type { FileHandle } from 'node:fs/promises';

export class FailingSteps {
  readonly #failing: number;
  readonly #code: string;
  #done = 0;

  /**
   * @param failing number of the operation that fails, from 1
   * @param code its errno, by name
   */
  constructor(failing: number, code: string) {
    this.#failing = failing;
    this.#code = code;
  }

  /** How many operations there were. */
  get count(): number {
    return this.#done;
  }

  /** One operation more. @throws when it is the one */
  step(): void {
    this.#done += 1;
    if (this.#done !== this.#failing) return;
    throw Object.assign(new Error(`${this.#code}: made to fail`), { code: this.#code, syscall: 'write' });
  }

  /** The file, each of whose operations is a step. @param half what is in it when `writeFile` fails */
  handle(file: FileHandle, half: string): FileHandle {
    return new Proxy(file, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name === 'close') return (): Promise<void> => target.close();
        return async (...args: unknown[]): Promise<unknown> => {
          if (name === 'writeFile' && this.#done + 1 === this.#failing) await target.write(half);
          this.step();
          const result: unknown = await Reflect.apply(value, target, args);
          return result;
        };
      },
    });
  }
}
