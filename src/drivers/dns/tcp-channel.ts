/** DNS over TCP (RFC 7766): each message behind its length of two bytes, however the reads cut it. */
import { connect } from 'node:net';
import { wireErrorOf } from '../../shared/system-error.ts';
import { attempt } from '../net/happy-eyeballs.ts';
import { localOf } from '../net/socket-address.ts';
import type { Arrival, Channel, Opened } from './channel.ts';
import { familyOf, placeOf, type Server } from './question.ts';

const LENGTH_BYTES = 2;

/** Messages out of the bytes of a stream. Holds less than one message. */
class MessageSplitter {
  #held: Buffer = Buffer.alloc(0);

  /** Bytes of a message that is not whole. */
  get held(): number {
    return this.#held.length;
  }

  /** The messages that are whole with these bytes. */
  *take(bytes: Uint8Array): Generator<Uint8Array> {
    let rest = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    while (rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + rest.readUInt16BE(0);
      if (rest.length < end) break;
      yield rest.subarray(LENGTH_BYTES, end);
      rest = rest.subarray(end);
    }
    this.#held = rest;
  }
}

/**
 * @param ms how long connecting may take
 * @param arrive hears what comes, until the channel is closed
 */
export async function openTcp(
  server: Server,
  ms: number,
  arrive: (arrival: Arrival) => void,
  stop: AbortSignal,
): Promise<Opened> {
  const place = placeOf(server);
  const socket = connect({ host: server.address, port: server.port, family: familyOf(server), noDelay: true });
  const result = await attempt(socket, ms, stop);
  switch (result.type) {
    case 'failed':
      return { type: 'failed', error: wireErrorOf(result.error, place) };
    case 'timeout':
      return { type: 'late' };
    case 'stopped':
      return { type: 'stopped' };
    case 'ready':
      break;
  }
  const splitter = new MessageSplitter();
  let isClosed = false;
  socket
    .on('data', (bytes: Buffer) => {
      for (const message of splitter.take(bytes)) arrive({ type: 'message', bytes: message, from: place });
    })
    .on('error', (error) => {
      arrive({ type: 'failed', error: wireErrorOf(error, place) });
    })
    .on('close', () => {
      isClosed = true;
      arrive({ type: 'ended', held: splitter.held });
    });
  const channel: Channel = {
    send(bytes) {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(bytes.length);
      // In one write: RFC 7766 §8.
      socket.write(Buffer.concat([length, bytes]));
    },
    async close() {
      if (!isClosed) await new Promise((resolve) => socket.once('close', resolve).destroy());
    },
  };
  return { type: 'open', channel, local: localOf(socket) };
}
