/** What comes on a connection, as records: messages as they are, the frames of those that came in several, control frames. */
import type { Meta } from '../../shared/record.ts';
import type { Batch, DriverContext, PeerId } from '../driver.ts';
import type { Inflater } from './deflate.ts';
import type { FrameSink } from './frame-reader.ts';
import { isControl, OPCODE, type FrameHead, type Violation } from './frame.ts';
import { MessageAssembler } from './message-assembler.ts';

export interface IncomingSetup {
  readonly context: Pick<DriverContext, 'record' | 'recordBatch'>;
  readonly peer: PeerId;
  /** Null when permessage-deflate was not agreed. */
  readonly inflater: Inflater | null;
  /** Its record is the receiver's. */
  readonly onControl: (opcode: number, payload: Uint8Array) => void;
  /** Both records are written. Nothing more must be read. */
  readonly onViolation: (problem: Violation) => void;
}

/** The meta of a `frame` row. */
export function frameMeta({ opcode, fin, rsv, masked, length }: Omit<FrameHead, 'key' | 'headBytes'>): Meta {
  return { opcode, fin, rsv, masked, length };
}

export class Incoming implements FrameSink {
  readonly #setup: IncomingSetup;
  readonly #assembler: MessageAssembler;

  constructor(setup: IncomingSetup) {
    this.#setup = setup;
    const { inflater } = setup;
    this.#assembler = new MessageAssembler(inflater === null ? null : (payload) => inflater.inflate(payload));
  }

  messages(batch: Batch): void {
    this.#setup.context.recordBatch(batch, 'in', this.#setup.peer);
  }

  frame(head: FrameHead, payload: Uint8Array): void {
    if (isControl(head.opcode)) {
      this.#setup.onControl(head.opcode, payload);
      return;
    }
    this.#record('frame', payload, frameMeta(head));
    const assembled = this.#assembler.add(head, payload);
    if (assembled === null) return;
    if (!assembled.ok) {
      this.#broken(assembled.problem);
      return;
    }
    const { opcode, bytes, frames, compressed } = assembled.message;
    const kind = opcode === OPCODE.text ? 'text' : 'binary';
    this.#record(kind, bytes, compressed === null ? { frames } : { frames, compressed });
  }

  violation(problem: Violation, head: FrameHead, payload: Uint8Array): void {
    this.#record('frame', payload, frameMeta(head));
    this.#broken(problem);
  }

  #record(kind: string, payload: Uint8Array, meta: Meta): void {
    this.#setup.context.record(kind, 'in', this.#setup.peer, payload, meta);
  }

  #broken(problem: Violation): void {
    const { code, rfc, message } = problem;
    this.#setup.context.record('violation', 'in', this.#setup.peer, null, { code, rfc, message });
    this.#setup.onViolation(problem);
  }
}
