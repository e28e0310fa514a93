/**
 * One end of a Telnet connection that only answers (RFC 854, RFC 855): it accepts what it can do, refuses the rest, and
 * never asks for an option by itself.
 *
 * What a person asks for by hand is followed, so that the peer's answer is not taken for a request (RFC 1143).
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
import { OptionState } from './option-state.ts';
import { TelnetReader } from './reader.ts';

export type TelnetRole = 'client' | 'server';

/** What a client says that it is (RFC 1091: letters of either case mean the same). */
const TERMINAL_NAME = 'XTERM-256COLOR';

export interface TelnetEvents {
  /** A piece of data, as in TelnetSink. */
  readonly data: (bytes: Uint8Array) => void;
  /** The peer has said this; see `telnet` among the kinds of records of TCP. */
  readonly seen: (meta: Meta) => void;
  /** This side answers so. */
  readonly answered: (meta: Meta, bytes: Uint8Array) => void;
}

/** Whose option it is. */
type Side = 'peer' | 'own';

const acceptedOf: Readonly<Record<TelnetRole, Readonly<Record<Side, readonly number[]>>>> = {
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
  /** What a person sends. */
  readonly #sent: TelnetReader;
  /** By their numbers, options of the peer (it WILL), and of this side (it was told to DO). */
  readonly #peer = new Map<number, OptionState>();
  readonly #own = new Map<number, OptionState>();
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
    this.#sent = new TelnetReader({
      data: () => undefined,
      command: () => undefined,
      negotiation: (verb, option) => {
        this.#stateOf(verb === DO || verb === DONT ? 'peer' : 'own', option).ask(verb === WILL || verb === DO);
      },
      subnegotiation: () => undefined,
    });
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes);
  }

  /** A person sends this. */
  sent(bytes: Uint8Array): void {
    this.#sent.push(bytes);
  }

  /** Size of the window in characters: told at once if NAWS is on, else when it gets on. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    if (this.#isOn('own', NAWS)) this.#tellSize();
  }

  #isOn(side: Side, option: number): boolean {
    return this.#stateOf(side, option).isOn;
  }

  #stateOf(side: Side, option: number): OptionState {
    const states = side === 'peer' ? this.#peer : this.#own;
    const state = states.get(option) ?? new OptionState();
    states.set(option, state);
    return state;
  }

  #negotiate(verb: Verb, option: number): void {
    this.#events.seen(negotiated(verb, option));
    const side = verb === WILL || verb === WONT ? 'peer' : 'own';
    const [yes, no] = side === 'peer' ? ([DO, DONT] as const) : ([WILL, WONT] as const);
    const state = this.#stateOf(side, option);
    const wasOn = state.isOn;
    const answer = state.hear(verb === WILL || verb === DO, acceptedOf[this.#role][side].includes(option));
    if (answer !== null) this.#answer(answer ? yes : no, option);
    if (wasOn || !this.#isOn(side, option)) return;
    if (option === NAWS && side === 'own') this.#tellSize();
    if (option === TERMINAL_TYPE && side === 'peer') {
      this.#events.answered(subnegotiated(TERMINAL_TYPE, { value: 'SEND' }), askTerminalType());
    }
  }

  #subnegotiate(option: number, payload: Uint8Array, length: number, isWhole: boolean): void {
    const cut = isWhole ? {} : { unfinished: true };
    this.#events.seen(subnegotiated(option, { ...meaning(option, payload, length), ...cut }));
    const asksType = option === TERMINAL_TYPE && payload[0] === TERMINAL_TYPE_SEND && this.#isOn('own', TERMINAL_TYPE);
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
