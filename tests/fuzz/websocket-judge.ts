/** What must be true of every connection that has ended, whatever has happened to it. */
import { isDeepStrictEqual } from 'node:util';
import { Inflater } from '../../src/drivers/websocket/deflate.ts';
import { FrameReader, type FrameSink } from '../../src/drivers/websocket/frame-reader.ts';
import { isControl, OPCODE, opcodeName } from '../../src/drivers/websocket/frame.ts';
import { MessageAssembler } from '../../src/drivers/websocket/message-assembler.ts';
import { isUtf8Text } from '../../src/drivers/websocket/utf8.ts';
import type { SeenPeer, SeenRecord } from '../support/fake-context.ts';
import type { PeerMessage } from './websocket-hostile-peer.ts';
import type { SequenceSetup } from './websocket-steps.ts';

interface Told {
  readonly kind: string;
  readonly payload: Uint8Array;
}

function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

export interface Ended {
  /** Of the connection, from `open` on. */
  readonly records: readonly SeenRecord[];
  readonly states: SeenPeer['states'];
  /** What the peer has got. */
  readonly written: readonly Uint8Array[];
  /** Everything that left has reached the peer. */
  readonly isAllThere: boolean;
  /** What the peer has sent rightly. */
  readonly sent: readonly PeerMessage[];
}

/** Our output as the peer reads it: messages, pings, pongs and close frames. */
function readAsPeer({ role, deflate }: SequenceSetup, { written, isAllThere }: Ended): Told[] {
  const told: Told[] = [];
  const inflater = deflate === null ? null : new Inflater(deflate.send, 63 * 1024 * 1024);
  const assembler = new MessageAssembler(inflater === null ? null : (payload) => inflater.inflate(payload));
  const tell = (kind: string, payload: Uint8Array): void => {
    must(told.at(-1)?.kind !== 'close', `A ${kind} has gone behind the close frame`);
    told.push({ kind, payload: payload.slice() });
  };
  const sink: FrameSink = {
    messages({ bytes, count, kinds, starts, lengths }) {
      for (let at = 0; at < count; at += 1) {
        const start = starts[at] ?? NaN;
        tell(kinds[at] === 0 ? 'text' : 'binary', bytes.subarray(start, start + (lengths[at] ?? NaN)));
      }
    },
    frame(head, payload) {
      if (isControl(head.opcode)) {
        tell(opcodeName(head.opcode), payload);
        return;
      }
      const assembled = assembler.add(head, payload);
      if (assembled === null) return;
      must(assembled.ok, 'What has gone out cannot be put together');
      tell(assembled.message.opcode === OPCODE.text ? 'text' : 'binary', assembled.message.bytes);
    },
    violation({ message, rfc }) {
      throw new Error(`What has gone out breaks the protocol: ${message} (${rfc})`);
    },
  };
  const options = { expectMasked: role === 'client', maxPayload: 0, allowRsv1: deflate !== null };
  const reader = new FrameReader(options, sink);
  for (const bytes of written) reader.read(bytes.slice());
  must(reader.isBetweenFrames || !isAllThere, 'The last frame that has gone out is not whole');
  return told;
}

function isTold({ kind, direction }: SeenRecord, wanted: 'in' | 'out'): boolean {
  return direction === wanted && ['text', 'binary', 'ping', 'pong', 'close'].includes(kind);
}

function judgeOutput(setup: SequenceSetup, ended: Ended): void {
  const { records, isAllThere } = ended;
  const closes = records.filter((one) => one.kind === 'close' && one.direction === 'out');
  must(closes.length <= 1, 'It has sent more than one close frame');
  if (setup.composes) return;
  const told = readAsPeer(setup, ended);
  const rows = records.filter((one) => isTold(one, 'out'));
  // What waited when the connection ended has a row, but has not left.
  must(told.length <= rows.length, 'More has gone out than has been recorded');
  for (const [index, { kind, payload }] of told.entries()) {
    const row = rows[index];
    const isSame = row?.kind === kind && row.payload !== null && Buffer.compare(row.payload, payload) === 0;
    must(isSame, `Row ${index} of what has gone out is another ${kind} than what has gone`);
  }
  const hasLeft = records.at(-1)?.meta.unsent === undefined && isAllThere;
  must(told.length === rows.length || !hasLeft, 'Not all has left, but nothing says so');
}

/** Where in the story a row stands behind which there must be none of some kinds. */
function judgeInput({ options }: SequenceSetup, { records, sent }: Ended): void {
  const incoming = records.filter(({ direction }) => direction === 'in');
  const last = incoming.findIndex(({ kind }) => kind === 'violation' || kind === 'close');
  const behind = last < 0 ? [] : incoming.slice(last + 1);
  must(
    behind.every(({ kind }) => kind === 'end'),
    `Behind the last frame that counts came ${behind.map(({ kind }) => kind).join(', ')}`,
  );
  const messages = incoming.filter(({ kind }) => kind === 'text' || kind === 'binary');
  for (const { payload } of messages) {
    must(payload !== null && payload.length <= options.maxPayload, 'A message is longer than the limit');
  }
  for (const [index, { kind, bytes }] of sent.entries()) {
    const row = messages[index];
    if (row === undefined) break;
    must(row.kind === kind && row.payload?.equals(bytes) === true, `Message ${index} is not what was sent`);
  }
}

/** @throws with what is not as it must be */
export function judge(setup: SequenceSetup, ended: Ended): void {
  const { records, states } = ended;
  must(records[0]?.kind === 'open', 'The first row is not open');
  must(records.at(-1)?.kind === 'socketClose', `The last row is ${String(records.at(-1)?.kind)}`);
  must(records.filter(({ kind }) => kind === 'socketClose').length === 1, 'There are two rows socketClose');
  must(records.filter(({ kind }) => kind === 'violation').length <= 1, 'There are two rows violation');
  for (const { kind, payload } of records) {
    if (kind === 'text') must(payload !== null && isUtf8Text(payload), 'A text is no UTF-8');
  }
  const ends = states.filter((state) => ['closed', 'reset', 'failed'].includes(state));
  must(isDeepStrictEqual(ends, states.slice(-1)), `Its states were ${states.join(', ')}`);
  judgeOutput(setup, ended);
  judgeInput(setup, ended);
}
