/** A port over the window's end of a MessageChannel (HTML Standard, §9.4). */
import { Inbox } from './inbox.ts';
import type { Port } from './port.ts';

/** What is used of a MessagePort. The event `close` exists since Chrome 122; before, only the window's own end is noticed. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

export function messagePort(port: MessagePortLike): Port {
  const inbox = new Inbox();
  port.addEventListener('message', ({ data }) => {
    inbox.deliver(data);
  });
  port.addEventListener('close', () => {
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
