/** A port over either end of a MessageChannel: the window's (HTML Standard, §9.4) or Electron's MessagePortMain. */
import { success } from '../shared/errors.ts';
import { Inbox } from './inbox.ts';
import type { Port } from './port.ts';

/** What both have. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/**
 * @param subscribe hands on the port's events, which each kind has its own way to listen to. `closed` is for
 *   MessagePortMain, which closes also when the page is loaded again or its process has crashed. Not for the window's
 *   end: with a listener for `close`, Electron before 29 crashes when the page is loaded again (electron#41201), and
 *   the other end lives as long as the window.
 */
export function messagePort(
  port: MessagePortLike,
  subscribe: (deliver: (event: { readonly data: unknown }) => void, closed: () => void) => void,
): Port {
  const inbox = new Inbox();
  subscribe(
    ({ data }) => {
      inbox.deliver(data);
    },
    () => {
      inbox.close();
    },
  );
  port.start();
  return {
    // Neither end tells; both are read by a process of this application.
    backlog: 0,
    post(message) {
      port.postMessage(message);
      return success();
    },
    listen(receive, closed) {
      inbox.listen(receive, closed);
    },
    close() {
      if (inbox.close()) port.close();
    },
  };
}
