/** The request of a client that a server has accepted, read byte for byte with limits of size and time. */
import { converse, type Wire } from '../net/wire.ts';
import { HeadReader, parseHead, type HttpHead } from './http-head.ts';

/** `bytes` are those of the request as they came, as far as they came. */
export type RequestRead =
  | { readonly type: 'request'; readonly head: HttpHead; readonly bytes: Uint8Array }
  | {
      readonly type: 'unread';
      /** What it is instead; `too-slow`: it is not whole. */
      readonly why: 'malformed' | 'tls' | 'too-long' | 'too-slow';
      readonly bytes: Uint8Array;
    }
  /** The connection has ended before. The error is what the system said, or null. */
  | { readonly type: 'gone'; readonly error: Error | null; readonly bytes: Uint8Array };

const nothing = new Uint8Array(0);
/** First byte of a record of TLS that begins a handshake (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;
const CR = 13;
const LF = 10;

/** Whether no request begins with this octet: tokens do, and an empty line may stand before them (RFC 9112 §2.2). */
function isNoRequest(first: number | undefined): boolean {
  return first !== undefined && first !== CR && first !== LF && (first < 0x21 || first > 0x7e);
}

/**
 * What comes behind the request is kept in the wire for its next reader. The socket is the caller's, whatever comes out.
 * @param late aborts when it has taken too long
 */
export async function readRequest(wire: Wire, late: AbortSignal): Promise<RequestRead> {
  const reader = new HeadReader();
  const unread = (why: 'malformed' | 'tls' | 'too-long'): { value: RequestRead; rest: Uint8Array } => ({
    value: { type: 'unread', why, bytes: reader.bytes },
    rest: nothing,
  });
  const result = await converse<RequestRead>(
    wire,
    (bytes) => {
      const end = reader.push(bytes);
      const seen = reader.bytes;
      if (isNoRequest(seen[0])) return unread(seen[0] === TLS_HANDSHAKE ? 'tls' : 'malformed');
      if (end === null) return null;
      if (end === -1) return unread('too-long');
      const head = parseHead(seen.subarray(0, end));
      if (head === null) return unread('malformed');
      return { value: { type: 'request', head, bytes: seen.subarray(0, end) }, rest: seen.subarray(end) };
    },
    late,
  );
  if (result.type === 'answer') return result.value;
  if (result.type === 'stopped') return { type: 'unread', why: 'too-slow', bytes: reader.bytes };
  return { type: 'gone', error: result.type === 'failed' ? result.error : null, bytes: reader.bytes };
}
