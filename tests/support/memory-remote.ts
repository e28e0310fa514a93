/** The memory driver's other half, through a context of its own, as the other end of a connection. */
import type { Driver, PeerId } from '../../src/drivers/driver.ts';
import { memoryClient } from '../../src/drivers/memory/client.ts';
import { memoryServer } from '../../src/drivers/memory/server.ts';
import type { Remote } from '../conformance/fixture.ts';
import { FakeContext } from './fake-context.ts';
import { valueOf } from './outcome.ts';

export class MemoryRemote implements Remote {
  readonly name: string;
  readonly #driver: Driver;
  readonly #context: FakeContext;
  readonly #peer: PeerId;

  constructor(driver: Driver, context: FakeContext, peer: PeerId, name: string) {
    this.#driver = driver;
    this.#context = context;
    this.#peer = peer;
    this.name = name;
  }

  get received(): Buffer {
    return this.#context.bytes('in', this.#peer);
  }

  get receivedLength(): number {
    return this.#context.byteCount('in', this.#peer);
  }

  get hasEnded(): boolean {
    return this.#context.of('end', 'in', this.#peer).length > 0;
  }

  get errno(): string | null {
    const code = this.#context.of('error', 'none', this.#peer)[0]?.meta.code;
    return typeof code === 'string' ? code : null;
  }

  get isClosed(): boolean {
    return this.#context.of('close', 'none', this.#peer).length > 0;
  }

  async write(bytes: Uint8Array): Promise<void> {
    valueOf(await this.#driver.send(this.#peer, bytes));
  }

  end(): void {
    void this.#driver.act('end', this.#peer);
  }

  reset(): void {
    void this.#driver.act('resetAndDestroy', this.#peer);
  }

  destroy(): void {
    void this.#driver.act('destroy', this.#peer);
  }

  pause(): void {
    this.#driver.pauseReading(this.#peer);
  }

  resume(): void {
    this.#driver.resumeReading(this.#peer);
  }

  until(condition: () => boolean, what: string): Promise<void> {
    return this.#context.until(condition, what);
  }
}

export async function dialMemory(name: string): Promise<MemoryRemote> {
  const context = new FakeContext(memoryClient.spec, name);
  const driver = valueOf(memoryClient.create(context, { allowHalfOpen: true }));
  valueOf(await driver.open(new AbortController().signal));
  return new MemoryRemote(driver, context, 1, context.peer(1).local);
}

export class MemoryOutside {
  readonly address: string;
  readonly #driver: Driver;
  readonly #context: FakeContext;
  #handedOut = 0;

  private constructor(driver: Driver, context: FakeContext) {
    this.address = context.address;
    this.#driver = driver;
    this.#context = context;
  }

  static async listen(name: string, unresponsive = false): Promise<MemoryOutside> {
    const context = new FakeContext(memoryServer.spec, name);
    const driver = valueOf(memoryServer.create(context, { allowHalfOpen: true, unresponsive }));
    valueOf(await driver.open(new AbortController().signal));
    return new MemoryOutside(driver, context);
  }

  async next(): Promise<MemoryRemote> {
    this.#handedOut += 1;
    const peer = this.#handedOut;
    await this.#context.until(() => this.#context.peers.length >= peer, 'a connection to the outside server');
    return new MemoryRemote(this.#driver, this.#context, peer, this.#context.peer(peer).remote);
  }

  close(): Promise<void> {
    // The second call does not wait.
    void this.#driver.close();
    return this.#driver.close();
  }
}
