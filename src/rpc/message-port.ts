/** A port over the window's end of a MessageChannel (HTML Standard, §9.4). */
import { Inbox } from './inbox.ts';
import type { Port } from './port.ts';

/**
 * What is used of a MessagePort. Not its event `close`: with a listener for it,
 * Electron before 29 crashes when the page is loaded again (electron#41201).
 * Nothing is lost by that: the other end lives as long as the window.
 */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function messagePort(port: MessagePortLike): Port {
  const inbox = new Inbox();
  port.addEventListener('message', ({ data }) => {
    inbox.deliver(data);
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
