/** Plays a sequence to a whole connection over a socket in memory, with the real zlib, and looks at its memory after each step. */
import { vi } from 'vitest';
import { Reads } from '../../src/drivers/net/reads.ts';
import { wireOf } from '../../src/drivers/net/wire.ts';
import { actOn } from '../../src/drivers/websocket/actions.ts';
import { webSocketClientSpec } from '../../src/drivers/websocket/client-spec.ts';
import { Connection } from '../../src/drivers/websocket/connection.ts';
import { HEAD_BYTES } from '../../src/drivers/websocket/frame.ts';
import { HeldBytes } from '../../src/drivers/websocket/held-bytes.ts';
import { Behaviour, type Talker } from '../../src/drivers/websocket/server-behaviour.ts';
import { webSocketServerSpec } from '../../src/drivers/websocket/server-spec.ts';
import type { Outcome, WireError } from '../../src/shared/errors.ts';
import { CLOSE_GRACE_MS, PONG_BACKLOG_BYTES, READ_BYTES } from '../../src/shared/limits.ts';
import { WEBSOCKET_HELD_BYTES } from '../../src/shared/websocket-limits.ts';
import { FakeContext } from '../support/fake-context.ts';
import { turn, until } from '../support/outcome.ts';
import { judge } from './websocket-judge.ts';
import type { HostilePeer } from './websocket-hostile-peer.ts';
import { MemorySocket } from '../support/memory-socket.ts';
import { stepsOf, type SequenceSetup, type Step } from './websocket-steps.ts';

/** A control frame that is masked. */
const CONTROL_FRAME_BYTES = 131;

/** Steps and rows with which not everything is taken that has been sent. */
const endings: ReadonlySet<string> = new Set([
  ...['peerEnds', 'peerResets', 'giveUp', 'closeSoon'],
  ...['close', 'terminate', 'resetAndDestroy'],
]);

const appends = vi.spyOn(HeldBytes.prototype, 'append');

class Play {
  readonly context: FakeContext;
  readonly socket: MemorySocket;
  readonly #setup: SequenceSetup;
  readonly #connection: Connection;
  readonly #closes: (WireError | null)[] = [];
  readonly #sends: Promise<Outcome>[] = [];
  #arrived = 0;

