/** Whether what a window asks for makes sense; null when it does. */
import type { PeerId } from '../drivers/driver.ts';
import type { Spec } from '../drivers/spec.ts';
import { failure } from '../shared/errors.ts';
import { noConnection } from '../shared/refusals.ts';
import type { PeerTable } from './peers.ts';

type Problem = ReturnType<typeof failure>;

/** Error: `bad-request`. @param onPeer the action is meant for one connection */
export function actionProblem(spec: Spec, id: string, onPeer: boolean): Problem | null {
  const action = spec.actions.find((candidate) => candidate.id === id);
  if (action === undefined) {
    const names = spec.actions.map((known) => known.id).join(', ');
    return failure('bad-request', `${spec.title} has no action "${id}".`, `It has: ${names}.`);
  }
  return onPeer && action.on !== 'peer'
    ? failure('bad-request', `${action.label} is for the whole session, not for one connection.`, 'Name no connection.')
    : null;
}

/** Error: `bad-request`. @param kind of a message to send; nothing: the driver's usual one */
export function kindProblem(spec: Spec, kind: string | undefined): Problem | null {
  if (kind === undefined || spec.messageKinds.includes(kind)) return null;
  return failure('bad-request', `${spec.title} sends no "${kind}".`, `It sends: ${spec.messageKinds.join(', ')}.`);
}

/** Errors: `not-found`, and `not-open` when the connection has ended. */
export function peerProblem(peers: PeerTable, id: PeerId): Problem | null {
  const peer = peers.get(id);
  if (peer === undefined) return noConnection(id);
  return peer.isOver
    ? failure('not-open', `The connection ${peer.remote} has ended.`, 'Choose one that is open.')
    : null;
}
