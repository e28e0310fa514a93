/** The rows of one question to one server. */
import { domainToUnicode } from 'node:url';
import { DNS_DATA_CHARACTERS } from '../../shared/dns-limits.ts';
import type { DnsMessage } from '../../shared/dns/message.ts';
import { unicodeOf } from '../../shared/dns/name-text.ts';
import { hasNames } from '../../shared/dns/record-data.ts';
import { className, typeName } from '../../shared/dns/types.ts';
import type { WireError } from '../../shared/errors.ts';
import type { Meta } from '../../shared/record.ts';
import type { DriverContext, PeerId } from '../driver.ts';
import type { Mismatch } from './judge.ts';
import type { Query } from './query.ts';
import type { Question } from './question.ts';
import { chainOf, isInChain } from './verdict.ts';

export type Transport = 'udp' | 'tcp';

/** Durations are told to the microsecond; the clock itself has more digits than sense. */
export function inMs(duration: number): number {
  return Math.round(duration * 1000) / 1000;
}

export class QuestionRows {
  readonly #context: Pick<DriverContext, 'record'>;
  readonly #peer: PeerId;
  readonly #question: Question;
  /** Stands in every row. */
  readonly #about: { readonly server: string; readonly name: string; readonly type: string };

  constructor(
    context: Pick<DriverContext, 'record'>,
    server: { readonly label: string; readonly peer: PeerId },
    question: Question,
  ) {
    this.#context = context;
    this.#peer = server.peer;
    this.#question = question;
    this.#about = { server: server.label, name: question.name, type: typeName(question.type) };
  }

  query(query: Query, way: { local: string; to: string; transport: Transport; attempt: number }): void {
    const { id, flags, edns, dnssecOk } = query;
    this.#context.record('query', 'out', this.#peer, query.bytes, {
      ...this.#about,
      ...way,
      ...{ id, class: className(this.#question.class), flags, edns, do: dnssecOk },
    });
  }

  /** @param ms since its query */
  answer(
    message: DnsMessage,
    bytes: Uint8Array,
    about: { from: string; transport: Transport; ms: number; attempt: number; isLate: boolean; isFinal: boolean },
  ): void {
    const { edns, records } = message;
    const count = (section: string): number => records.filter((record) => record.section === section).length;
    this.#context.record('answer', 'in', this.#peer, bytes, {
      ...this.#about,
      ...{ from: about.from, transport: about.transport, id: message.id, rcode: message.rcodeName },
      ...(message.opcode === 'QUERY' ? {} : { opcode: message.opcode }),
      ...{ flags: message.flags, ms: inMs(about.ms), attempt: about.attempt, late: about.isLate },
      ...{ answers: count('answer'), authorities: count('authority'), additionals: count('additional') },
      ...{ final: about.isFinal, edns: edns?.size ?? 0 },
      ...(edns === null || edns.options.length === 0 ? {} : { options: cut(edns.options.join('; ')).text }),
      ...(edns === null || edns.errors.length === 0 ? {} : { ede: cut(edns.errors.join('; ')).text }),
      ...(message.extraBytes === 0 ? {} : { extra: message.extraBytes }),
    });
  }

  /** One row for each record of the answer. */
  records(message: DnsMessage): void {
    const chain = chainOf(message, this.#question.name);
    for (const record of message.records) {
      const data = cut(record.data);
      const unicodeName = unicodeOf(record.name, domainToUnicode);
      const unicodeData = hasNames(record.type) ? unicodeOf(data.text, domainToUnicode) : null;
      this.#context.record('record', 'in', this.#peer, record.bytes, {
        ...{ server: this.#about.server, question: this.#about.type, section: record.section, name: record.name },
        ...{ type: record.typeName, class: record.className, ttl: record.ttl, data: data.text },
        ...(unicodeName === null ? {} : { unicodeName }),
        ...(unicodeData === null ? {} : { unicodeData }),
        ...(data.isCut ? { cut: true } : {}),
        ...(record.section === 'answer' && !isInChain(record, chain) ? { other: true } : {}),
      });
    }
  }

  connected(local: string, remote: string, ms: number): void {
    this.#event('connect', { server: this.#about.server, local, remote, ms: inMs(ms) });
  }

  truncated(bytes: number, next: 'tcp' | ''): void {
    this.#event('truncated', { ...this.#about, bytes, next });
  }

  timeout(transport: Transport, attempt: number, ms: number): void {
    this.#event('timeout', { ...this.#about, transport, attempt, ms });
  }

  retry(transport: Transport, attempt: number, of: number): void {
    this.#event('retry', { ...this.#about, transport, attempt, of });
  }

  mismatch(why: Mismatch, bytes: Uint8Array, from: string, message: string): void {
    this.#context.record('mismatch', 'in', this.#peer, bytes, { ...this.#about, from, why, message });
  }

  malformed(bytes: Uint8Array, from: string, message: string): void {
    this.#context.record('malformed', 'in', this.#peer, bytes, { ...this.#about, from, message });
  }

  /** @param ms since the question was asked first */
  failed(error: WireError, ms: number): void {
    const { code, errno, message, hint } = error;
    this.#event('failed', { ...this.#about, code, errno: errno ?? '', message, hint, ms: inMs(ms) });
  }

  #event(kind: string, meta: Meta): void {
    this.#context.record(kind, 'none', this.#peer, null, meta);
  }
}

function cut(text: string): { readonly text: string; readonly isCut: boolean } {
  const isCut = text.length > DNS_DATA_CHARACTERS;
  return { text: isCut ? `${text.slice(0, DNS_DATA_CHARACTERS)}…` : text, isCut };
}
