/** What the row of an event says: one short sentence made from its kind and its meta. */
import { describeDns } from './describe-dns.ts';
import { describeTelnet } from './describe-telnet.ts';
import { describeWebSocket } from './describe-websocket.ts';
import { grouped, metaCount as count, metaText as text } from './meta-text.ts';
import type { Direction, Meta } from './record.ts';

export { grouped };

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `[::1]:9000`: addresses of events come in parts, as Node gives them. */
function target(meta: Meta): string {
  const address = text(meta, 'address');
  const port = meta.port;
  if (typeof port !== 'number') return address;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function pair(meta: Meta): string {
  return joined(text(meta, 'local'), '→', text(meta, 'remote'));
}

/** From the peer's side: on a server, the peer is the one that came. */
function pairIn(meta: Meta): string {
  return joined(text(meta, 'remote'), '→', text(meta, 'local'));
}

/** Why records that once were there are not any more. */
const GONE_REASONS: Readonly<Record<string, string>> = {
  memory: 'only the newest part is kept in memory',
  quota: 'the oldest were removed to stay within the quota of the recording',
  removed: 'their files were removed from outside',
};

/** A row that stands for records that are not there: how many, how large, and why. */
function gap(meta: Meta): string {
  const reason = text(meta, 'reason');
  const size = meta.bytes === undefined ? '' : `${text(meta, 'bytes')} B`;
  if (reason === 'interrupted') {
    const rest =
      size === '' || meta.bytes === 0 ? '' : `; ${size} after this row are no whole block and cannot be read`;
    return `the recording ends here without having been closed: its writer was ended or lost power${rest}`;
  }
  const records = count(meta, 'count', 'record', 'records');
  const which = records + (size === '' ? '' : `, ${size},`);
  const isOne = meta.count === 1;
  if (reason === 'damaged') {
    const from = typeof meta.first === 'number' ? ` from #${meta.first} on` : '';
    return `${which}${from} cannot be read: ${isOne ? 'its' : 'their'} part of the recording is damaged`;
  }
  if (reason === 'disk-behind' || reason === 'disk-error') {
    const why = reason === 'disk-behind' ? 'the disk was too slow' : 'the disk refused';
    return `${which} ${isOne ? 'was' : 'were'} not recorded: ${why} to take ${isOne ? 'it' : 'them'}`;
  }
  if (reason === 'disconnected') {
    const ms = typeof meta.ms === 'number' ? meta.ms : 0;
    const attempt =
      typeof meta.attempts === 'number' && meta.attempts > 1 ? ` (attempt ${grouped(meta.attempts)})` : '';
    return `not connected for ${(ms / 1000).toFixed(1)} s${attempt}; what was sent meanwhile by the peer is unknown`;
  }
  if (reason === 'too-large')
    return `${which} ${isOne ? 'was' : 'were'} not recorded: larger than a recording can hold`;
  const why = GONE_REASONS[reason] ?? reason;
  return `${which} ${isOne ? 'is' : 'are'} not kept${why === '' ? '' : `: ${why}`}`;
}

function state(meta: Meta): string {
  const message = text(meta, 'message');
  const step = `${text(meta, 'from')} → ${text(meta, 'to')}`;
  return message === '' ? step : `${step}: ${message}`;
}

function lookup(meta: Meta): string {
  const address = text(meta, 'address');
  if (address === '') return `${text(meta, 'host')}: ${text(meta, 'code') || 'no address'}`;
  return `${text(meta, 'host')} → ${address} (IPv${text(meta, 'family')})`;
}

function end(direction: Direction, meta: Meta): string {
  if (direction === 'in') {
    return meta.halfOpen === true
      ? 'the peer will send no more (FIN); this side may still send'
      : 'the peer will send no more (FIN)';
  }
  if (meta.closing === true) {
    return 'this side ends (FIN) and closes when its bytes have left; what the peer still sends is not read';
  }
  if (meta.auto === true) return 'this side ends too (FIN)';
  if (typeof meta.auto === 'string') {
    return meta.auto === 'allowHalfOpen'
      ? 'this side ends too (FIN), because allowHalfOpen is off'
      : `this side ends too (FIN): ${meta.auto}`;
  }
  return 'this side will send no more (FIN); the peer may still send';
}

function resume(meta: Meta): string {
  if (meta.heldBy === 'person') return `${text(meta, 'by')} would read on, but reading was stopped by hand`;
  if (typeof meta.heldBy === 'string') {
    return `reading goes on when ${meta.heldBy} has sent what is queued (drain)`;
  }
  return typeof meta.by === 'string' ? `reading goes on (${meta.by})` : 'reading goes on';
}

function close(meta: Meta): string {
  if (meta.hadError === undefined) return 'the server has closed: it accepts no more and every connection has ended';
  const how = meta.hadError === true ? 'closed after an error' : 'closed';
  const bytes =
    meta.bytesRead === undefined ? '' : ` · ${text(meta, 'bytesRead')} B in, ${text(meta, 'bytesWritten')} B out`;
  const hashes = ['sha256In', 'sha256Out'].filter((key) => meta[key] !== undefined);
  const unsent =
    meta.unsent === undefined ? '' : ` · ${text(meta, 'unsent')} B were still queued: lost, at least in part`;
  return how + bytes + unsent + hashes.map((key) => ` · ${key} ${text(meta, key)}`).join('');
}

/** `key value` pairs: for an event that this file does not know, nothing is hidden. */
function plain(meta: Meta): string {
  return Object.keys(meta)
    .map((key) => `${key} ${String(meta[key])}`)
    .join(', ');
}

/** The preview of an event's row. Empty for `data`, whose bytes are the preview. */
export function describe(kind: string, direction: Direction, meta: Meta): string {
  const said = describeWebSocket(kind, meta) ?? describeDns(kind, meta);
  if (said !== null) return said;
  switch (kind) {
    case 'gap':
      return gap(meta);
    case 'state':
      return state(meta);
    case 'error':
    case 'note':
      return text(meta, 'message') || plain(meta);
    case 'lookup':
      return lookup(meta);
    case 'connectionAttempt':
      return joined(target(meta), `(IPv${text(meta, 'family')})`);
    case 'connectionAttemptFailed':
      return `${target(meta)} (IPv${text(meta, 'family')}): ${text(meta, 'code') || 'failed'}`;
    case 'connectionAttemptTimeout':
      return `${target(meta)} (IPv${text(meta, 'family')}): no answer within ${text(meta, 'ms')} ms, trying the next`;
    case 'connect':
      return pair(meta);
    case 'ready':
      return 'the socket is ready to be used';
    case 'listening':
      return target(meta);
    case 'connection':
      return pairIn(meta);
    case 'drop':
      return joined(pairIn(meta), `dropped: maxConnections is ${text(meta, 'maxConnections')}`);
    case 'write':
      return `write returned false: ${text(meta, 'queued')} B queued`;
    case 'drain':
      return `write buffer empty again (was ${text(meta, 'was')} B)`;
    case 'pause':
      return typeof meta.by === 'string' ? `reading stopped by ${meta.by}, until drain` : 'reading stopped';
    case 'resume':
      return resume(meta);
    case 'end':
      return end(direction, meta);
    case 'destroy':
      return 'this side destroyed the socket; what was queued is lost';
    case 'resetAndDestroy':
      return 'this side reset the connection (RST); what was queued is lost';
    case 'timeout':
      return `no activity for ${text(meta, 'ms')} ms (setTimeout); the socket stays open`;
    case 'close':
      return close(meta);
    case 'telnet':
      return describeTelnet(meta);
    case 'getConnections':
      return count(meta, 'count', 'connection', 'connections');
    case 'address':
      return target(meta);
    default:
      return plain(meta);
  }
}
