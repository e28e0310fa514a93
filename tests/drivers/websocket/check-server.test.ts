import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { checkServer } from '../../../src/drivers/websocket/check/check-server.ts';
import { checkCases } from '../../../src/drivers/websocket/check/cases.ts';
import { CHECK_CASE_MS } from '../../../src/shared/check-limits.ts';
import type { CheckResult } from '../../../src/shared/checks.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { listening } from '../../support/websocket-server.ts';

class Heard {
  total = 0;
  words = '';
  readonly results: CheckResult[] = [];
  readonly #stopAt: number;
  readonly stop = new AbortController();

  constructor(stopAt = Infinity) {
    this.#stopAt = stopAt;
  }

  began(total: number): void {
    this.total = total;
  }

  about(words: string): void {
    this.words = words;
  }

  result(result: CheckResult): void {
    this.results.push(result);
    if (this.results.length === this.#stopAt) this.stop.abort();
  }
}

describe('checking a server', () => {
  test('finds out whether it echoes, and says of what needs an echo that it was not tried', async () => {
    const { address } = await listening({ behaviour: 'none', deflate: false });
    const heard = new Heard();
    valueOf(await checkServer(`ws://${address}/`, {}, heard, heard.stop.signal));
    expect(heard.total).toBe(checkCases.length);
    expect(heard.words).toBe(
      'It does not echo, so that only what can be seen without it is tried; it does not agree to permessage-deflate.',
    );
    expect(heard.results).toHaveLength(checkCases.length);
    const verdicts = new Set(heard.results.map(({ verdict }) => verdict));
    expect(verdicts).toEqual(new Set(['passed', 'not-tried']));
    const needing = heard.results.find(({ id }) => id === 'framing.text-126');
    expect(needing).toMatchObject({
      verdict: 'not-tried',
      why: 'It needs an echo, and the server does not echo text.',
    });
  }, 60_000);

  test('ends soon after it is stopped, and leaves no connection', async () => {
    const { address, driver } = await listening({ behaviour: 'echo' });
    const heard = new Heard(20);
    valueOf(await checkServer(`ws://${address}/`, {}, heard, heard.stop.signal));
    expect(heard.results.length).toBe(20);
    await driver.close();
  });

  test('says why there is no connection', async () => {
    const heard = new Heard();
    expect(errorOf(await checkServer('http://127.0.0.1/', {}, heard, heard.stop.signal)).code).toBe('bad-address');
    const refused = await checkServer('ws://127.0.0.1:1/', {}, heard, heard.stop.signal);
    expect(errorOf(refused).code).toBe('connection-refused');
    expect(heard.results).toEqual([]);
  });

  test('gives a server up that does not answer, and leaves no connection', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const accepted = once(server, 'connection');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const heard = new Heard();
      const checking = checkServer(`ws://127.0.0.1:${port}/`, {}, heard, heard.stop.signal);
      const [socket]: unknown[] = await accepted;
      if (!(socket instanceof Socket)) throw new Error('no socket');
      // The handshake has come, and nobody answers it.
      await once(socket, 'data');
      const closed = once(
        socket.on('error', () => undefined),
        'close',
      );
      await vi.advanceTimersByTimeAsync(CHECK_CASE_MS);
      expect(errorOf(await checking)).toMatchObject({
        code: 'connection-timed-out',
        message: `127.0.0.1:${port} did not answer within 15 s.`,
      });
      await closed;
    } finally {
      vi.useRealTimers();
      server.close();
    }
  });
});
