/** What the rows of a DNS session say, put together: lookups, and in each what every server answered to every question. */
import type { Meta, RecordView } from '../../../shared/record.ts';
import { metaText } from '../../../shared/meta-text.ts';
import { ipFamily } from '../../../shared/ip.ts';

export const sections = ['answer', 'authority', 'additional'] as const;
export type Section = (typeof sections)[number];

/** Label of the column of `getaddrinfo`. */
export const SYSTEM = 'system';

/** Records of one answer that are kept here: far more than people publish. A hostile server can send thousands, all in Messages. */
export const ANSWER_RECORDS_KEPT = 500;

/** One resource record, or one address that the system gave. */
export interface DnsRecord {
  readonly seq: number;
  readonly section: Section;
  readonly name: string;
  /** With its international labels as a person writes them; '' when that is the same. */
  readonly unicodeName: string;
  readonly type: string;
  /** Seconds; null: the system does not tell. */
  readonly ttl: number | null;
  readonly data: string;
  readonly unicodeData: string;
  /** Its owner is not what was asked for, nor an alias of it. */
  readonly isOther: boolean;
}

/** What one server said to one question, so far. */
export interface DnsCell {
  readonly server: string;
  readonly type: string;
  /** The row of the newest answer, or of the newest event; null before the first. */
  seq: number | null;
  /** Facts of the newest answer (dns-records: kind `answer`), or of the system's; null while there is none. */
  answer: Meta | null;
  /** Facts of the row `failed`; null: it has not failed. */
  failed: Meta | null;
  /** Length of the newest message, bytes. */
  bytes: number;
  /** Rows about its way: a time-out, a retry, something that was no answer. */
  events: number;
  isSettled: boolean;
  records: DnsRecord[];
  /** Records that came beyond those that are kept. */
  more: number;
}

export interface DnsLookup {
  /** Of its row `ask`. */
  readonly seq: number;
  /** ns since the session began. */
  readonly time: number;
  readonly name: string;
  readonly unicodeName: string;
  /** The address whose name is asked for; '' when a name was asked about. */
  readonly reverseOf: string;
  readonly types: readonly string[];
  readonly servers: readonly string[];
  /** By server and type. */
  readonly cells: ReadonlyMap<string, DnsCell>;
}

interface Building extends DnsLookup {
  servers: string[];
  cells: Map<string, DnsCell>;
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(', ');
}

export function cellKey(server: string, type: string): string {
  return `${server} ${type}`;
}

function isSection(text: string): text is Section {
  return sections.some((section) => section === text);
}

/** The record of a row of kind `record`. */
function recordOf({ seq, meta }: RecordView): DnsRecord {
  const section = metaText(meta, 'section');
  return {
    seq,
    section: isSection(section) ? section : 'answer',
    name: metaText(meta, 'name'),
    unicodeName: metaText(meta, 'unicodeName'),
    type: metaText(meta, 'type'),
    ttl: typeof meta.ttl === 'number' ? meta.ttl : null,
    data: metaText(meta, 'data'),
    unicodeData: metaText(meta, 'unicodeData'),
    isOther: meta.other === true,
  };
}

const EVENTS = new Set(['truncated', 'timeout', 'retry', 'mismatch', 'malformed']);

export class LookupLog {
  readonly #lookups: Building[] = [];
  readonly #most: number;

  /** @param most lookups that are kept, the newest ones */
  constructor(most: number) {
    this.#most = most;
  }

  /** Oldest first. The same objects as before, with more in them. */
  get lookups(): readonly DnsLookup[] {
    return this.#lookups;
  }