  constructor(setup: SequenceSetup, early: readonly Uint8Array[]) {
    const { role, options, deflate, paused, echoes } = setup;
    this.#setup = setup;
    this.context = new FakeContext(role === 'server' ? webSocketServerSpec : webSocketClientSpec, 'ws://peer');
    const peer = this.context.peerOpened({ local: 'here', remote: 'peer' });
    const reads = setup.sharesBuffer ? new Reads() : null;
    this.socket = new MemorySocket(reads);
    const wire = wireOf(this.socket, reads);
    for (const part of early) {
      this.#arrived += part.length;
      wire.take(part.slice());
    }
    const made: { connection: Connection | null } = { connection: null };
    const behaviour = new Behaviour(echoes ? 'echo' : 'none', this.context);
    const talker: Talker = {
      peer,
      post: (bytes, kind, done) => made.connection?.post(bytes, kind, done),
      postBatch: (batch, done) => made.connection?.postBatch(batch, done),
      hold: () => made.connection?.pause('echo'),
      release: () => made.connection?.resume('echo'),
    };
    behaviour.opened(talker);
    this.#connection = new Connection({
      context: behaviour.contextOf(talker),
      role,
      wire,
      tcp: this.socket,
      peer,
      remote: 'peer',
      options,
      deflate,
      agreed: { subprotocol: '', extensions: '' },
      paused,
      onClosed: (error) => {
        behaviour.closed(peer);
        this.#closes.push(error);
      },
    });
    made.connection = this.#connection;
    this.#connection.begin();
    this.#look();
  }

  get isClosed(): boolean {
    return this.#closes.length > 0;
  }

  async step(step: Step): Promise<void> {
    await this.#do(step);
    this.#look();
  }

  /** The peer ends the connection. It must have closed soon after. */
  async end(): Promise<void> {
    const { socket } = this;
    if (this.#setup.ending === 'silent' && this.#mustEndByItself()) {
      vi.advanceTimersByTime(CLOSE_GRACE_MS);
      await until(() => this.isClosed, 'the end of a connection that the peer does not end');
    }
    if (this.#setup.ending === 'reset') socket.peerResets();
    for (const by of ['person', 'echo'] as const) this.#connection.resume(by);
    socket.unblock();
    socket.peerEnds();
    await until(() => this.isClosed, `the end; ${JSON.stringify(this.#connection.facts())}`);
    await Promise.all(this.#sends);
    await turn();
    this.#look();
  }

  /** Nothing more happens to it, whatever is asked for. */
  async after(): Promise<void> {
    const { context } = this;
    const count = context.records.length;
    const outcomes = [await this.#connection.send(Buffer.from('late'), 'text')];
    for (const action of ['ping', 'pong', 'holdPongs', 'close', 'frame', 'resetAndDestroy', 'terminate']) {
      outcomes.push(actOn(this.#connection, action, { opcode: '1' }));
    }
    this.#connection.pause();
    this.#connection.resume();
    this.#connection.closeSoon();
    this.#connection.giveUp();
    this.#connection.facts();
    vi.advanceTimersByTime(CLOSE_GRACE_MS);
    await turn();
    if (outcomes.some(({ ok }) => ok)) throw new Error('Something was done to a connection that had closed');
    if (context.records.length !== count)
      throw new Error(`A row ${String(context.records.at(-1)?.kind)} came too late`);
    if (this.#closes.length !== 1) throw new Error('It was told twice that it has closed');
    if (vi.getTimerCount() > 0) throw new Error('A timer is left');
  }

  /** Whether a limit of time runs: the protocol is broken, or both close frames are there. */
  #mustEndByItself(): boolean {
    const { records } = this.context;
    return records.some(({ kind, direction }) => direction === 'in' && (kind === 'violation' || kind === 'close'));
  }

  async #do(step: Step): Promise<void> {
    const { socket } = this;
    const connection = this.#connection;
    switch (step.type) {
      case 'arrive':
        for (const part of step.parts) {
          if (!socket.destroyed) this.#arrived += part.length;
          socket.arrive(part);
        }
        return;
      case 'send':
        this.#sends.push(connection.send(step.bytes, step.kind));
        return;
      case 'act':
        actOn(connection, step.action, step.values);
        return;
      case 'pause':
        connection.pause(step.by);
        return;
      case 'resume':
        connection.resume(step.by);
        return;
      case 'tick':
        vi.advanceTimersByTime(step.ms);
        return;
      case 'turn':
        await turn();
        return;
      case 'block':
      case 'unblock':
      case 'peerEnds':
      case 'peerResets':
        socket[step.type]();
        return;
      default:
        connection[step.type]();
    }
  }

  /** What is held is bounded by the limits, and by what has come. */
  #look(): void {
    const { maxPayload } = this.#setup.options;
    // What cannot be compressed grows a little, and a read may bring more than is taken from it.
    const most = maxPayload + Math.ceil(maxPayload / 4) + 1024 + HEAD_BYTES + READ_BYTES;
    for (const held of appends.mock.contexts) {
      if (!(held instanceof HeldBytes)) throw new Error('append() was called on something else');
      const room = held.bytes.length;
      if (held.size > most) throw new Error(`${held.size} bytes are held, where ${maxPayload} may be taken`);
      if (room > Math.max(WEBSOCKET_HELD_BYTES, 2 * Math.min(most, this.#arrived))) {
        throw new Error(`There is room for ${room} bytes, of ${this.#arrived} that have come`);
      }
    }
    appends.mockClear();
    // What somebody has asked for waits as long as it has to; the answers to pings must not pile up.
    const own = this.context.records.reduce((sum, { kind, direction, payload, meta }) => {
      const isAnswer = kind === 'pong' && meta.auto === true;
      return direction === 'out' && !isAnswer ? sum + (payload?.length ?? 0) + HEAD_BYTES : sum;
    }, 0);
    if (this.socket.writableLength > own + PONG_BACKLOG_BYTES + CONTROL_FRAME_BYTES) {
      throw new Error(`${this.socket.writableLength} bytes wait to go`);
    }
  }
}

/** The story in a line, for messages. */
function told({ records }: FakeContext): string {
  return records
    .map(({ kind, direction, payload }) => `${kind} ${direction} ${String(payload?.length ?? '')}`)
    .join(', ');
}

async function playOut(play: Play, setup: SequenceSetup, steps: readonly Step[], peer: HostilePeer): Promise<void> {
  for (const step of steps) await play.step(step);
  await play.end();
  await play.after();
  const { context, socket } = play;
  const { records } = context;
  const { states } = context.peer(1);
  judge(setup, { records, states, written: socket.sent, isAllThere: true, sent: peer.messages });
  // The judge has queues of its own.
  appends.mockClear();
  if (!peer.isRight) return;
  const [violation] = context.of('violation');
  if (violation !== undefined)
    throw new Error(`A right frame was taken for a wrong one: ${JSON.stringify(violation.meta)}`);
  const isWhole = setup.ending !== 'reset' && !steps.some(({ type }) => endings.has(type));
  const isOpen = !records.some(({ kind }) => endings.has(kind));
  const came = context.messages('in').length;
  if (isWhole && isOpen && came !== peer.messages.length) {
    throw new Error(`${came} of ${peer.messages.length} messages have come`);
  }
}

/** @returns what was recorded. @throws when something is not as it must be */
export async function playSequence(setup: SequenceSetup, seeds: readonly number[]): Promise<FakeContext> {
  const { steps, peer } = stepsOf(setup, seeds);
  const [first] = steps;
  const isEarly = setup.isEarly && first?.type === 'arrive';
  const play = new Play(setup, isEarly ? first.parts : []);
  try {
    await playOut(play, setup, isEarly ? steps.slice(1) : steps, peer);
  } catch (problem) {
    vi.clearAllTimers();
    appends.mockClear();
    const what = problem instanceof Error ? problem.message : String(problem);
    throw new Error(`${what}\nas ${JSON.stringify(setup)}: ${told(play.context)}`, { cause: problem });
  }
  return play.context;
}
