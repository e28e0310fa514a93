/** The opening handshake on a wire, from the request to an agreement or to the reason that there is none. */
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { HANDSHAKE_BODY_BYTES, HANDSHAKE_BODY_MS } from '../../shared/websocket-limits.ts';
import { factsOf } from '../../shared/system-error.ts';
import type { DriverContext } from '../driver.ts';
import { stopped } from '../net/lookup.ts';
import { converse, type Conversation, type Wire } from '../net/wire.ts';
import { checkAnswer, refusalHint, writeHandshake, type Agreed, type HandshakePlan } from './handshake-client.ts';
import { bodyLength } from './http-body.ts';
import { HeadReader, parseHead, parseStatusLine, valueOf, type HttpHead } from './http-head.ts';
import { socketError } from './tls-error.ts';
import type { WebSocketUrl } from './url.ts';

export type Upgrade =
  | { readonly type: 'agreed'; readonly agreed: Agreed }
  | { readonly type: 'redirect'; readonly status: number; readonly location: string; readonly refusal: WireError };

const none = Buffer.alloc(0);

const START = Buffer.from('HTTP/');

function mayBeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, START.length);
  return bytes.subarray(0, length).equals(START.subarray(0, length));
}

function notHttp(where: string, bytes: Uint8Array): Outcome<never> {
  // A TLS alert or handshake record (RFC 8446 §5.1).
  const isTls = bytes[0] === 0x15 || bytes[0] === 0x16;
  return failure(
    'not-websocket',
    `${where} answered with something that is not HTTP.`,
    isTls
      ? 'It speaks TLS: use wss:// instead of ws://.'
      : 'Another kind of server listens there. The row response has its bytes.',
  );
}

function noAnswer(where: string, result: Exclude<Conversation<unknown>, { type: 'answer' }>): Outcome<never> {
  if (result.type === 'stopped') return stopped;
  if (result.type === 'failed') return { ok: false, error: socketError(factsOf(result.error), where, 'client') };
  const hint =
    'It may not be a WebSocket server, or it wants TLS: try wss:// in place of ws://, or the other way round.';
  return failure('not-websocket', `${where} closed the connection without an answer to the handshake.`, hint);
}

interface Answer {
  readonly head: HttpHead;
  readonly status: number;
  readonly reason: string;
  /** The head as it came. */
  readonly bytes: Uint8Array;
}

/** One head, recorded only when it is none: its body comes first. */
async function readAnswer(
  wire: Wire,
  where: string,
  context: Pick<DriverContext, 'record'>,
  stop: AbortSignal,
): Promise<Outcome<Answer>> {
  const reader = new HeadReader();
  const result = await converse(
    wire,
    (bytes) => {
      const end = reader.push(bytes);
      const seen = reader.bytes;
      // Servers of other protocols say something and wait, so that the end of a head would never come.
      if (end === -1 || !mayBeHttp(seen)) return { value: null, rest: none };
      return end === null ? null : { value: seen.subarray(0, end), rest: seen.subarray(end) };
    },
    stop,
  );
  const bytes = result.type === 'answer' ? result.value : null;
  const head = bytes === null ? null : parseHead(bytes);
  const line = head === null ? null : parseStatusLine(head.start);
  if (bytes !== null && head !== null && line !== null) return success({ head, ...line, bytes });
  if (reader.bytes.length > 0) context.record('response', 'in', 0, reader.bytes, { cut: true });
  if (result.type === 'answer') return notHttp(where, reader.bytes);
  return result.type === 'stopped' || reader.bytes.length === 0
    ? noAnswer(where, result)
    : notHttp(where, reader.bytes);
}

/** What a refusal says beside its head, as far as it comes in time and is of bearable length. */
async function readBody(wire: Wire, head: HttpHead, stop: AbortSignal): Promise<{ bytes: Buffer; isWhole: boolean }> {
  if (bodyLength(head, none) === 0) return { bytes: none, isWhole: true };
  let body = none;
  const limit = new AbortController();
  const giveUp = (): void => {
    limit.abort();
  };
  const timer = setTimeout(giveUp, HANDSHAKE_BODY_MS);
  stop.addEventListener('abort', giveUp);
  if (stop.aborted) giveUp();
  const result = await converse(
    wire,
    (bytes) => {
      body = Buffer.concat([body, bytes]);
      const isWhole = bodyLength(head, body) !== null;
      return isWhole || body.length >= HANDSHAKE_BODY_BYTES ? { value: isWhole, rest: none } : null;
    },
    limit.signal,
  );
  clearTimeout(timer);
  stop.removeEventListener('abort', giveUp);
  const endsWithConnection =
    valueOf(head.headers, 'Content-Length') === null && valueOf(head.headers, 'Transfer-Encoding') === null;
  return {
    bytes: body.subarray(0, HANDSHAKE_BODY_BYTES),
    isWhole: result.type === 'answer' ? result.value : result.type === 'ended' && endsWithConnection,
  };
}

/**
 * Asks for WebSocket and waits for the answer, both of which become records. What comes behind the answer is kept in
 * the wire for its next reader.
 * @param where formatted address of the server, for messages
 * @param trusted whether credentials may be sent
 * @returns errors `not-websocket`, `bad-handshake`, those of the system; `stopped` after `stop`. The socket is the caller's
 */
export async function upgrade(
  wire: Wire,
  plan: HandshakePlan,
  url: WebSocketUrl,
  { where, trusted }: { readonly where: string; readonly trusted: boolean },
  context: Pick<DriverContext, 'record'>,
  stop: AbortSignal,
): Promise<Outcome<Upgrade>> {
  const handshake = writeHandshake(plan, url, trusted);
  context.record('request', 'out', 0, handshake.bytes, null);
  wire.socket.write(handshake.bytes);
  for (;;) {
    const answer = await readAnswer(wire, where, context, stop);
    if (!answer.ok) return answer;
    const { head, status, reason, bytes } = answer.value;
    if (status >= 100 && status < 200) {
      context.record('response', 'in', 0, bytes, { status, reason });
      // Others announce that the answer proper follows (RFC 9110 §15.2).
      if (status !== 101) continue;
      const agreed = checkAnswer(plan, handshake, head, where);
      return agreed.ok ? success({ type: 'agreed', agreed: agreed.value }) : agreed;
    }
    const body = await readBody(wire, head, stop);
    const cut = body.isWhole ? {} : { cut: true };
    context.record('response', 'in', 0, Buffer.concat([bytes, body.bytes]), { status, reason, ...cut });
    const words = `${where} refused the handshake: ${`${status} ${reason}`.trim()}.`;
    const refusal = failure('not-websocket', words, refusalHint(status));
    const location = valueOf(head.headers, 'Location');
    const redirects = [301, 302, 303, 307, 308].includes(status) && location !== null;
    return redirects ? success({ type: 'redirect', status, location, refusal: refusal.error }) : refusal;
  }
}
