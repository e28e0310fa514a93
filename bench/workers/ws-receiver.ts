/** Takes in all messages of a WebSocket server: into a session's recording, or as a bare `ws` client that counts. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { openModule } from '../support/session.ts';
import { numberOf, serveCalls } from '../support/serve.ts';
import { webSocketModule } from '../support/ws-driver.ts';

function check(got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${got} of ${wanted} messages came`);
}

serveCalls({
  /** Until the system has every record. */
  async recorded(settings) {
    const messages = numberOf(settings, 'messages');
    const started = performance.now();
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const { session, recording, dispose } = await openModule(
      webSocketModule(ended),
      `ws://127.0.0.1:${numberOf(settings, 'port')}/`,
    );
    await end;
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
    const socket = new WebSocket(`ws://127.0.0.1:${numberOf(settings, 'port')}/`, { perMessageDeflate: false });
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
