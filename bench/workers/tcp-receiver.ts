/** A session that records what one connection sends. */
import { openSession, type HeardSession } from '../support/session.ts';
import { numberOf, serveCalls } from '../support/serve.ts';

let open: HeardSession | null = null;

function opened(): HeardSession {
  if (open === null) throw new Error('nothing is open');
  return open;
}

serveCalls({
  async listen() {
    open = await openSession('tcp-server', '127.0.0.1:0');
    return { port: Number(open.session.status([]).local?.split(':')[1]) };
  },

  async connect(settings) {
    open = await openSession('tcp-client', `127.0.0.1:${numberOf(settings, 'port')}`);
    return {};
  },

  /** Until the connection has ended and the system has every record. */
  async received(settings) {
    const { session, recording, next } = opened();
    if (session.status([]).counters.bytesIn < numberOf(settings, 'bytes')) await next('end', 'in');
    await recording.flush();
    return { bytes: session.status([]).counters.bytesIn, lost: recording.totals.lostRecords };
  },

  async close() {
    await open?.dispose();
    open = null;
    return {};
  },
});
