/** What is asked, whom, and how. */
import { isIP } from 'node:net';
import { formatEndpoint } from '../../shared/address.ts';
import type { PeerId } from '../driver.ts';
import type { OptionsOf } from '../spec.ts';
import type { dnsSpec } from './spec.ts';

export type DnsOptions = OptionsOf<typeof dnsSpec>;

export interface Question {
  /** Presentation format, with its final dot. */
  readonly name: string;
  /** As it is sent, uncompressed. */
  readonly nameBytes: Uint8Array;
  readonly type: number;
  readonly class: number;
}

/** A server with an address. */
export interface Server {
  readonly label: string;
  readonly peer: PeerId;
  readonly address: string;
  readonly port: number;
  readonly transport: DnsOptions['transport'];
}

/** `127.0.0.1:53`, where a query goes. */
export function placeOf(server: Pick<Server, 'address' | 'port'>): string {
  return formatEndpoint({ type: 'ip', host: server.address, port: server.port });
}

export function familyOf(server: Pick<Server, 'address'>): 4 | 6 {
  return isIP(server.address) === 6 ? 6 : 4;
}
