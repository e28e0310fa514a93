/**
 * A WebSocket client as a driver, as thin as the seam allows: for P1 only,
 * until the product has its own.
 */
import { WebSocket } from 'ws';
import { defineDriver, type Driver, type DriverContext, type DriverModule } from '../../src/drivers/driver.ts';
import type { Spec } from '../../src/drivers/spec.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';

const spec = {
  id: 'bench-websocket',
  title: 'WebSocket client of the benchmark',
  tag: 'WS',
  hue: 'ws',
  role: 'client',
  address: { placeholder: 'ws://', default: '' },
  verbs: { open: 'Connect', close: 'Disconnect' },
  fields: [],
  kinds: ['open', 'text', 'binary', 'close'],
  messageKinds: ['text', 'binary'],
  actions: [],
} as const satisfies Spec;

class WebSocketDriver implements Driver {
  readonly #context: DriverContext;
  readonly #ended: () => void;
  #socket: WebSocket | null = null;

  constructor(context: DriverContext, ended: () => void) {
    this.#context = context;
    this.#ended = ended;
  }

  open(): Promise<Outcome> {
    const context = this.#context;
    const socket = new WebSocket(context.address, { perMessageDeflate: false });
    this.#socket = socket;
    return new Promise((resolve) => {
      socket.once('open', () => {
        const peer = context.peerOpened({ local: '', remote: context.address });
        context.record('open', 'none', peer, null, null);
        socket.on('message', (data: Buffer, isBinary: boolean) => {
          context.record(isBinary ? 'binary' : 'text', 'in', peer, data, null);
        });
        socket.once('close', (code) => {
          context.record('close', 'in', peer, null, { code });
          context.peerChanged(peer, 'closed');
          context.closed(null);
          this.#ended();
        });
        resolve(success());
      });
      socket.once('error', (error) => {
        resolve(failure('internal', error.message));
      });
    });
  }

  send(): Promise<Outcome> {
    return Promise.resolve(failure('not-supported', 'The benchmark only receives.'));
  }

  act(): Promise<Outcome> {
    return this.send();
  }

  pauseReading(): void {
    this.#socket?.pause();
  }

  resumeReading(): void {
    this.#socket?.resume();
  }

  facts(): Record<string, never> {
    return {};
  }

  close(): Promise<void> {
    this.#socket?.terminate();
    return Promise.resolve();
  }
}

/** @param ended is called when the connection has closed and the session knows */
export function webSocketModule(ended: () => void): DriverModule {
  return defineDriver(spec, (context) => new WebSocketDriver(context, ended));
}
