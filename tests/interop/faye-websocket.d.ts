/** What the tests use of a package that comes without types. */
declare module 'faye-websocket' {
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';

  class FayeSocket {
    constructor(request: IncomingMessage, socket: Duplex, head: Buffer);
    on(event: 'message', listener: (event: { readonly data: string | Buffer }) => void): this;
    on(event: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): this;
    send(data: string | Buffer): boolean;
    close(code?: number, reason?: string): void;
  }
  namespace FayeSocket {
    class Client extends FayeSocket {
      constructor(url: string);
    }
  }
  export = FayeSocket;
}
