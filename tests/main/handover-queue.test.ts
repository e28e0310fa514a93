import { describe, expect, it } from 'vitest';
import { HandoverQueue } from '../../src/main/handover-queue.ts';
import { HANDOVERS_KEPT } from '../../src/shared/app-limits.ts';
import { engineBench } from '../support/engine-bench.ts';
import { turn, valueOf } from '../support/outcome.ts';

const link = { type: 'link', text: 'wirebench://open?' } as const;
const recording = { type: 'recording', path: '/a.wbr' } as const;

describe('what waits for the window', () => {
  it('is given once, in its order, and told of when it comes', () => {
    const taken: unknown[] = [];
    const queue = new HandoverQueue((handover) => taken.push(handover));
    let told = 0;
    queue.onWaiting.add(() => (told += 1));
    queue.put([]);
    queue.put([link, recording]);
    queue.put([link]);
    expect(told).toBe(2);
    expect(queue.take()).toEqual({ handovers: [link, recording, link], dropped: 0 });
    expect(queue.take()).toEqual({ handovers: [], dropped: 0 });
    expect(taken).toEqual([link, recording, link]);
  });

  it('is bounded, and what had no room is counted', () => {
    const queue = new HandoverQueue();
    queue.put(Array.from({ length: HANDOVERS_KEPT + 3 }, () => link));
    queue.put([recording]);
    const { handovers, dropped } = queue.take();
    expect(handovers).toHaveLength(HANDOVERS_KEPT);
    expect(dropped).toBe(4);
    expect(queue.take().dropped).toBe(0);
  });

  it('reaches a window through its calls, also what came before the window', async () => {
    const handovers = new HandoverQueue();
    handovers.put([recording]);
    const listeners = new Set<(command: 'new' | 'save') => void>();
    const bench = engineBench({
      desktop: {
        handovers,
        openAddress: (address) => Promise.resolve(address.startsWith('https:') ? true : null),
        onCommand: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
    });
    const client = bench.connect();
    const events: unknown[] = [];
    client.on('app.handover', () => events.push('handover'));
    client.on('app.command', ({ command }) => events.push(command));
    expect(valueOf(await client.call('app.takeHandover', {})).handovers).toEqual([recording]);
    handovers.put([link]);
    for (const tell of listeners) tell('save');
    await turn();
    expect(events).toEqual(['handover', 'save']);
    expect(valueOf(await client.call('app.takeHandover', {})).handovers).toEqual([link]);
    expect(valueOf(await client.call('app.openAddress', { address: 'https://a.test/' }))).toEqual({ opened: true });
    expect(await client.call('app.openAddress', { address: 'file:///a' })).toMatchObject({
      error: { code: 'bad-address' },
    });
    await bench.dispose();
    expect(handovers.onWaiting.size + listeners.size).toBe(0);
  });

  it('is nothing where the window stands alone', async () => {
    const bench = engineBench();
    const client = bench.connect();
    expect(valueOf(await client.call('app.takeHandover', {}))).toEqual({ handovers: [], dropped: 0 });
    expect(await client.call('app.openAddress', { address: 'https://a.test/' })).toMatchObject({
      error: { code: 'not-supported' },
    });
    await bench.dispose();
  });
});
