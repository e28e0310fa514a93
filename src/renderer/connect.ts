/** The window's way to the engine. This is the one place that knows which host it runs in. */
import { messagePort } from '../rpc/message-port.ts';
import type { Port } from '../rpc/port.ts';
import { webSocketPort } from '../rpc/websocket-port.ts';
import { APP_SCHEME, PORT_GIVEN, PORT_WANTED } from '../shared/handover.ts';

/** Never rejects: a port that cannot be had is one that closes at once. */
export function connectPort(): Promise<Port> {
  return window.location.protocol === `${APP_SCHEME}:` ? portOfElectron() : Promise.resolve(portOfWebHost());
}

/** The preload script asks the main process for the port and posts it here. */
function portOfElectron(): Promise<Port> {
  return new Promise((resolve) => {
    function take(event: MessageEvent<unknown>): void {
      const [port] = event.ports;
      if (event.source !== window || event.data !== PORT_GIVEN || port === undefined) return;
      window.removeEventListener('message', take);
      resolve(
        messagePort(port, (deliver) => {
          port.addEventListener('message', deliver);
        }),
      );
    }
    window.addEventListener('message', take);
    window.postMessage(PORT_WANTED, window.location.origin);
  });
}

function portOfWebHost(): Port {
  const address = new URL('/rpc', window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return webSocketPort(new WebSocket(address));
}
