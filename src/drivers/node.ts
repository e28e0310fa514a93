/** Every driver that a host offers. Adding a protocol adds one line here, and one in specs.ts. */
import { dnsLookup } from './dns/client.ts';
import type { DriverModule } from './driver.ts';
import { tcpClient } from './tcp/client.ts';
import { tcpServer } from './tcp/server.ts';
import { webSocketClient } from './websocket/client.ts';
import { webSocketServer } from './websocket/server.ts';

export const driverModules: readonly DriverModule[] = [
  tcpClient,
  tcpServer,
  webSocketClient,
  webSocketServer,
  dnsLookup,
];
