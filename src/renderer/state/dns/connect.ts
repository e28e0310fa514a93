/** Where an answer leads: to a socket, to another lookup, to the address inspector. */
import { formatEndpoint } from '../../../shared/address.ts';
import { ipFamily } from '../../../shared/ip.ts';
import type { Options } from '../../../drivers/spec.ts';
import type { DnsLookup, DnsRecord } from './lookup-log.ts';

/** A tab that can be opened on an address. */
export interface ConnectChoice {
  readonly label: string;
  /** What is filled in. */
  readonly hint: string;
  readonly protocol: string;
  readonly address: string;
  readonly options: Options;
}

/** Without the dot at its end, as programs take it; '' for the root. */
export function bareName(name: string): string {
  return name.replace(/\.$/, '');
}

/** The address of an A or AAAA record, also when the system gave it; null of other records. */
export function addressOf({ type, data }: Pick<DnsRecord, 'type' | 'data'>): string | null {
  return (type === 'A' || type === 'AAAA') && ipFamily(data) !== null ? data : null;
}

/** Target and port of an SRV record (RFC 2782); null of other records, and where it says that there is no service. */
export function serviceOf({ type, data }: Pick<DnsRecord, 'type' | 'data'>): { host: string; port: number } | null {
  const [, port, target = ''] = (type === 'SRV' ? /^\d+ \d+ (\d{1,5}) (\S+)$/.exec(data) : null) ?? [];
  const host = bareName(target);
  return port === undefined || host === '' || port === '0' ? null : { host, port: Number(port) };
}

/** The name that a record leads to: what an alias stands for, who serves, who takes mail. Null when there is none. */
export function targetOf({ type, data }: Pick<DnsRecord, 'type' | 'data'>): string | null {
  const patterns: Readonly<Record<string, RegExp>> = {
    CNAME: /^(\S+)$/,
    DNAME: /^(\S+)$/,
    NS: /^(\S+)$/,
    PTR: /^(\S+)$/,
    MX: /^\d+ (\S+)$/,
    SRV: /^\d+ \d+ \d+ (\S+)$/,
  };
  const name = bareName(patterns[type]?.exec(data)?.[1] ?? '');
  return name === '' ? null : name;
}

/** The name for TLS and for the Host header: what was asked for, also when aliases led elsewhere. */
export function hostOf(lookup: Pick<DnsLookup, 'name'>, record: DnsRecord): string {
  return bareName(record.section === 'answer' && !record.isOther ? lookup.name : record.name);
}

/**
 * The tabs that can be opened on an address. The port of TCP is left open, because DNS does not tell it.
 * @param name kept for TLS and for the Host header; '' for none
 */
export function connectChoices(address: string, name: string): readonly ConnectChoice[] {
  const host = address.includes(':') ? `[${address}]` : address;
  const isNamed = name !== '' && name !== address;
  const headers: Options = isNamed ? { headers: `Host: ${name}` } : {};
  const kept = isNamed ? `Host: ${name}` : 'the address alone';
  return [
    { label: 'TCP client', hint: `${host} and a port`, protocol: 'tcp-client', address: `${host}:`, options: {} },
    { label: 'WebSocket client', hint: kept, protocol: 'websocket-client', address: `ws://${host}/`, options: headers },
    {
      label: 'WebSocket client with TLS',
      hint: isNamed ? `${kept} · TLS server name ${name}` : kept,
      protocol: 'websocket-client',
      address: `wss://${host}/`,
      options: isNamed ? { ...headers, servername: name } : {},
    },
  ];
}

/** The same for a service, whose port is known. Its target is a name, which needs nothing kept. */
export function serviceChoices({ host, port }: { host: string; port: number }): readonly ConnectChoice[] {
  const endpoint = formatEndpoint({ type: 'ip', host, port });
  return [
    { label: 'TCP client', hint: endpoint, protocol: 'tcp-client', address: endpoint, options: {} },
    ...['ws', 'wss'].map((scheme) => ({
      label: scheme === 'ws' ? 'WebSocket client' : 'WebSocket client with TLS',
      hint: `${scheme}://${endpoint}/`,
      protocol: 'websocket-client',
      address: `${scheme}://${endpoint}/`,
      options: {},
    })),
  ];
}
