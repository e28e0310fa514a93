/**
 * Telnet's stream taken apart (RFC 854, RFC 855), however it is split: data, commands, and what is negotiated. Whatever
 * bytes come, it goes on: garbage is data or a command with a number for a name.
 */
import { TELNET_SUBNEGOTIATION_BYTES, TELNET_SUBNEGOTIATION_SPAN_BYTES } from '../telnet-limits.ts';
import { IAC, isVerb, SB, SE, type Verb } from './codes.ts';

export interface TelnetSink {
  /** A piece of data, as it stands in the bytes that were given (no copy); IAC IAC has become one byte 255. */
  readonly data: (bytes: Uint8Array) => void;
  /** A command without an option: `NOP`, `AYT` … */
  readonly command: (code: number) => void;
  readonly negotiation: (verb: Verb, option: number) => void;
  /**
   * @param payload of at most TELNET_SUBNEGOTIATION_BYTES
   * @param length bytes that there were
   * @param isWhole false: it ended by another command than SE, or not at all
   */
  readonly subnegotiation: (option: number, payload: Uint8Array, length: number, isWhole: boolean) => void;
}

type State = 'data' | 'iac' | 'verb' | 'option' | 'sub' | 'sub-iac';

export class TelnetReader {
  readonly #sink: TelnetSink;
  #state: State = 'data';
  #verb: Verb | null = null;
  #option = 0;
  readonly #payload = new Uint8Array(TELNET_SUBNEGOTIATION_BYTES);
  #length = 0;

  constructor(sink: TelnetSink) {
    this.#sink = sink;
  }

  /** True between two commands: what is pushed next begins with data. */
  get isInData(): boolean {
    return this.#state === 'data';
  }

  /** Bytes are missing: a command that was under way is given up, and what comes next is data. */
  resync(): void {
    this.#state = 'data';
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'data') at = this.#readData(bytes, at);
      else at = this.#readByte(bytes, at);
    }
  }

  /** @returns where the next command begins */
  #readData(bytes: Uint8Array, from: number): number {
    const next = bytes.indexOf(IAC, from);
    const end = next === -1 ? bytes.length : next;
    if (end > from) this.#sink.data(bytes.subarray(from, end));
    if (next === -1) return end;
    this.#state = 'iac';
    return end + 1;
  }

  #readByte(bytes: Uint8Array, at: number): number {
    const code = bytes[at] ?? 0;
    switch (this.#state) {
      case 'verb':
        this.#state = 'data';
        if (this.#verb !== null) this.#sink.negotiation(this.#verb, code);
        break;
      case 'option':
        this.#state = code === IAC ? 'iac' : 'sub';
        this.#option = code;
        this.#length = 0;
        break;
      case 'sub':
        if (code === IAC) this.#state = 'sub-iac';
        else this.#keep(code);
        break;
      case 'sub-iac':
        if (code === IAC) {
          this.#state = 'sub';
          this.#keep(code);
        } else {
          this.#ended(code === SE);
          if (code !== SE) this.#command(bytes, at);
        }
        break;
      default:
        this.#command(bytes, at);
    }
    return at + 1;
  }

  /** The byte after IAC. */
  #command(bytes: Uint8Array, at: number): void {
    const code = bytes[at] ?? 0;
    this.#state = 'data';
    if (code === IAC) this.#sink.data(bytes.subarray(at, at + 1));
    else if (code === SB) this.#state = 'option';
    else if (isVerb(code)) {
      this.#verb = code;
      this.#state = 'verb';
    } else this.#sink.command(code);
  }

  #keep(code: number): void {
    if (this.#length < this.#payload.length) this.#payload[this.#length] = code;
    this.#length += 1;
    if (this.#length >= TELNET_SUBNEGOTIATION_SPAN_BYTES) this.#ended(false);
  }

  #ended(isWhole: boolean): void {
    this.#state = 'data';
    const kept = this.#payload.slice(0, Math.min(this.#length, this.#payload.length));
    this.#sink.subnegotiation(this.#option, kept, this.#length, isWhole);
  }
}
