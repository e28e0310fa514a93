/** The window's way to the engine. This is the one place that knows which host it runs in. */
import { messagePort } from '../rpc/message-port.ts';
import type { Port } from '../rpc/port.ts';
import { webSocketPort } from '../rpc/websocket-port.ts';
import { APP_SCHEME, PORT_OFFERED } from '../shared/handover.ts';

/** Goes by the preload script to the main process. Made here, so that calls can go into it at once. */
function portOfElectron(): Port {
  const { port1, port2 } = new MessageChannel();
  // To the own origin only, so that the port goes nowhere else should the page have changed.
  window.postMessage(PORT_OFFERED, window.location.origin, [port2]);
  return messagePort(port1, (deliver) => {
    port1.addEventListener('message', deliver);
  });
}

function portOfWebHost(): Port {
  const address = new URL('/rpc', window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return webSocketPort(new WebSocket(address));
}

/** What is posted before the other end listens waits there. A port that cannot be had is one that closes at once. */
export const enginePort: Port = window.location.protocol === `${APP_SCHEME}:` ? portOfElectron() : portOfWebHost();
