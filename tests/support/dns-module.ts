/** A driver that is opened at a name, for tests that open at a place. */
import type { DriverModule } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { parseServers } from '../../src/shared/dns/servers.ts';

/**
 * The same driver: an address that is a server goes where `place` says, any other is passed on.
 * @param place of a server
 */
export function asAddress(
  module: DriverModule,
  place: (server: string) => { readonly address: string; readonly options: Options },
): DriverModule {
  return {
    spec: module.spec,
    create(context, options) {
      const isServer = parseServers(context.address).ok && /:\d+$/.test(context.address);
      if (!isServer) return module.create(context, options);
      const { address, options: more } = place(context.address);
      return module.create(withAddress(context, address), { ...more, ...options });
    },
  };
}

function withAddress(context: Parameters<DriverModule['create']>[0], address: string): typeof context {
  return {
    address,
    record: (...record) => {
      context.record(...record);
    },
    recordBatch: (...batch) => {
      context.recordBatch(...batch);
    },
    peerOpened: (addresses) => context.peerOpened(addresses),
    peerChanged: (peer, state) => {
      context.peerChanged(peer, state);
    },
    endpoints: (addresses) => {
      context.endpoints(addresses);
    },
    closing: () => {
      context.closing();
    },
    closed: (error) => {
      context.closed(error);
    },
  };
}
