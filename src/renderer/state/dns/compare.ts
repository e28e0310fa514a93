/** Answers of several servers side by side: one table for each type, one column for each server, and where they differ. */
import { metaText } from '../../../shared/meta-text.ts';
import { cellKey, sections, SYSTEM, type DnsCell, type DnsLookup, type DnsRecord, type Section } from './lookup-log.ts';

/** Whether a server has a record. `unknown`: it has not answered, or does not say such things. */
export type Presence =
  { readonly type: 'has'; readonly record: DnsRecord } | { readonly type: 'lacks' } | { readonly type: 'unknown' };

export interface ComparedRow {
  readonly key: string;
  /** As the first server gave it. */
  readonly record: DnsRecord;
  /** By column. */
  readonly servers: readonly Presence[];
  /** Some have it and others, which have answered, do not. The TTL is no difference. */
  readonly differs: boolean;
}

export interface ComparedColumn {
  readonly server: string;
  readonly cell: DnsCell | null;
  /** Its response code is not that of all others. */
  readonly differs: boolean;
}

export interface ComparedType {
  readonly type: string;
  readonly columns: readonly ComparedColumn[];
  readonly groups: readonly { readonly section: Section; readonly rows: readonly ComparedRow[] }[];
  /** How many servers have given an answer that can be held against another. */
  readonly compared: number;
  /** Rows that differ, and one more for different response codes. */
  readonly differences: number;
  /** Records of the servers that stand only in the list of messages. */
  readonly more: number;
}

/** Of `getaddrinfo`: it tells addresses and names, and nothing else of the answer. */
export function isSystemCell(cell: DnsCell): boolean {
  return (
    cell.server === SYSTEM &&
    (cell.answer === null ? cell.failed?.rcode === undefined : cell.answer.rcode === undefined)
  );
}

/** `NOERROR`, `NXDOMAIN`; '' when there is none: no answer, or that of the system. */
export function rcodeOf(cell: DnsCell): string {
  return cell.answer === null ? '' : metaText(cell.answer, 'rcode');
}

/** The system says that there is none of that name by an error. */
const SYSTEM_NONE = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN', 'NODATA']);

/** Whether what the cell has is all that its server knows. */
function isComparable(cell: DnsCell | null): cell is DnsCell {
  if (cell?.isSettled !== true) return false;
  if (isSystemCell(cell)) return cell.answer !== null || SYSTEM_NONE.has(metaText(cell.failed ?? {}, 'errno'));
  return rcodeOf(cell) === 'NOERROR' || rcodeOf(cell) === 'NXDOMAIN';
}

/** In the data of these types names stand, which are the same in any case (RFC 4343). */
const NAME_TYPES = new Set(['CNAME', 'DNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV']);
const ADDRESS_TYPES = new Set(['A', 'AAAA', 'PTR']);

/** What makes two records the same. An address counts wherever a chain of aliases has led: the aliases have rows of their own. */
function keyOf({ section, name, type, data }: DnsRecord): string {
  const owner = section === 'answer' && ADDRESS_TYPES.has(type) ? '' : name.toLowerCase();
  return `${section} ${owner} ${type} ${NAME_TYPES.has(type) ? data.toLowerCase() : data}`;
}

/** Whether what is in this section can be held against others. */
function tells(cell: DnsCell | null, section: Section, type: string): boolean {
  if (!isComparable(cell)) return false;
  if (isSystemCell(cell)) return section === 'answer' && type === cell.type;
  // Servers may leave these two out.
  return section === 'answer' || cell.records.some((record) => record.section === section);
}

function rowsOf(columns: readonly (DnsCell | null)[], section: Section): ComparedRow[] {
  const found = new Map<string, { record: DnsRecord; servers: (DnsRecord | null)[] }>();
  for (const [column, cell] of columns.entries()) {
    for (const record of cell?.records ?? []) {
      if (record.section !== section) continue;
      const key = keyOf(record);
      const row = found.get(key) ?? { record, servers: columns.map(() => null) };
      found.set(key, row);
      row.servers[column] ??= record;
    }
  }
  return [...found].map(([key, { record, servers }]) => {
    const presences = servers.map((has, column): Presence => {
      if (has !== null) return { type: 'has', record: has };
      return { type: tells(columns[column] ?? null, section, record.type) ? 'lacks' : 'unknown' };
    });
    return { key, record, servers: presences, differs: presences.some(({ type }) => type === 'lacks') };
  });
}

function compareType(lookup: DnsLookup, type: string): ComparedType {
  const cells = lookup.servers.map((server) => lookup.cells.get(cellKey(server, type)) ?? null);
  const rcodes = cells.map((cell) => (cell === null ? '' : rcodeOf(cell)));
  const differ = new Set(rcodes.filter((rcode) => rcode !== '')).size > 1;
  const groups = sections
    .map((section) => ({ section, rows: rowsOf(cells, section) }))
    .filter(({ rows }) => rows.length > 0);
  const rows = groups.flatMap((group) => group.rows).filter((row) => row.differs).length;
  return {
    type,
    columns: lookup.servers.map((server, column) => ({
      server,
      cell: cells[column] ?? null,
      differs: differ && rcodes[column] !== '',
    })),
    groups,
    compared: cells.filter(isComparable).length,
    differences: rows + (differ ? 1 : 0),
    more: cells.reduce((sum, cell) => sum + (cell?.more ?? 0), 0),
  };
}

/** One table for each type that was asked for, in that order. */
export function compareLookup(lookup: DnsLookup): readonly ComparedType[] {
  const asked = new Set(lookup.types);
  for (const { type } of lookup.cells.values()) asked.add(type);
  return [...asked].map((type) => compareType(lookup, type));
}

/** Why a question has no answer, in words. */
export interface DnsFailure {
  readonly server: string;
  readonly message: string;
  readonly hint: string;
}

/** By the type that was asked for; '' for those that are the same for each type: they need to be said only once. */
export function failuresOf(
  { servers, cells }: DnsLookup,
  types: readonly string[],
): ReadonlyMap<string, readonly DnsFailure[]> {
  const failures = new Map<string, DnsFailure[]>();
  for (const server of servers) {
    const found = types.flatMap((type) => {
      const failed = cells.get(cellKey(server, type))?.failed;
      if (failed == null) return [];
      return [{ type, failure: { server, message: metaText(failed, 'message'), hint: metaText(failed, 'hint') } }];
    });
    const isSame = found.length === types.length && new Set(found.map(({ failure }) => failure.message)).size === 1;
    for (const { type, failure } of isSame ? found.slice(0, 1) : found) {
      const key = isSame ? '' : type;
      failures.set(key, [...(failures.get(key) ?? []), failure]);
    }
  }
  return failures;
}
