/** Every protocol that the window offers, in the order of its menus. */
import { dnsSpec } from './dns/spec.ts';
import type { Spec } from './spec.ts';
import { tcpClientSpec, tcpServerSpec } from './tcp/spec.ts';
import { webSocketClientSpec } from './websocket/client-spec.ts';
import { webSocketServerSpec } from './websocket/server-spec.ts';

export const specs: readonly Spec[] = [tcpClientSpec, tcpServerSpec, webSocketClientSpec, webSocketServerSpec, dnsSpec];

/** The spec of a protocol, or undefined when this version does not have it (a saved tab of a newer one). */
export function specOf(id: string): Spec | undefined {
  return specs.find((spec) => spec.id === id);
}
