/** `python3` as the other end: peer.py, which does one thing with its sockets at a time, as told. */
import { join } from 'node:path';
import { z } from 'zod';
import { Program } from './program.ts';

const script = join(import.meta.dirname, 'peer.py');

/** A host and a port, or the path of a Unix-domain socket. */
const place = z.union([z.string(), z.tuple([z.string(), z.number()])]);
export type Place = z.infer<typeof place>;

const answers = {
  nothing: z.strictObject({}),
  bound: z.strictObject({ to: place }),
  accepted: z.strictObject({ from: place }),
  connected: z.strictObject({ names: z.array(place) }),
  received: z.strictObject({ data: z.base64() }),
  whole: z.strictObject({ count: z.number(), sha256: z.string() }),
  filled: z.strictObject({ sent: z.number() }),
  exchanged: z.strictObject({ lines: z.array(z.string()) }),
  failed: z.strictObject({ error: z.string(), errno: z.string() }),
};

/** `127.0.0.1:9000`, `[::1]:9000` or a path, as drivers write it. */
export function addressOf(at: Place): string {
  if (typeof at === 'string') return at;
  const [host, port] = at;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function placeOf(address: string): Place {
  if (address.startsWith('/')) return address;
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon).replace(/^\[|\]$/g, ''), Number(address.slice(colon + 1))];
}

export class Python {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(): Promise<Python> {
    return new Python(await Program.start('python3', ['-B', script]));
  }

  /** Takes an address without listening. @returns the address */
  async bind(to: Place): Promise<string> {
    return addressOf((await this.#ask(answers.bound, { do: 'bind', to })).to);
  }

  /** @param receiveBuffer SO_RCVBUF of its connections, bytes. @returns the address */
  async listen(to: Place, receiveBuffer?: number): Promise<string> {
    return addressOf((await this.#ask(answers.bound, { do: 'listen', to, receiveBuffer })).to);
  }

  async unlisten(): Promise<void> {
    await this.#ask(answers.nothing, { do: 'unlisten' });
  }

  /** Waits for a connection. @returns its other end */
  async accept(): Promise<string> {
    return addressOf((await this.#ask(answers.accepted, { do: 'accept' })).from);
  }

  /** @returns this end of every connection so far, as the server sees it */
  async connect(
    address: string,
    more: { readonly count?: number; readonly receiveBuffer?: number } = {},
  ): Promise<readonly string[]> {
    const { names } = await this.#ask(answers.connected, { do: 'connect', to: placeOf(address), ...more });
    return names.map(addressOf);
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.#ask(answers.nothing, { do: 'send', data: Buffer.from(bytes).toString('base64') });
  }

  async receive(count: number): Promise<Buffer> {
    const { data } = await this.#ask(answers.received, { do: 'receive', count });
    return Buffer.from(data, 'base64');
  }

  /** Reads until FIN. */
  receiveEnd(at = 0): Promise<z.infer<typeof answers.whole>> {
    return this.#ask(answers.whole, { do: 'receiveEnd', at });
  }

  /** The same when it fails: the class of the exception and its errno. */
  failToReceive(at = 0): Promise<z.infer<typeof answers.failed>> {
    return this.#ask(answers.failed, { do: 'receiveEnd', at });
  }

  /** Sends zero bytes until the system takes no more. @returns how many it took */
  async fill(most: number): Promise<number> {
    return (await this.#ask(answers.filled, { do: 'fill', most })).sent;
  }

  async zeros(count: number): Promise<void> {
    await this.#ask(answers.nothing, { do: 'zeros', count });
  }

  /** Each connection sends its number as a line and receives one. @returns what each received */
  async exchange(): Promise<readonly string[]> {
    return (await this.#ask(answers.exchanged, { do: 'exchange' })).lines;
  }

  async shutdown(at = 0): Promise<void> {
    await this.#ask(answers.nothing, { do: 'shutdown', at });
  }

  async close(at = 0): Promise<void> {
    await this.#ask(answers.nothing, { do: 'close', at });
  }

  async reset(at = 0): Promise<void> {
    await this.#ask(answers.nothing, { do: 'reset', at });
  }

  /** As FIN: Python's `shutdown`. */
  end(): Promise<void> {
    return this.shutdown();
  }

  async kill(): Promise<void> {
    await this.#program.kill();
  }

  async #ask<T>(answer: z.ZodType<T>, asked: object): Promise<T> {
    await this.#program.send(Buffer.from(`${JSON.stringify(asked)}\n`));
    const line = await this.#program.line();
    const read = answer.safeParse(JSON.parse(line));
    if (read.success) return read.data;
    throw new Error(`python3 answered ${line.slice(0, 300)} to ${JSON.stringify(asked).slice(0, 300)}`);
  }
}
