/** The client's side of SOCKS 5 (RFC 1928), with name and password (RFC 1929). The proxy looks names up. */
import { ipv4Bytes, ipv6Groups } from '../../shared/ip.ts';

const VERSION = 5;
const PASSWORD_VERSION = 1;
const NO_AUTHENTICATION = 0;
const USER_AND_PASSWORD = 2;
const NOTHING_ACCEPTABLE = 0xff;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
/** Longest text of one field: its length is one byte. */
export const SOCKS_TEXT_BYTES = 255;

/** What the proxy answers when it cannot connect (RFC 1928 §6). */
const REPLIES: Readonly<Record<number, string>> = {
  1: 'it failed',
  2: 'its rules do not allow it',
  3: 'the network cannot be reached from there',
  4: 'the host cannot be reached from there',
  5: 'the connection was refused',
  6: 'it took too many hops',
  7: 'it does not know the command',
  8: 'it does not know the kind of address',
};

export function greeting(withPassword: boolean): Uint8Array {
  return withPassword
    ? Uint8Array.of(VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD)
    : Uint8Array.of(VERSION, 1, NO_AUTHENTICATION);
}

export function passwordMessage(name: string, password: string): Uint8Array {
  const first = Buffer.from(name);
  const second = Buffer.from(password);
  return Buffer.concat([Buffer.of(PASSWORD_VERSION, first.length), first, Buffer.of(second.length), second]);
}

export function connectMessage(host: string, port: number): Uint8Array {
  const four = ipv4Bytes(host);
  const six = four === null ? ipv6Groups(host) : null;
  const name = Buffer.from(host);
  const address =
    four !== null
      ? Buffer.of(IPV4, ...four)
      : six !== null
        ? Buffer.of(IPV6, ...six.flatMap((group) => [group >> 8, group & 0xff]))
        : Buffer.concat([Buffer.of(NAME, name.length), name]);
  return Buffer.concat([Buffer.of(VERSION, CONNECT, 0), address, Buffer.of(port >> 8, port & 0xff)]);
}

/** What the bytes of an answer say: how long it is, and what is wrong, or null while it is not whole. */
export interface SocksAnswer {
  readonly length: number;
  /** Null when the proxy agrees. */
  readonly problem: string | null;
}

const notSocks = (length: number): SocksAnswer => ({ length, problem: 'what it answers is not SOCKS 5' });

/** @returns also whether it wants name and password */
export function readMethod(bytes: Uint8Array): (SocksAnswer & { readonly wantsPassword: boolean }) | null {
  const [version, method] = bytes;
  if (version !== undefined && version !== VERSION) return { ...notSocks(bytes.length), wantsPassword: false };
  if (method === undefined) return null;
  const wantsPassword = method === USER_AND_PASSWORD;
  if (wantsPassword || method === NO_AUTHENTICATION) return { length: 2, problem: null, wantsPassword };
  const problem =
    method === NOTHING_ACCEPTABLE ? 'it wants another way to prove who asks' : `it chose the unknown method ${method}`;
  return { length: 2, problem, wantsPassword };
}

export function readPasswordAnswer(bytes: Uint8Array): SocksAnswer | null {
  const status = bytes[1];
  if (status === undefined) return null;
  return { length: 2, problem: status === 0 ? null : 'it does not accept this name and password' };
}

export function readConnectAnswer(bytes: Uint8Array): SocksAnswer | null {
  const [version, reply, , type, nameLength] = bytes;
  if (version !== undefined && version !== VERSION) return notSocks(bytes.length);
  if (reply === undefined) return null;
  if (reply !== 0) return { length: bytes.length, problem: REPLIES[reply] ?? `it answered with ${reply}` };
  if (type === undefined || nameLength === undefined) return null;
  const addressBytes = type === IPV4 ? 4 : type === IPV6 ? 16 : type === NAME ? 1 + nameLength : -1;
  if (addressBytes === -1) return notSocks(bytes.length);
  const length = 4 + addressBytes + 2;
  return bytes.length < length ? null : { length, problem: null };
}
