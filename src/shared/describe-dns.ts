/** What the rows of a DNS session say; see the kinds in drivers/dns/spec.ts. */
import { metaCount, metaText as text } from './meta-text.ts';
import type { Meta } from './record.ts';

function listed(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(' · ');
}

/** `example.org. MX` */
function question(meta: Meta): string {
  return `${text(meta, 'name')} ${text(meta, 'type')}`;
}

/** `(bücher.example.)` behind a name that DNS has in another form. */
function inUnicode(meta: Meta, key: string): string {
  const shown = text(meta, key);
  return shown === '' ? '' : ` (${shown})`;
}

function ms(meta: Meta): string {
  return typeof meta.ms === 'number' ? `${meta.ms.toFixed(meta.ms < 10 ? 2 : 1)} ms` : '';
}

function ask(meta: Meta): string {
  const reverse = text(meta, 'reverseOf');
  return listed(
    `${text(meta, 'name')}${inUnicode(meta, 'unicodeName')} ${text(meta, 'types')}`,
    reverse !== '' && `the name of ${reverse}`,
    text(meta, 'class') !== 'IN' && `class ${text(meta, 'class')}`,
    `asked: ${text(meta, 'servers')}`,
  );
}

function query(meta: Meta): string {
  const attempt = typeof meta.attempt === 'number' ? meta.attempt : 1;
  return listed(
    `${question(meta)} → ${text(meta, 'to')} ${text(meta, 'transport')}`,
    typeof meta.id === 'number' && `id ${meta.id}`,
    text(meta, 'flags'),
    attempt > 1 && `attempt ${attempt}`,
  );
}

function answer(meta: Meta): string {
  return listed(
    `${text(meta, 'rcode')} ${question(meta)} ← ${text(meta, 'from')} ${text(meta, 'transport')}`,
    metaCount(meta, 'answers', 'answer', 'answers'),
    meta.authorities !== 0 && `${text(meta, 'authorities')} authority`,
    meta.additionals !== 0 && `${text(meta, 'additionals')} additional`,
    text(meta, 'flags'),
    ms(meta),
    meta.late === true && `late: of attempt ${text(meta, 'attempt')}`,
    text(meta, 'ede'),
    meta.final === false && 'cut off',
  );
}

function record(meta: Meta): string {
  const section = text(meta, 'section');
  const name = `${text(meta, 'name')}${inUnicode(meta, 'unicodeName')}`;
  const ttl = typeof meta.ttl === 'number' ? String(meta.ttl) : '';
  return listed(
    `${name} ${ttl} ${text(meta, 'class')} ${text(meta, 'type')} ${text(meta, 'data')}${inUnicode(meta, 'unicodeData')}`,
    section !== 'answer' && section,
    meta.other === true && 'of another name',
    meta.cut === true && 'the rest is in its bytes',
  );
}

function failed(meta: Meta): string {
  const hint = text(meta, 'hint');
  return `${text(meta, 'server')} · ${question(meta)}: ${text(meta, 'message')}${hint === '' ? '' : ` ${hint}`}`;
}

function truncated(meta: Meta): string {
  const next = meta.next === 'tcp' ? 'it is asked again over TCP' : 'it is not asked again';
  return `the answer of ${text(meta, 'bytes')} B is cut off (TC): ${next}`;
}

function hostName(meta: Meta): string {
  return `${text(meta, 'host')} → ${text(meta, 'hostname')}`;
}

const messages = new Set(['query', 'answer', 'record', 'mismatch', 'malformed']);

/** Kinds with a payload that tells a reader nothing: a message of DNS, or the data of a record. */
export function isDnsMessage(kind: string): boolean {
  return messages.has(kind);
}

/** @returns null for a kind that is not one of these, or that has another meaning here */
export function describeDns(kind: string, meta: Meta): string | null {
  switch (kind) {
    case 'ask':
      return ask(meta);
    case 'query':
      return query(meta);
    case 'answer':
      return answer(meta);
    case 'record':
      return record(meta);
    case 'truncated':
      return truncated(meta);
    case 'lookup':
      return meta.hostname === undefined ? null : hostName(meta);
    case 'timeout':
      if (meta.server === undefined) return null;
      return `${text(meta, 'server')} · ${question(meta)}: no answer within ${text(meta, 'ms')} ms (attempt ${text(meta, 'attempt')})`;
    case 'retry':
      return `${text(meta, 'server')} · ${question(meta)}: attempt ${text(meta, 'attempt')} of ${text(meta, 'of')}`;
    case 'mismatch':
    case 'malformed':
      return `from ${text(meta, 'from')}: ${text(meta, 'message')}`;
    case 'failed':
      return failed(meta);
    default:
      return null;
  }
}
