/** The system's own way to look up: getaddrinfo and getnameinfo, with its hosts file and whatever else it is set to use. */
import { ADDRCONFIG, ALL, getServers, lookup, lookupService, V4MAPPED, type LookupAddress } from 'node:dns';
import { failure, type WireError } from '../../shared/errors.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import { TYPE } from '../../shared/dns/types.ts';
import type { DnsOptions } from './question.ts';

type Done<T> = (error: Error | null, value: T) => void;

/** What Node's `dns` is asked for. Tests put their own in its place. */
export interface SystemResolver {
  addresses(host: string, family: 0 | 4 | 6, hints: number, done: Done<readonly LookupAddress[]>): void;
  nameOf(address: string, done: Done<string>): void;
  servers(): readonly string[];
}

export const nodeResolver: SystemResolver = {
  addresses(host, family, hints, done) {
    // Node 18 does not know `order` and gives them so anyway.
    lookup(host, { all: true, family, hints, order: 'verbatim' }, done);
  },
  nameOf(address, done) {
    // The port is only for the name of a service, which nobody wants.
    lookupService(address, 0, done);
  },
  servers: getServers,
};

/** Null when it was stopped: a lookup of the system itself cannot be. */
export type Looked<T> =
  { readonly value: T; readonly ms: number } | { readonly error: WireError; readonly ms: number } | null;

function waitFor<T>(host: string, begin: (done: Done<T>) => void, stop: AbortSignal): Promise<Looked<T>> {
  return new Promise((resolve) => {
    if (stop.aborted) {
      resolve(null);
      return;
    }
    const giveUp = (): void => {
      resolve(null);
    };
    stop.addEventListener('abort', giveUp, { once: true });
    const began = performance.now();
    begin((error, value) => {
      stop.removeEventListener('abort', giveUp);
      const ms = performance.now() - began;
      resolve(error === null ? { value, ms } : { error: systemError(factsOf(error), host), ms });
    });
  });
}

/** `auto` is what the types ask for: A for IPv4, AAAA for IPv6. */
function familyFor(types: readonly number[], family: DnsOptions['family']): 0 | 4 | 6 {
  if (family !== 'auto') return family === '4' ? 4 : 6;
  const [hasFour, hasSix] = [types.includes(TYPE.A), types.includes(TYPE.AAAA)];
  return hasFour === hasSix ? 0 : hasFour ? 4 : 6;
}

function hintsOf(options: DnsOptions): number {
  return (options.ADDRCONFIG ? ADDRCONFIG : 0) | (options.V4MAPPED ? V4MAPPED : 0) | (options.ALL ? ALL : 0);
}

/** As `dns.lookup` does it from Node 22 on; what is alike keeps its order. */
function inOrder(addresses: readonly LookupAddress[], order: DnsOptions['order']): readonly LookupAddress[] {
  if (order === 'verbatim') return addresses;
  const first = order === 'ipv4first' ? 4 : 6;
  const isFirst = ({ family }: LookupAddress): boolean => family === first;
  return [...addresses.filter(isFirst), ...addresses.filter((address) => !isFirst(address))];
}

/** `getaddrinfo`. An error `host-not-found` is an answer, too. */
export async function systemAddresses(
  resolver: SystemResolver,
  host: string,
  types: readonly number[],
  options: DnsOptions,
  stop: AbortSignal,
): Promise<Looked<readonly LookupAddress[]>> {
  const family = familyFor(types, options.family);
  const begin = (done: Done<readonly LookupAddress[]>): void => {
    resolver.addresses(host, family, hintsOf(options), done);
  };
  const looked = await waitFor(host, begin, stop);
  if (looked === null || 'error' in looked) return looked;
  if (looked.value.length > 0) return { ...looked, value: inOrder(looked.value, options.order) };
  const { error } = failure('host-not-found', `${host} has no address.`, 'Set family to auto.', { errno: 'ENOTFOUND' });
  return { error, ms: looked.ms };
}

/** `getnameinfo` */
export function systemName(resolver: SystemResolver, address: string, stop: AbortSignal): Promise<Looked<string>> {
  return waitFor(
    address,
    (done: Done<string>) => {
      resolver.nameOf(address, done);
    },
    stop,
  );
}
