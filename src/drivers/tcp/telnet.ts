/**
 * Telnet at one connection: what the peer negotiates is answered and named in rows of the kind `telnet`. The bytes as
 * they were read stand in the `data` row before those, and each answer is sent, and recorded, like any other bytes.
 */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import { TELNET_ROWS_PER_READ } from '../../shared/telnet-limits.ts';
import { doubled } from '../../shared/telnet/frames.ts';
import { TelnetAnswers, type TelnetRole } from '../../shared/telnet/telnet-answers.ts';
import type { Options } from '../spec.ts';

/** What comes of one read. */
export interface TelnetRead {
  /** To be sent; empty when nothing has to be answered. */
  readonly answers: Uint8Array;
  /** The data of it, with its bytes 255 doubled: what this side has to send to echo it. Empty when it does not echo. */
  readonly echo: Uint8Array;
}

export class Telnet {
  readonly #record: (direction: Direction, meta: Meta) => void;
  readonly #echoes: boolean;
  readonly #protocol: TelnetAnswers;
  #data: Uint8Array[] = [];
  #answers: Uint8Array[] = [];
  /** Rows of this read. */
  #rows = 0;
  #mayAnswer = true;

  /** @param echoes whether this side sends back what comes */
  constructor(role: TelnetRole, echoes: boolean, record: (direction: Direction, meta: Meta) => void) {
    this.#record = record;
    this.#echoes = echoes;
    this.#protocol = new TelnetAnswers(role, {
      data: (bytes) => {
        if (this.#echoes) this.#data.push(bytes);
      },
      seen: (meta) => {
        this.#row('in', meta);
      },
      answered: (meta, bytes) => {
        if (!this.#mayAnswer) return;
        this.#row('out', meta);
        this.#answers.push(bytes);
      },
    });
  }

  /**
   * Records what is negotiated in it.
   * @param bytes only good until the call returns
   * @param mayAnswer false: this side sends no more
   */
  received(bytes: Uint8Array, mayAnswer: boolean): TelnetRead {
    this.#mayAnswer = mayAnswer;
    this.#protocol.push(bytes);
    return this.#taken();
  }

  /** A person sends this: what it negotiates is followed. */
  sent(bytes: Uint8Array): void {
    this.#protocol.sent(bytes);
  }

  /** The size of the window has changed. @returns what to send */
  resized(columns: number, rows: number): Uint8Array {
    this.#protocol.resize(columns, rows);
    return this.#taken().answers;
  }

  #row(direction: Direction, meta: Meta): void {
    this.#rows += 1;
    if (this.#rows <= TELNET_ROWS_PER_READ) this.#record(direction, meta);
  }

  #taken(): TelnetRead {
    const left = this.#rows - TELNET_ROWS_PER_READ;
    if (left > 0) this.#record('none', { left });
    this.#rows = 0;
    const [data, answers] = [Buffer.concat(this.#data), Buffer.concat(this.#answers)];
    this.#data = [];
    this.#answers = [];
    return { answers, echo: doubled(data) };
  }
}

/** The values of the action `naws`. Errors: `not-supported` when the connection answers no negotiation. */
export function resizeTelnet(
  telnet: Telnet | null,
  values: Options | undefined,
  send: (bytes: Uint8Array) => void,
): Outcome {
  if (telnet === null) {
    return failure(
      'not-supported',
      'The size of a window is told by Telnet, which is off.',
      'Set the option telnet to answer, then open anew.',
    );
  }
  const [columns, rows] = [values?.columns, values?.rows];
  if (typeof columns !== 'number' || typeof rows !== 'number') throw new Error('naws comes with columns and rows');
  const bytes = telnet.resized(columns, rows);
  if (bytes.length > 0) send(bytes);
  return success();
}
