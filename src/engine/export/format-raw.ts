/** The payload bytes of one direction, as they went over the wire, and nothing else. */
import type { Direction } from '../../shared/record.ts';
import { directionCode } from '../../shared/record.ts';
import type { ByteSink } from './byte-sink.ts';
import { directionOf, kindOf, payloadLengthOf, payloadStart, type ExportInfo, type RecordFormatter } from './packed.ts';

export class RawFormatter implements RecordFormatter {
  readonly #sink: ByteSink;
  readonly #direction: number;
  /** Whether a kind is written, by its code. */
  readonly #isWritten: readonly boolean[];

  constructor(sink: ByteSink, info: ExportInfo, direction: Direction) {
    this.#sink = sink;
    this.#direction = directionCode(direction);
    this.#isWritten = info.kinds.map((kind) => info.messageKinds.includes(kind));
  }

  /** A file of bytes has no head. */
  begin(): void {
    return;
  }

  record(bytes: Buffer, view: DataView, offset: number): boolean {
    if (directionOf(view, offset) !== this.#direction || this.#isWritten[kindOf(view, offset)] !== true) return false;
    const start = payloadStart(view, offset);
    this.#sink.bytes(bytes, start, start + payloadLengthOf(view, offset));
    return true;
  }
}
