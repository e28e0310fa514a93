/** What happens to a connection, step by step, made of numbers: the same for the same numbers, and shorter with fewer of them. */
import type { ConnectionOptions, ConnectionSetup, Holder } from '../../src/drivers/websocket/connection-setup.ts';
import type { DeflateSide } from '../../src/drivers/websocket/deflate.ts';
import { rawMasks } from '../../src/drivers/websocket/raw-frame.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { hostileFrames, noise, pick } from '../support/hostile-frames.ts';
import { seededRandom, type Random } from '../support/random.ts';
import { HostilePeer } from './websocket-hostile-peer.ts';

export interface SequenceSetup {
  readonly role: ConnectionSetup['role'];
  readonly deflate: ConnectionSetup['deflate'];
  readonly options: ConnectionOptions;
  readonly paused: boolean;
  /** A server that sends back what comes. */
  readonly echoes: boolean;
  /** Reads as from TCP, else as from TLS. */
  readonly sharesBuffer: boolean;
  /** The first bytes of the peer stand right behind the handshake. */
  readonly isEarly: boolean;
  /** Frames by hand are among our calls: what goes out may be wrong then, as it was asked for. */
  readonly composes: boolean;
  readonly oddity: number;
  /** What the peer does in the end. */
  readonly ending: 'fin' | 'reset' | 'silent';
}

export type Step =
  /** In as many reads as there are parts. */
  | { readonly type: 'arrive'; readonly parts: readonly Uint8Array[] }
  | { readonly type: 'send'; readonly kind: 'text' | 'binary'; readonly bytes: Uint8Array }
  | { readonly type: 'act'; readonly action: string; readonly values: Options }
  | { readonly type: 'pause' | 'resume'; readonly by: Holder }
  | { readonly type: 'tick'; readonly ms: number }
  | {
      readonly type: 'turn' | 'block' | 'unblock' | 'facts' | 'closeSoon' | 'giveUp' | 'peerEnds' | 'peerResets';
    };

function sideOf(random: Random): DeflateSide {
  return { windowBits: 8 + random(8), contextTakeover: random(3) > 0 };
}

/** @param seed any number from 0 on */
export function setupOf(seed: number, role: SequenceSetup['role']): SequenceSetup {
  const random = seededRandom(seed);
  return {
    role,
    deflate: random(2) === 0 ? { send: sideOf(random), receive: sideOf(random) } : null,
    options: {
      maxPayload: pick([1, 125, 1000, 70_000, 70_000, 70_000, 1024 * 1024], random),
      fragmentSize: random(3) === 0 ? pick([1, 7, 100], random) : null,
      deflateThreshold: pick([0, 0, 50], random),
      pingInterval: pick([0, 0, 10, 500], random),
      holdPongs: random(5) === 0,
      closeTimeout: pick([0, 100, 5000], random),
      setNoDelay: random(2) === 0,
      setTimeout: 0,
      setKeepAlive: random(2) === 0,
      keepAliveInitialDelay: 0,
    },
    paused: random(10) === 0,
    echoes: role === 'server' && random(4) === 0,
    sharesBuffer: random(3) > 0,
    isEarly: random(4) === 0,
    composes: random(6) === 0,
    oddity: pick([0, 8, 20, 60], random),
    ending: pick(['fin', 'fin', 'reset', 'silent'], random),
  };
}

/** Cut into reads: mostly none or few, seldom byte by byte. */
function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  const kind = random(6);
  if (kind < 2 || bytes.length === 0) return [bytes];
  const most = kind === 2 && bytes.length < 300 ? 1 : Math.max(1, Math.ceil((bytes.length * 2) / (1 + random(6))));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + random(most);
    parts.push(bytes.subarray(at, next));
    at = next;
  }
  return parts;
}

const words = ['', 'a', 'hello', 'grüße 안녕 🙂', 'x'.repeat(130)];

function frameByHand(random: Random): Options {
  return {
    opcode: String(random(16)),
    fin: random(3) > 0,
    rsv1: random(6) === 0,
    rsv2: random(12) === 0,
    rsv3: random(12) === 0,
    mask: pick(rawMasks, random),
    lengthForm: pick(['auto', 'auto', '7', '16', '64'], random),
    declaredLength: random(4) === 0 ? random(70_000) : null,
    splitAt: random(3) === 0 ? 1 + random(8) : null,
    payload: Buffer.from(noise(random(40), random)).toString('hex'),
  };
}

function closing(composes: boolean, random: Random): Step {
  const wrong = composes ? [0, 1006, 65_535] : [];
  const values = { code: pick([1000, 1000, 1005, 3000, ...wrong], random), reason: pick(words, random) };
  switch (random(6)) {
    case 0:
      return { type: 'act', action: 'terminate', values: {} };
    case 1:
      return { type: 'act', action: 'resetAndDestroy', values: {} };
    case 2:
      return { type: 'closeSoon' };
    case 3:
      return random(3) === 0 ? { type: 'giveUp' } : { type: 'act', action: 'close', values };
    default:
      return { type: 'act', action: 'close', values };
  }
}

function sending(random: Random): Step {
  const kind = random(2) === 0 ? 'text' : 'binary';
  const isLong = random(15) === 0;
  const bytes =
    random(6) === 0 ? noise(random(20), random) : Buffer.from(pick(words, random).repeat(isLong ? 1000 : random(20)));
  return { type: 'send', kind, bytes };
}

function acting(composes: boolean, random: Random): Step {
  if (composes && random(2) === 0) return { type: 'act', action: 'frame', values: frameByHand(random) };
  const action = pick(['ping', 'ping', 'pong', 'holdPongs', 'answerPings'], random);
  return { type: 'act', action, values: { payload: pick(words, random) } };
}

function stepOf(setup: SequenceSetup, peer: HostilePeer, random: Random): Step {
  const kind = random(40);
  if (kind < 19) {
    const isJunk = setup.oddity > 0 && random(30) === 0;
    if (isJunk) peer.isRight = false;
    const junk = { isServer: setup.role === 'server', isMinimal: false };
    const bytes = isJunk ? hostileFrames(random, junk) : peer.bytes(random);
    return { type: 'arrive', parts: cut(bytes, random) };
  }
  if (kind < 24) return sending(random);
  if (kind < 27) return acting(setup.composes, random);
  if (kind < 29) return { type: 'pause', by: random(4) === 0 ? 'echo' : 'person' };
  if (kind < 31) return { type: 'resume', by: random(4) === 0 ? 'echo' : 'person' };
  if (kind < 34) return { type: 'turn' };
  if (kind < 35) return { type: 'tick', ms: pick([1, 10, 600], random) };
  if (kind < 36) return { type: 'block' };
  if (kind < 37) return { type: 'unblock' };
  if (kind < 38) return { type: 'facts' };
  if (kind < 39) return closing(setup.composes, random);
  return random(3) > 0 ? { type: 'turn' } : { type: random(2) === 0 ? 'peerEnds' : 'peerResets' };
}

/** @param seeds one number for each step */
export function stepsOf(
  setup: SequenceSetup,
  seeds: readonly number[],
): { readonly steps: readonly Step[]; readonly peer: HostilePeer } {
  const { role, deflate, options, oddity } = setup;
  const peer = new HostilePeer({
    masks: role === 'server',
    deflate: deflate === null ? null : deflate.receive,
    maxPayload: options.maxPayload,
    oddity,
  });
  return { steps: seeds.map((seed) => stepOf(setup, peer, seededRandom(seed))), peer };
}
