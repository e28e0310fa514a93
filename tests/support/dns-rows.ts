/** Rows of a DNS session as its driver records them (src/drivers/dns/spec.ts), for the window to read. */
import { dnsSpec } from '../../src/drivers/dns/spec.ts';
import { kindTable, type Direction, type Meta, type RecordView } from '../../src/shared/record.ts';
import type { FakeRow } from './fake-client.ts';

const dnsKinds = kindTable(dnsSpec.kinds);

export const kindOfRow = ({ kind }: RecordView): string => dnsKinds[kind] ?? '';

/** Collects rows in their order; time passes by 1 ms from one to the next. */
export class DnsRows {
  readonly rows: FakeRow[] = [];

  add(kind: string, direction: Direction, meta: Meta, payload = new Uint8Array(0)): this {
    const seq = this.rows.length;
    const head = { kind: dnsKinds.indexOf(kind), direction, flags: 0, time: seq * 1_000_000, seq, peer: 0 };
    if (head.kind < 0) throw new Error(`there is no kind ${kind}`);
    this.rows.push({ head, meta, payload });
    return this;
  }

  ask(name: string, types: string, servers: string, more: Meta = {}): this {
    return this.add('ask', 'none', { name, types, class: 'IN', servers, ...more });
  }

  answer(server: string, type: string, more: Meta = {}): this {
    const facts = { rcode: 'NOERROR', flags: 'aa rd ra', ms: 1.5, transport: 'udp', final: true };
    return this.add('answer', 'in', { server, name: 'example.test.', type, ...facts, ...more }, new Uint8Array(56));
  }

  /** @param type of the record, and of the question unless `more` says otherwise */
  record(server: string, type: string, data: string, more: Meta = {}): this {
    const facts = { name: 'example.test.', class: 'IN', ttl: 300, section: 'answer' };
    return this.add('record', 'in', { server, question: type, type, data, ...facts, ...more }, new Uint8Array(4));
  }

  system(question: string, more: Meta): this {
    return this.add('lookup', 'none', { server: 'system', question, host: 'example.test', ms: 0.5, ...more });
  }

  failed(server: string, type: string, errno: string, message: string): this {
    const facts = { name: 'example.test.', code: 'dns-nxdomain', hint: 'Check the spelling.', ms: 2 };
    return this.add('failed', 'none', { server, type, errno, message, ...facts });
  }

  /** The rows as the window reads them. */
  get views(): RecordView[] {
    return this.rows.map(({ head, meta, payload }) => ({
      ...head,
      meta: meta ?? {},
      payload,
      payloadLength: payload.length,
    }));
  }
}
