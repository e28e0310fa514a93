/** Everything that a session sends: bytes or a file, to one connection or to all, and what is to be done after. */
import type { PeerId } from '../drivers/driver.ts';
import type { Params, Result } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { forEach, joinResults, type Target, type TargetResult } from './broadcast.ts';
import { FileSend, type Brake } from './file-send.ts';
import type { Run } from './run.ts';
import { readWhole } from './whole-file.ts';

export type SendSource = Params<'session.send'>['source'];
/** What can leave as it is. */
export type ReadySource = Exclude<SendSource, { readonly type: 'draft' }>;
/** What is sent, as which of the spec's message kinds (the driver's usual one when not said), and the action after it. */
export interface SendOrder {
  readonly source: ReadySource;
  readonly then: string | null;
  readonly kind: string | undefined;
  /** @see Spec.longestMessage */
  readonly longestMessage: number | undefined;
}
export type Sent = Result<'session.send'>;

type Send = (peer: PeerId, bytes: Uint8Array) => Promise<Outcome>;

export class Sending {
  readonly #brake: Brake;
  readonly #progress: () => void;
  #file: FileSend | null = null;

  constructor(brake: Brake, progress: () => void) {
    this.#brake = brake;
    this.#progress = progress;
  }

  /** The file on its way, if there is one. */
  get status(): { readonly sent: number; readonly total: number } | null {
    return this.#file?.status ?? null;
  }

  cancel(): void {
    this.#file?.cancel();
  }

  /**
   * `bytes` of the answer is the length of the message, which each of `peers` connections got.
   * When some fail, the others have got it all the same; the error says how many.
   */
  async send(
    run: Run,
    targets: readonly Target[],
    { source, then, kind, longestMessage }: SendOrder,
  ): Promise<Outcome<Sent>> {
    const send: Send = (peer, bytes) => run.send(peer, bytes, kind);
    const begun = performance.now();
    const sent =
      source.type === 'bytes'
        ? await this.#sendMessage(send, targets, source.bytes)
        : longestMessage === undefined
          ? await this.#sendFile(send, targets, source.path)
          : await this.#sendWhole(send, targets, source.path, longestMessage);
    if (!sent.ok) return sent;
    const reached = sent.value.results.flatMap(({ target, outcome }) => (outcome.ok ? [target] : []));
    const after: readonly TargetResult[] =
      then === null ? [] : await forEach(reached, ({ peer }) => run.act(then, peer, {}));
    const joined = joinResults(sent.value.results, 'Sending');
    if (!joined.ok) return joined;
    const joinedAfter = joinResults(after, `The message was sent, but ${then ?? ''}`);
    if (!joinedAfter.ok) return joinedAfter;
    return success({ bytes: sent.value.bytes, peers: reached.length, ms: performance.now() - begun });
  }

  async #sendMessage(send: Send, targets: readonly Target[], bytes: Uint8Array): ReturnType<FileSend['run']> {
    const isBroadcast = targets.length > 1;
    const results = await forEach(targets, ({ peer }) => this.#sendBytes(() => send(peer, bytes), isBroadcast));
    return success({ bytes: bytes.length, results });
  }

  async #sendWhole(send: Send, targets: readonly Target[], path: string, most: number): ReturnType<FileSend['run']> {
    const read = await readWhole(path, most);
    return read.ok ? this.#sendMessage(send, targets, read.value) : read;
  }

  /** A message to one connection is what the person does now; one to many can be more than a disk takes at once. */
  async #sendBytes(send: () => Promise<Outcome>, isBroadcast: boolean): Promise<Outcome> {
    while (isBroadcast && this.#brake.isHeld) await this.#brake.untilFree();
    return send();
  }

  async #sendFile(send: Send, targets: readonly Target[], path: string): ReturnType<FileSend['run']> {
    if (this.#file !== null) {
      return failure('not-supported', 'Another file is still on its way.', 'Wait for it, or cancel it.');
    }
    this.#file = new FileSend(path, targets, send, this.#brake, this.#progress);
    try {
      return await this.#file.run();
    } finally {
      this.#file = null;
      this.#progress();
    }
  }
}
