/** What a person does with a session that is open: acting, sending, and saying what is read. */
import type { PeerId } from '../drivers/driver.ts';
import { checkFields, type Options, type Spec } from '../drivers/spec.ts';
import { maskCredentials } from '../shared/credentials.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import type { TypedDraft } from '../shared/typed-draft.ts';
import type { Target } from './broadcast.ts';
import type { SessionValues } from './environments/session-values.ts';
import { actionProblem, kindProblem, peerProblem } from './checks.ts';
import type { PeerTable } from './peers.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';
import type { ReadySource, Sending, Sent, SendSource } from './sending.ts';

export interface ActionsHost {
  readonly spec: Spec;
  readonly peers: PeerTable;
  readonly reading: Reading;
  readonly sending: Sending;
  readonly values: SessionValues;
  /** What it was opened with. */
  readonly address: () => string;
  /** The run while the session is live. */
  readonly run: () => Run | null;
}

export class SessionActions {
  readonly #host: ActionsHost;

  constructor(host: ActionsHost) {
    this.#host = host;
  }

  /**
   * Errors: `bad-request` for an action that the spec does not have, `bad-option` for a value of its fields,
   * `unknown-variable`, `not-open`, `not-found`, or what the driver says.
   */
  async act(action: string, peer: PeerId | null, values: Options): Promise<Outcome> {
    const { spec, values: variables } = this.#host;
    const problem = actionProblem(spec, action, peer !== null);
    if (problem !== null) return problem;
    const found = spec.actions.find(({ id }) => id === action);
    const resolved = variables.needs(values) ? await variables.values(values) : success(values);
    if (!resolved.ok) return resolved;
    const checked = checkFields(found?.label ?? action, found?.fields ?? [], resolved.value);
    if (!checked.ok) return { ok: false, error: variables.mask.error(checked.error) };
    const ready = this.#ready(peer);
    return ready.ok ? ready.value.act(action, peer, checked.value) : ready;
  }

  /**
   * Errors: `bad-request`, `not-open`, `not-found`, `unknown-variable` and `bad-message` of a draft, those of the file,
   * or what the driver says.
   * @param kind one of the spec's `messageKinds`; without it the driver's usual one
   */
  async send(peer: PeerId | null, source: SendSource, then: string | null, kind?: string): Promise<Outcome<Sent>> {
    const { spec, peers, sending } = this.#host;
    const problem = (then === null ? null : actionProblem(spec, then, true)) ?? kindProblem(spec, kind);
    if (problem !== null) return problem;
    const ready = this.#ready(peer);
    if (!ready.ok) return ready;
    const known = peer === null ? peers.writable() : [peers.get(peer)];
    const targets = known.flatMap((one): Target[] => (one === undefined ? [] : [{ peer: one.id, name: one.remote }]));
    if (targets.length === 0) {
      const hint = 'Wait for a connection, or connect again.';
      return failure('not-open', 'Nothing was sent: there is no connection that could take it.', hint);
    }
    const sendable = source.type === 'draft' ? await this.#resolve(source) : success(source);
    if (!sendable.ok) return sendable;
    const order = { source: sendable.value, then, kind, longestMessage: spec.longestMessage };
    return sending.send(ready.value, targets, order);
  }

  /** Errors: `not-open`, `not-found`, or what the driver says. */
  setReading(peer: PeerId | null, reading: boolean): Outcome {
    const ready = this.#ready(peer);
    return ready.ok ? this.#host.reading.set(ready.value, peer, reading) : ready;
  }

  async #resolve(draft: TypedDraft): Promise<Outcome<ReadySource>> {
    const { spec, values } = this.#host;
    const bytes = await values.draft(draft);
    if (!bytes.ok) return bytes;
    // In a protocol of messages, an empty one is a message, too.
    if (bytes.value.length === 0 && spec.messageKinds.length === 1) {
      return failure('bad-message', 'The message is empty, so nothing was sent.');
    }
    return success({ type: 'bytes', bytes: bytes.value });
  }

  /** The run, if the session is live and the connection has not ended. */
  #ready(peer: PeerId | null): Outcome<Run> {
    const { spec, peers, address } = this.#host;
    const run = this.#host.run();
    if (run === null) {
      return failure(
        'not-open',
        `${spec.title} ${maskCredentials(address())} is not open.`,
        `Press ${spec.verbs.open} first.`,
      );
    }
    const problem = peer === null ? null : peerProblem(peers, peer);
    return problem ?? success(run);
  }
}
