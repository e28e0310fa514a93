/** The parts of `ws` that read and write frames. They are public; its types leave them out. */
import type { Writable } from 'node:stream';
import { Receiver, Sender } from 'ws';

declare module 'ws' {
  class Receiver extends Writable {
    constructor(options: { isServer: boolean; maxPayload?: number });
  }
  const Sender: {
    frame(data: Buffer, options: WsFrame): Buffer[];
  };
}

interface WsFrame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly rsv1: boolean;
  readonly mask: boolean;
  readonly readOnly: boolean;
  generateMask?(key: Buffer): void;
}

/** @returns the frame that `ws` makes, with the key if it is masked */
export function frameOfWs(payload: Uint8Array, opcode: number, fin: boolean, key: number | null): Uint8Array {
  const options = { fin, opcode, rsv1: false, mask: key !== null, readOnly: true };
  const generateMask = (bytes: Buffer): void => {
    bytes.writeUInt32BE((key ?? 0) >>> 0);
  };
  return new Uint8Array(Buffer.concat(Sender.frame(Buffer.from(payload), { ...options, generateMask })));
}

/** What `ws` reads from bytes, a line each: messages, control frames, and the close code of what is wrong. */
export async function eventsOfWs(bytes: Uint8Array, isServer: boolean, maxPayload = 0): Promise<string[]> {
  const receiver = new Receiver({ isServer, maxPayload });
  const events: string[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    events.push(`${isBinary ? 'binary' : 'text'} ${data.toString('hex')}`);
  });
  for (const name of ['ping', 'pong']) {
    receiver.on(name, (data: Buffer) => events.push(`${name} ${data.toString('hex')}`));
  }
  receiver.on('conclude', (code: number, reason: Buffer) => events.push(`close ${code} ${reason.toString('hex')}`));
  receiver.on('error', (error: Error) => {
    const code: unknown = Object.getOwnPropertySymbols(error)
      .filter((symbol) => symbol.description === 'status-code')
      .map((symbol): unknown => Reflect.get(error, symbol))[0];
    events.push(`violation ${String(code)}`);
  });
  await new Promise<void>((resolve) => {
    receiver.write(Buffer.from(bytes), () => {
      setImmediate(resolve);
    });
  });
  receiver.destroy();
  return events;
}