  /** Takes the next row. What comes before the first `ask` belongs to nothing that is shown. */
  add(kind: string, record: RecordView): void {
    if (kind === 'ask') {
      this.#begin(record);
      return;
    }
    const lookup = this.#lookups.at(-1);
    if (lookup === undefined) return;
    if (kind === 'lookup') this.#addSystem(lookup, record);
    else if (kind === 'record') {
      for (const cell of this.#cellsOf(lookup, metaText(record.meta, 'question'), record)) keep(cell, recordOf(record));
    } else if (kind === 'query' || kind === 'answer' || kind === 'failed' || EVENTS.has(kind))
      this.#note(lookup, kind, record);
    // The session is over: what is not settled by now never will be.
    else if (kind === 'state' && record.meta.to !== 'opening' && record.meta.to !== 'open') {
      for (const cell of lookup.cells.values()) cell.isSettled = true;
    }
  }

  #begin({ seq, time, meta }: RecordView): void {
    const types = listOf(metaText(meta, 'types'));
    const servers = listOf(metaText(meta, 'servers'));
    const cells = new Map<string, DnsCell>();
    const lookup = {
      seq,
      time,
      name: metaText(meta, 'name'),
      unicodeName: metaText(meta, 'unicodeName'),
      reverseOf: metaText(meta, 'reverseOf'),
      types,
      servers,
      cells,
    };
    for (const server of servers) for (const type of types) cells.set(cellKey(server, type), emptyCell(server, type));
    this.#lookups.push(lookup);
    if (this.#lookups.length > this.#most) this.#lookups.shift();
  }

  /** The cells that a row is about: the system answers to A and AAAA at once. */
  #cellsOf(lookup: Building, types: string, { meta }: RecordView): DnsCell[] {
    const server = metaText(meta, 'server');
    if (server === '') return [];
    return listOf(types).map((type) => {
      const key = cellKey(server, type);
      const known = lookup.cells.get(key);
      if (known !== undefined) return known;
      const cell = emptyCell(server, type);
      lookup.cells.set(key, cell);
      if (!lookup.servers.includes(server)) lookup.servers.push(server);
      return cell;
    });
  }

  #note(lookup: Building, kind: string, record: RecordView): void {
    const { meta, seq } = record;
    for (const cell of this.#cellsOf(lookup, metaText(meta, 'type'), record)) {
      if (kind === 'query') cell.seq ??= seq;
      else if (kind === 'answer') {
        cell.seq = seq;
        cell.answer = meta;
        cell.bytes = record.payloadLength;
        // What was cut off comes once more, whole.
        cell.records = [];
        cell.more = 0;
        cell.isSettled = meta.final !== false;
      } else if (kind === 'failed') {
        cell.failed = meta;
        if (cell.answer === null) cell.seq = seq;
        cell.isSettled = true;
      } else cell.events += 1;
    }
  }

  #addSystem(lookup: Building, record: RecordView): void {
    const { meta, seq } = record;
    const address = metaText(meta, 'address');
    const hostname = metaText(meta, 'hostname');
    for (const cell of this.#cellsOf(lookup, metaText(meta, 'question'), record)) {
      cell.seq ??= seq;
      if (meta.code !== undefined) continue;
      cell.answer ??= meta;
      cell.isSettled = true;
      const isOfType = cell.type === 'PTR' ? hostname !== '' : ipFamily(address) === (cell.type === 'AAAA' ? 6 : 4);
      if (!isOfType) continue;
      const data = cell.type === 'PTR' ? hostname : address;
      keep(cell, {
        ...{ seq, section: 'answer', name: lookup.name, unicodeName: lookup.unicodeName, type: cell.type },
        ...{ ttl: null, data, unicodeData: '', isOther: false },
      });
    }
  }
}

function emptyCell(server: string, type: string): DnsCell {
  return {
    server,
    type,
    seq: null,
    answer: null,
    failed: null,
    bytes: 0,
    events: 0,
    isSettled: false,
    records: [],
    more: 0,
  };
}

function keep(cell: DnsCell, record: DnsRecord): void {
  if (cell.records.length < ANSWER_RECORDS_KEPT) cell.records.push(record);
  else cell.more += 1;
}
