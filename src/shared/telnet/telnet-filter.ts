/**
 * What a terminal shows of a Telnet stream: negotiation is left out, IAC IAC is one byte, CR NUL is CR. It reads the
 * peer's bytes alone, and follows what this side's answers make of them (see telnet-answers.ts).
 */
import { BINARY, DO, DONT, ECHO, IAC, WILL, WONT, type Verb } from './codes.ts';
import { typed } from './frames.ts';
import { TelnetReader } from './reader.ts';

const CR = 13;

export class TelnetFilter {
  readonly #reader: TelnetReader;
  #parts: Uint8Array[] = [];
  #isAfterCr = false;
  #readsBinary = false;
  #writesBinary = false;
  #echoes: boolean | null = null;

  constructor() {
    this.#reader = new TelnetReader({
      data: (bytes) => {
        this.#keep(bytes);
      },
      command: () => undefined,
      negotiation: (verb, option) => {
        this.#negotiated(verb, option);
      },
      subnegotiation: () => undefined,
    });
  }

  /** Whether the peer says that it echoes what is typed; null while it has said nothing about it. */
  get peerEchoes(): boolean | null {
    return this.#echoes;
  }

  /** Bytes are missing: what comes next is taken for data. What has been negotiated stays. */
  resync(): void {
    this.#reader.resync();
    this.#isAfterCr = false;
  }

  /** @returns what to show of it; the very same bytes when nothing is to be left out */
  push(bytes: Uint8Array): Uint8Array {
    if (this.#reader.isInData && !this.#isAfterCr && !bytes.includes(IAC) && !bytes.includes(0)) {
      this.#isAfterCr = bytes[bytes.length - 1] === CR;
      return bytes;
    }
    this.#parts = [];
    this.#reader.push(bytes);
    return joined(this.#parts);
  }

  /** What was typed, as it has to be sent: see `typed`. */
  input(bytes: Uint8Array): Uint8Array {
    return typed(bytes, this.#writesBinary);
  }

  #keep(bytes: Uint8Array): void {
    let from = 0;
    for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, at + 1)) {
      const isAfterCr = at === 0 ? this.#isAfterCr : bytes[at - 1] === CR;
      if (!isAfterCr || this.#readsBinary) continue;
      this.#parts.push(bytes.subarray(from, at));
      from = at + 1;
    }
    this.#parts.push(bytes.subarray(from));
    this.#isAfterCr = bytes[bytes.length - 1] === CR;
  }

  #negotiated(verb: Verb, option: number): void {
    if (option === BINARY) {
      if (verb === WILL || verb === WONT) this.#readsBinary = verb === WILL;
      else this.#writesBinary = verb === DO;
    } else if (option === ECHO && verb !== DO && verb !== DONT) this.#echoes = verb === WILL;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
