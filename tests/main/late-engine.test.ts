import { describe, expect, it } from 'vitest';
import { LateEngine, type HostedEngine } from '../../src/main/late-engine.ts';
import { memoryPorts, type Port } from '../../src/rpc/port.ts';

class FakeEngine implements HostedEngine {
  liveSessions = 3;
  readonly served: Port[] = [];
  disposals = 0;

  serve(port: Port): void {
    this.served.push(port);
  }

  dispose(): Promise<void> {
    this.disposals += 1;
    return Promise.resolve();
  }
}

interface Bench {
  readonly late: LateEngine;
  readonly engine: FakeEngine;
  /** How often it was started. */
  readonly starts: () => number;
  readonly succeed: () => void;
  readonly fail: (bug: Error) => void;
}

function bench(): Bench {
  const engine = new FakeEngine();
  let starts = 0;
  let succeed = (): void => undefined;
  let fail = (_bug: Error): void => undefined;
  const started = new Promise<HostedEngine>((resolve, reject) => {
    succeed = () => {
      resolve(engine);
    };
    fail = reject;
  });
  const late = new LateEngine(() => {
    starts += 1;
    return started;
  });
  return { late, engine, starts: () => starts, succeed, fail };
}

describe('an engine that comes late', () => {
  it('is not started before somebody wants it, and then once', () => {
    const { late, starts } = bench();
    expect(starts()).toBe(0);
    late.load();
    late.load();
    late.serve(memoryPorts()[0]);
    expect(starts()).toBe(1);
  });

  it('is started by the first port, and serves all that came before it, in their order', async () => {
    const { late, engine, succeed } = bench();
    const [first, second] = memoryPorts();
    late.serve(first);
    late.serve(second);
    expect([engine.served, late.liveSessions]).toEqual([[], 0]);
    succeed();
    await late.started;
    expect(engine.served).toEqual([first, second]);
    expect(late.liveSessions).toBe(3);
  });

  it('serves at once what comes later', async () => {
    const { late, engine, succeed } = bench();
    late.load();
    succeed();
    await late.started;
    const [port] = memoryPorts();
    late.serve(port);
    expect(engine.served).toEqual([port]);
  });

  it('tells when it cannot be started', async () => {
    const { late, fail } = bench();
    late.load();
    fail(new Error('no such file'));
    await expect(late.started).rejects.toThrow('no such file');
  });

  it('is waited for when it is only just starting and must end', async () => {
    const { late, engine, succeed } = bench();
    late.load();
    const disposed = late.dispose();
    succeed();
    await disposed;
    expect(engine.disposals).toBe(1);
  });

  it('does not start any more once it has ended', async () => {
    const { late, starts } = bench();
    await late.dispose();
    late.serve(memoryPorts()[0]);
    expect(starts()).toBe(0);
  });
});
