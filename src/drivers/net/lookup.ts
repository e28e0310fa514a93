/** Names to addresses, as `net.connect` asks for them, but with every answer visible. */
import { ADDRCONFIG, lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import type { DriverContext } from '../driver.ts';

export type Family = 0 | 4 | 6;

/** `dns.lookup` with `all`: the system's resolver. Tests put their own in its place. */
export type Lookup = (
  host: string,
  family: Family,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export const systemLookup: Lookup = (host, family, done) => {
  // As net.js does it: families that this machine has no address of are left out, unless one was asked for.
  const hints = family === 0 && process.platform !== 'win32' ? ADDRCONFIG : 0;
  dnsLookup(host, { all: true, family, hints }, done);
};

/** The answer when somebody gave up meanwhile: the caller knows why. */
export const stopped = failure('cancelled', 'This was cancelled.');

/**
 * The addresses of a host in the resolver's order, one `lookup` record for
 * each; a literal is its own address, without a record. `dns.lookup` itself
 * cannot be cancelled: after `stop` its answer is ignored.
 * @returns error `host-not-found`, `lookup-failed`, …; `stopped` after `stop`
 */
export function resolveHost(
  host: string,
  family: Family,
  lookup: Lookup,
  context: Pick<DriverContext, 'record'>,
  stop: AbortSignal,
): Promise<Outcome<readonly LookupAddress[]>> {
  const literal = isIP(host);
  if (literal !== 0) return Promise.resolve(success([{ address: host, family: literal }]));
  return new Promise((resolve) => {
    const giveUp = (): void => {
      resolve(stopped);
    };
    if (stop.aborted) {
      giveUp();
      return;
    }
    stop.addEventListener('abort', giveUp, { once: true });
    lookup(host, family, (error, addresses) => {
      stop.removeEventListener('abort', giveUp);
      if (stop.aborted) return;
      if (error !== null) {
        const facts = factsOf(error);
        context.record('lookup', 'none', 0, null, { host, code: facts.code });
        resolve({ ok: false, error: systemError(facts, host) });
        return;
      }
      for (const one of addresses) {
        context.record('lookup', 'none', 0, null, { host, address: one.address, family: one.family });
      }
      resolve(success(addresses));
    });
  });
}
