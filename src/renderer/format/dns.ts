/** Facts of DNS in words. */
import { metaText } from '../../shared/meta-text.ts';
import type { Meta } from '../../shared/record.ts';
import { isSystemCell, rcodeOf } from '../state/dns/compare.ts';
import type { DnsCell } from '../state/dns/lookup-log.ts';
import { formatSize } from './size.ts';

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `1 hour 5 minutes`: the two largest units. @param seconds a TTL */
export function ttlWords(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ') || '0 seconds: not to be kept';
}

const FLAGS: Readonly<Record<string, string>> = {
  aa: 'authoritative answer',
  tc: 'cut off (truncated)',
  rd: 'recursion desired',
  ra: 'recursion available',
  ad: 'authentic data: validated by DNSSEC',
  cd: 'checking disabled',
};

/** `aa: authoritative answer; rd: recursion desired`. */
export function flagWords(flags: string): string {
  return flags
    .split(' ')
    .filter((flag) => flag !== '')
    .map((flag) => (FLAGS[flag] === undefined ? flag : `${flag}: ${FLAGS[flag]}`))
    .join('; ');
}

/** `12.3 ms`, `0.42 ms`. */
export function msWords(ms: number): string {
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`;
}

function msOf(meta: Meta | null): string {
  return typeof meta?.ms === 'number' ? msWords(meta.ms) : '';
}

export interface CellWords {
  /** `NOERROR`, `NXDOMAIN`, `ETIMEDOUT`, `asking …` */
  readonly state: string;
  readonly tone: 'good' | 'bad' | 'quiet';
  /** `0.42 ms · UDP · 56 B` */
  readonly facts: string;
  /** `aa rd ra` */
  readonly flags: string;
  /** What else there is to know: `late`, an extended error, how many events. */
  readonly notes: readonly string[];
}

/** What stands at the head of a server's column. @param cell null: it was not asked this */
export function cellWords(cell: DnsCell | null): CellWords {
  if (cell === null) return { state: 'not asked', tone: 'quiet', facts: '', flags: '', notes: [] };
  const { answer, failed } = cell;
  const errno = failed === null ? '' : metaText(failed, 'errno') || metaText(failed, 'code');
  const isSystem = isSystemCell(cell);
  const isNone = isSystem && answer !== null && cell.records.length === 0;
  const found = isSystem ? (isNone ? 'none' : 'found') : rcodeOf(cell);
  const state = errno || (answer === null ? (cell.isSettled ? 'no answer' : 'asking …') : found);
  const facts = [
    msOf(answer) || msOf(failed),
    answer === null || isSystem ? '' : metaText(answer, 'transport').toUpperCase(),
    cell.bytes === 0 ? '' : formatSize(cell.bytes),
    isSystem ? 'getaddrinfo' : '',
  ];
  const ede = answer === null ? '' : metaText(answer, 'ede');
  return {
    state,
    tone: failed !== null ? 'bad' : answer === null || isNone ? 'quiet' : 'good',
    facts: facts.filter((fact) => fact !== '').join(' · '),
    flags: answer === null ? '' : metaText(answer, 'flags'),
    notes: [
      ...(answer?.late === true ? ['late'] : []),
      ...(ede === '' ? [] : [`EDE ${ede}`]),
      ...(cell.events === 0 ? [] : [`${cell.events} ${cell.events === 1 ? 'event' : 'events'} on the way`]),
    ],
  };
}
