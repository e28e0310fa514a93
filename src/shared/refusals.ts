/** Answers to what cannot be done, in the same words for every protocol. */
import { failure } from './errors.ts';

type Refusal = ReturnType<typeof failure>;

/** What a spec says of its actions. */
interface Actions {
  readonly title: string;
  readonly actions: readonly { readonly id: string }[];
}

export function hasAction(spec: Actions, action: string): boolean {
  return spec.actions.some(({ id }) => id === action);
}

/** `not-supported` */
export function noAction(spec: Actions, action: string): Refusal {
  const names = spec.actions.map(({ id }) => id).join(', ');
  return failure('not-supported', `${spec.title} has no action "${action}".`, `It has: ${names}.`);
}

/** `not-found` */
export function noConnection(peer: number): Refusal {
  return failure('not-found', `There is no connection ${peer}.`, 'Choose one of those in the list.');
}

/** `not-open` */
export function connectionEnded(peer: number): Refusal {
  return failure('not-open', `Connection ${peer} has ended.`, 'Choose one that is open.');
}

/** `not-open`. @param by what ended this side when the peer ended: `allowHalfOpen`, or the name of a behaviour */
export function endedWithPeer(remote: string, by: string): Refusal {
  const what = `Nothing more can be sent to ${remote}: the peer has ended (FIN), and`;
  const errno = 'ERR_STREAM_WRITE_AFTER_END';
  return by === 'allowHalfOpen'
    ? failure(
        'not-open',
        `${what} with allowHalfOpen off this side ends too (${errno}).`,
        'Turn allowHalfOpen on before the next connection to go on sending after the peer has ended.',
        { errno },
      )
    : failure(
        'not-open',
        `${what} ${by} ended this side too (${errno}).`,
        'Listen with behaviour none to say yourself when this side ends.',
        {
          errno,
        },
      );
}
