/** Takes in all messages of a WebSocket server: into a session's recording, or as a bare `ws` client that counts. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { numberOf, serveCalls, type Settings } from '../support/serve.ts';
import { openSession } from '../support/session.ts';

function check(got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${got} of ${wanted} messages came`);
}

function urlOf(settings: Settings): string {
  return `ws://127.0.0.1:${numberOf(settings, 'port')}/`;
}

function isCompressed(settings: Settings): boolean {
  return numberOf(settings, 'compressed') === 1;
}

serveCalls({
  /** Until the system has every record. */
  async recorded(settings) {
    const messages = numberOf(settings, 'messages');
    const started = performance.now();
    const options = { deflate: isCompressed(settings) };
    const { session, recording, next, dispose } = await openSession('websocket-client', urlOf(settings), options);
    if (!session.isOver) await next('socketClose', 'none');
    await recording.flush();
    const seconds = (performance.now() - started) / 1000;
    check(session.status([]).counters.messagesIn, messages);
    check(recording.totals.lostRecords, 0);
    await dispose();
    return { rate: messages / seconds };
  },

  async bare(settings) {
    const messages = numberOf(settings, 'messages');
    const started = performance.now();
    const socket = new WebSocket(urlOf(settings), { perMessageDeflate: isCompressed(settings) });
    let count = 0;
    socket.on('message', () => {
      count += 1;
    });
    await once(socket, 'close');
    const seconds = (performance.now() - started) / 1000;
    check(count, messages);
    return { rate: messages / seconds };
  },
});
