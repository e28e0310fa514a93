/** What the rows of a WebSocket session say; see the kinds in drivers/websocket. */
import { isDnsMessage } from './describe-dns.ts';
import type { Meta } from './record.ts';
import { metaCount, metaText } from './meta-text.ts';

/** Opcodes by their names in RFC 6455 §11.8. */
const opcodes: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

function listed(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(' · ');
}

function began(meta: Meta): string {
  if (meta.began !== 'us' && meta.began !== 'peer') return '';
  return meta.began === 'us' ? 'begun by this side' : 'begun by the peer';
}

/** `1000 Normal Closure · bye · begun by the peer` */
function closeFrame(meta: Meta): string {
  const code = meta.code === undefined ? '' : String(meta.code);
  return listed(`${code} ${metaText(meta, 'name')}`.trim(), metaText(meta, 'reason'), began(meta));
}

function socketClose(meta: Meta): string {
  const sent = typeof meta.sent === 'number' ? `the ${meta.sent} of this side was not answered` : '';
  const isAbnormal = meta.code === 1006;
  return listed(
    closeFrame(meta),
    isAbnormal ? sent || 'without a close frame of the peer' : meta.clean === true && 'clean',
    meta.hadError === true && 'after an error',
    meta.bytesRead !== undefined && `${metaText(meta, 'bytesRead')} B in, ${metaText(meta, 'bytesWritten')} B out`,
    meta.unsent !== undefined && `${metaText(meta, 'unsent')} B were still queued: lost, at least in part`,
  );
}

/** Of a frame sent by hand, see websocket-spec.ts; the usual masks are not told. */
const masks: Readonly<Record<string, string>> = {
  zero: 'key of zeros',
  'not-applied': 'wrong mask: key not applied',
  'no-key': 'wrong mask: flag without a key',
  'not-flagged': 'wrong mask: without the flag',
};

/** `text · FIN · RSV1 · masked`; the payload's length stands in its own column. */
function frame(meta: Meta): string {
  const opcode = typeof meta.opcode === 'number' ? meta.opcode : -1;
  const rsv = typeof meta.rsv === 'number' ? meta.rsv : 0;
  return listed(
    opcodes[opcode] ?? `opcode ${opcode} (reserved)`,
    meta.fin === true ? 'FIN' : 'more follow',
    (rsv & 4) !== 0 && 'RSV1',
    (rsv & 2) !== 0 && 'RSV2',
    (rsv & 1) !== 0 && 'RSV3',
    meta.masked === true && 'masked',
    masks[metaText(meta, 'mask')] ?? '',
    meta.declared !== undefined && `declares ${metaText(meta, 'declared')} B`,
    meta.splitAt !== undefined && `split at ${metaText(meta, 'splitAt')} B`,
    meta.byHand === true && 'sent by hand',
  );
}

function message(meta: Meta): string {
  return listed(
    typeof meta.frames === 'number' && meta.frames > 1 && metaCount(meta, 'frames', 'frame', 'frames'),
    meta.compressed !== undefined && `${metaText(meta, 'compressed')} B compressed`,
  );
}

function open(meta: Meta): string {
  const subprotocol = metaText(meta, 'subprotocol');
  const extensions = metaText(meta, 'extensions');
  return listed(
    subprotocol === '' ? 'no subprotocol' : `subprotocol ${subprotocol}`,
    extensions === '' ? 'no extensions' : extensions,
  );
}

function secureConnect(meta: Meta): string {
  const reason = metaText(meta, 'authorizationError');
  return listed(
    metaText(meta, 'protocol'),
    metaText(meta, 'cipher'),
    metaText(meta, 'subject'),
    meta.authorized === false && `the certificate is not trusted${reason === '' ? '' : `: ${reason}`}`,
  );
}

function until(meta: Meta): string {
  const to = metaText(meta, 'validTo');
  return to === '' ? '' : `valid until ${to}`;
}

function violation(meta: Meta): string {
  const rfc = metaText(meta, 'rfc');
  const source = rfc === '' ? '' : rfc.startsWith('RFC') ? rfc : `RFC 6455 §${rfc}`;
  return listed(metaText(meta, 'message'), source, meta.code !== undefined && `close code ${String(meta.code)}`);
}

/**
 * Kinds with a payload whose row says what it means, not what its bytes are. A `frame` says both.
 * Of the head of an HTTP message the first line says enough.
 */
export function rowShows(kind: string): 'meaning' | 'both' | 'first-line' | 'bytes' {
  switch (kind) {
    case 'close':
      return 'meaning';
    case 'frame':
    case 'ping':
    case 'pong':
    case 'text':
    case 'binary':
      return 'both';
    case 'certificate':
    case 'secureConnect':
      return 'meaning';
    case 'request':
    case 'response':
    case 'proxy':
      return 'first-line';
    default:
      return isDnsMessage(kind) ? 'meaning' : 'bytes';
  }
}

/** @returns null for a kind that is not one of these, or that has another meaning here */
export function describeWebSocket(kind: string, meta: Meta): string | null {
  switch (kind) {
    case 'open':
      return open(meta);
    case 'text':
    case 'binary':
      return message(meta);
    case 'ping':
      return listed(meta.auto === true && 'by itself', meta.answered === false && 'its pong is withheld');
    case 'pong':
      return listed(
        meta.auto === true && 'answers the ping',
        meta.roundTrip !== undefined && `${metaText(meta, 'roundTrip')} ms after the ping`,
      );
    case 'close':
      return typeof meta.code === 'number' ? closeFrame(meta) : null;
    case 'frame':
      return frame(meta);
    case 'violation':
      return violation(meta);
    case 'request':
    case 'response':
    case 'proxy':
      return meta.cut === true ? 'the body goes on' : '';
    case 'redirect':
      return listed(metaText(meta, 'status'), `→ ${metaText(meta, 'address') || metaText(meta, 'location')}`);
    case 'secureConnect':
      return secureConnect(meta);
    case 'certificate':
      return listed(metaText(meta, 'subject'), metaText(meta, 'subjectaltname'), until(meta));
    case 'stopped':
      return 'the server has stopped: it accepts no more and every connection has ended';
    case 'skip':
      return `${metaText(meta, 'by')} passes this connection over: ${metaText(meta, 'queued') || '0'} B wait to be taken`;
    case 'skipped':
      return `${metaText(meta, 'by')} goes on: ${metaCount(meta, 'messages', 'message', 'messages')}, ${metaText(meta, 'bytes') || '0'} B, were not sent`;
    case 'holdPongs':
      return 'pings are not answered from here on';
    case 'answerPings':
      return 'pings are answered again';
    case 'terminate':
      return 'this side destroyed the socket without a close frame; the peer sees 1006';
    case 'socketClose':
      return socketClose(meta);
    default:
      return null;
  }
}
