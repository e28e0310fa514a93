/** Making, opening, using and ending sessions. */
import { success } from '../../shared/errors.ts';
import { nothing, type HandlerContext, type Some } from './context.ts';

type Methods =
  | 'session.create'
  | 'session.list'
  | 'session.remove'
  | 'session.open'
  | 'session.close'
  | 'session.act'
  | 'session.send'
  | 'session.cancelSend'
  | 'session.setReading'
  | 'session.watch'
  | 'peers'
  | 'peers.find'
  | 'peers.names';

export function sessionHandlers({ sessions, watches, within }: HandlerContext): Some<Methods> {
  return {
    'session.create': async ({ config, preset }) => {
      const session = await sessions.create(config, preset);
      return session.ok ? success({ session: session.value.id }) : session;
    },
    'session.list': () => success({ sessions: sessions.all().map((session) => watches.status(session)) }),
    'session.remove': ({ session: id }) =>
      within(id, async (session) => {
        await sessions.remove(session);
        return success({});
      }),
    'session.open': ({ session: id, config }) =>
      within(id, async (session) => {
        const opened = await session.open(config);
        return opened.ok ? success({ status: watches.status(session) }) : opened;
      }),
    'session.close': ({ session: id }) => within(id, async (session) => nothing(await session.close())),
    'session.act': ({ session: id, action, peer, values }) =>
      within(id, async (session) => nothing(await session.act(action, peer, values))),
    'session.send': ({ session: id, peer, source, then, kind }) =>
      within(id, (session) => session.send(peer, source, then, kind)),
    'session.cancelSend': ({ session: id }) =>
      within(id, (session) => {
        session.cancelSend();
        return success({});
      }),
    'session.setReading': ({ session: id, peer, reading }) =>
      within(id, (session) => nothing(session.setReading(peer, reading))),
    'session.watch': ({ session: id, on, pace }) =>
      within(id, (session) => {
        watches.watch(session, on ? (pace ?? 'live') : null);
        return success({});
      }),
    peers: ({ session: id, from, count }) => within(id, (session) => success(session.peers(from, count))),
    'peers.find': ({ session: id, query }) => within(id, (session) => success(session.findPeers(query))),
    'peers.names': ({ session: id, peers }) =>
      within(id, (session) => success({ names: peers.map((peer) => session.peerName(peer)) })),
  };
}
