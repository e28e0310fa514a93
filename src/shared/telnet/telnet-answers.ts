/**
 * One end of a Telnet connection that only answers (RFC 854, RFC 855): it accepts what it can do, refuses the rest, and
 * never asks for an option by itself.
 *
 * Of the Q method (RFC 1143) this is the part of an end that begins nothing: each option of each side is on or off, as
 * WANTNO and WANTYES only follow requests of one's own. A request for what holds already is not answered, and each
 * other gets exactly one answer, so that two such ends cannot go on for ever.
 *
 *   accepted        as a client                       as a server
 *   of the peer     ECHO, SUPPRESS-GO-AHEAD, BINARY   SUPPRESS-GO-AHEAD, BINARY, TERMINAL-TYPE, NAWS
 *   of this side    SUPPRESS-GO-AHEAD, BINARY,        SUPPRESS-GO-AHEAD, BINARY
 *                   TERMINAL-TYPE, NAWS
 *
 * LINEMODE (RFC 1184), TERMINAL-SPEED, ENVIRON and X-DISPLAY-LOCATION are refused: they would tell about the machine,
 * or leave editing to the peer's rules.
 */
import type { Meta } from '../record.ts';
import { TELNET_COLUMNS, TELNET_ROWS } from '../telnet-limits.ts';
import {
  BINARY,
  commandName,
  DO,
  DONT,
  ECHO,
  NAWS,
  optionName,
  SUPPRESS_GO_AHEAD,
  TERMINAL_TYPE,
  TERMINAL_TYPE_IS,
  TERMINAL_TYPE_SEND,
  WILL,
  WONT,
  type Verb,
} from './codes.ts';
import { askTerminalType, negotiation, terminalType, windowSize } from './frames.ts';
import { TelnetReader } from './reader.ts';

export type TelnetRole = 'client' | 'server';

/** What a client says that it is (RFC 1091: letters of either case mean the same). */
export const TERMINAL_NAME = 'XTERM-256COLOR';

export interface TelnetEvents {
  /** A piece of data, as in TelnetSink. */
  readonly data: (bytes: Uint8Array) => void;
  /** The peer has said this; see `telnet` among the kinds of records of TCP. */
  readonly seen: (meta: Meta) => void;
  /** This side answers so. */
  readonly answered: (meta: Meta, bytes: Uint8Array) => void;
}

const acceptedOf: Readonly<Record<TelnetRole, { readonly peer: readonly number[]; readonly own: readonly number[] }>> =
  {
    client: {
      peer: [ECHO, SUPPRESS_GO_AHEAD, BINARY],
      own: [SUPPRESS_GO_AHEAD, BINARY, TERMINAL_TYPE, NAWS],
    },
    server: {
      peer: [SUPPRESS_GO_AHEAD, BINARY, TERMINAL_TYPE, NAWS],
      own: [SUPPRESS_GO_AHEAD, BINARY],
    },
  };

export class TelnetAnswers {
  readonly #role: TelnetRole;
  readonly #events: TelnetEvents;
  readonly #reader: TelnetReader;
  /** Options that are on: of the peer (it WILL), and of this side (it was told to DO). */
  readonly #peer = new Set<number>();
  readonly #own = new Set<number>();
  #columns = TELNET_COLUMNS;
  #rows = TELNET_ROWS;

  constructor(role: TelnetRole, events: TelnetEvents) {
    this.#role = role;
    this.#events = events;
    this.#reader = new TelnetReader({
      data: events.data,
      command: (code) => {
        events.seen({ verb: commandName(code) });
      },
      negotiation: (verb, option) => {
        this.#negotiate(verb, option);
      },
      subnegotiation: (option, payload, length, isWhole) => {
        this.#subnegotiate(option, payload, length, isWhole);
      },
    });
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes);
  }

  /** Size of the window in characters: told at once if NAWS is on, else when it gets on. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    if (this.#own.has(NAWS)) this.#tellSize();
  }

  #negotiate(verb: Verb, option: number): void {
    this.#events.seen(negotiated(verb, option));
    const isAboutPeer = verb === WILL || verb === WONT;
    const on = isAboutPeer ? this.#peer : this.#own;
    const [yes, no] = isAboutPeer ? ([DO, DONT] as const) : ([WILL, WONT] as const);
    if (verb === WONT || verb === DONT) {
      if (on.delete(option)) this.#answer(no, option);
      return;
    }
    if (on.has(option)) return;
    const accepted = acceptedOf[this.#role][isAboutPeer ? 'peer' : 'own'];
    if (!accepted.includes(option)) {
      this.#answer(no, option);
      return;
    }
    on.add(option);
    this.#answer(yes, option);
    if (option === NAWS && !isAboutPeer) this.#tellSize();
    if (option === TERMINAL_TYPE && isAboutPeer) {
      this.#events.answered(subnegotiated(TERMINAL_TYPE, { value: 'SEND' }), askTerminalType());
    }
  }

  #subnegotiate(option: number, payload: Uint8Array, length: number, isWhole: boolean): void {
    const cut = isWhole ? {} : { unfinished: true };
    this.#events.seen(subnegotiated(option, { ...meaning(option, payload, length), ...cut }));
    const asksType = option === TERMINAL_TYPE && payload[0] === TERMINAL_TYPE_SEND && this.#own.has(TERMINAL_TYPE);
    if (!asksType || !isWhole) return;
    this.#events.answered(subnegotiated(option, { value: `IS ${TERMINAL_NAME}` }), terminalType(TERMINAL_NAME));
  }

  #answer(verb: Verb, option: number): void {
    this.#events.answered(negotiated(verb, option), negotiation(verb, option));
  }

  #tellSize(): void {
    const size = { columns: this.#columns, rows: this.#rows };
    this.#events.answered(subnegotiated(NAWS, size), windowSize(this.#columns, this.#rows));
  }
}

function negotiated(verb: Verb, option: number): Meta {
  return { verb: commandName(verb), option: optionName(option), code: option };
}

function subnegotiated(option: number, more: Meta): Meta {
  return { verb: 'SB', option: optionName(option), code: option, ...more };
}

/** What a subnegotiation says, where that is known; else its length. */
function meaning(option: number, payload: Uint8Array, length: number): Meta {
  const [first = -1, second = 0, third = 0, fourth = 0] = payload;
  if (option === NAWS && length === 4) return { columns: first * 256 + second, rows: third * 256 + fourth };
  if (option === TERMINAL_TYPE && first === TERMINAL_TYPE_SEND && length === 1) return { value: 'SEND' };
  if (option === TERMINAL_TYPE && first === TERMINAL_TYPE_IS && length === payload.length) {
    return { value: `IS ${printable(payload.subarray(1))}` };
  }
  return { bytes: length };
}

/** ASCII as it is; the peer's other bytes as dots. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
}
