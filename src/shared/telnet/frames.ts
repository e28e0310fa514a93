/** What goes out: commands as bytes, and data with its byte 255 doubled. */
import { IAC, NAWS, SB, SE, TERMINAL_TYPE, TERMINAL_TYPE_IS, TERMINAL_TYPE_SEND, type Verb } from './codes.ts';

const CR = 13;
const LF = 10;

export function negotiation(verb: Verb, option: number): Uint8Array {
  return Uint8Array.of(IAC, verb, option);
}

/** IAC SB … IAC SE. @param payload as it is meant: its bytes 255 are doubled here */
function subnegotiation(option: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(IAC, SB, option, ...doubled(payload), IAC, SE);
}

/** Width and height in characters (RFC 1073). */
export function windowSize(columns: number, rows: number): Uint8Array {
  return subnegotiation(NAWS, Uint8Array.of(columns >> 8, columns & 255, rows >> 8, rows & 255));
}

/** Tells the type of the terminal (RFC 1091). @param name ASCII */
export function terminalType(name: string): Uint8Array {
  return subnegotiation(TERMINAL_TYPE, Uint8Array.of(TERMINAL_TYPE_IS, ...new TextEncoder().encode(name)));
}

export function askTerminalType(): Uint8Array {
  return subnegotiation(TERMINAL_TYPE, Uint8Array.of(TERMINAL_TYPE_SEND));
}

/** Each byte 255 twice, so that it is data (RFC 854). @returns the very same bytes when there is none */
export function doubled(bytes: Uint8Array): Uint8Array {
  return withMore(bytes, (byte) => (byte === IAC ? IAC : null));
}

/**
 * What was typed, as data of Telnet: bytes 255 are doubled, and a CR that neither LF nor NUL follows gets a NUL
 * (RFC 854, "NVT printer"). In binary (RFC 856) a CR is a byte like others.
 */
export function typed(bytes: Uint8Array, isBinary: boolean): Uint8Array {
  if (isBinary) return doubled(bytes);
  return withMore(bytes, (byte, next) => {
    if (byte === IAC) return IAC;
    return byte === CR && next !== LF && next !== 0 ? 0 : null;
  });
}

/** @param after what to put behind a byte, or null. @returns the very same bytes when there is nothing to put */
function withMore(bytes: Uint8Array, after: (byte: number, next: number | undefined) => number | null): Uint8Array {
  const count = bytes.reduce((sum, byte, at) => (after(byte, bytes[at + 1]) === null ? sum : sum + 1), 0);
  if (count === 0) return bytes;
  const result = new Uint8Array(bytes.length + count);
  let to = 0;
  bytes.forEach((byte, at) => {
    result[to] = byte;
    to += 1;
    const more = after(byte, bytes[at + 1]);
    if (more === null) return;
    result[to] = more;
    to += 1;
  });
  return result;
}
