/** A port over Electron's end of a MessageChannel, in the main process. */
import type { MessagePortMain } from 'electron';
import { Inbox } from '../rpc/inbox.ts';
import type { Port } from '../rpc/port.ts';

export function mainPort(port: MessagePortMain): Port {
  const inbox = new Inbox();
  port.on('message', ({ data }: { readonly data: unknown }) => {
    inbox.deliver(data);
  });
  // Also when the page is reloaded or its process has crashed.
  port.on('close', () => {
    inbox.close();
  });
  port.start();
  return {
    post(message) {
      port.postMessage(message);
    },
    listen(receive, closed) {
      inbox.listen(receive, closed);
    },
    close() {
      if (inbox.close()) port.close();
    },
  };
}
