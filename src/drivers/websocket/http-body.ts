/** How far the body of an HTTP/1.1 answer goes (RFC 9112 §6.3). Pure. */
import { listOf, parseStatusLine, valueOf, type HttpHead } from './http-head.ts';

const LF = 10;

/** Where the last chunk ends (RFC 9112 §7.1), or null while it has not come or it cannot be told. */
function chunkedLength(body: Buffer): number | null {
  let at = 0;
  for (;;) {
    const end = body.indexOf(LF, at);
    if (end === -1) return null;
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?\r?$/i.exec(body.toString('latin1', at, end))?.[1];
    if (size === undefined) return null;
    at = end + 1;
    if (/^0+$/.test(size)) break;
    at += Number.parseInt(size, 16);
    const close = body.indexOf(LF, at);
    if (close === -1) return null;
    at = close + 1;
  }
  // Trailer fields, up to an empty line.
  for (;;) {
    const end = body.indexOf(LF, at);
    if (end === -1) return null;
    const isEmpty = body.toString('latin1', at, end).trim() === '';
    at = end + 1;
    if (isEmpty) return at;
  }
}

/**
 * @param body what has come behind the head
 * @returns length of the whole body in bytes once it has come; null while it has not, or when it ends with the connection
 */
export function bodyLength(head: HttpHead, body: Buffer): number | null {
  const status = parseStatusLine(head.start)?.status;
  if (status === 204 || status === 304) return 0;
  if (listOf(head.headers, 'Transfer-Encoding').some((coding) => coding.toLowerCase() === 'chunked')) {
    return chunkedLength(body);
  }
  const declared = valueOf(head.headers, 'Content-Length');
  if (declared === null || !/^\d{1,15}$/.test(declared)) return null;
  const length = Number(declared);
  return body.length >= length ? length : null;
}
