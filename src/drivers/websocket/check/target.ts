/** The server that is checked, and a wire to it: TCP, the proxy and TLS as the person has set them. */
import { success, type Outcome } from '../../../shared/errors.ts';
import type { Lookup } from '../../net/lookup.ts';
import type { Wire } from '../../net/wire.ts';
import { dial } from '../dial.ts';
import type { HandshakePlan } from '../handshake-client.ts';
import { whereOf, type ClientOptions } from '../opening.ts';
import { chooseProxy, throughProxy } from '../proxy.ts';
import { secure } from '../tls.ts';
import type { WebSocketUrl } from '../url.ts';

export interface Target {
  readonly url: WebSocketUrl;
  readonly options: ClientOptions;
  readonly plan: HandshakePlan;
  /** PEM, one certificate each. */
  readonly certificates: readonly string[];
  readonly lookup: Lookup;
  /** Variables that name proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A check is no session: nothing of it is recorded. */
export const unrecorded = {
  record(): void {
    // Nobody listens.
  },
};

/** @returns errors of the system, of the proxy and of TLS; after one no handle is left */
export async function reachTarget(target: Target, stop: AbortSignal): Promise<Outcome<Wire>> {
  const { url, options, certificates, lookup, environment } = target;
  const proxy = chooseProxy(options, url, environment);
  if (!proxy.ok) return proxy;
  const family = options.family === 'auto' ? 0 : options.family === '4' ? 4 : 6;
  const dialled = await dial(proxy.value ?? url, family, lookup, unrecorded, stop);
  if (!dialled.ok) return dialled;
  const plain = dialled.value;
  if (proxy.value !== null) {
    const through = await throughProxy(plain, proxy.value, url, unrecorded, stop);
    if (!through.ok) {
      await plain.destroy();
      return through;
    }
  }
  if (!url.secure) return dialled;
  const { rejectUnauthorized, ca, servername } = options;
  const tls = { host: url.host, where: whereOf(url), rejectUnauthorized, ca, servername };
  const secured = await secure(plain, tls, certificates, () => undefined, stop);
  return secured.ok ? success(secured.value.wire) : secured;
}
