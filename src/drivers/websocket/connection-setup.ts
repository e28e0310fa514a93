/** What a connection is made of, whoever has shaken hands for it. */
import type { Socket } from 'node:net';
import type { WireError } from '../../shared/errors.ts';
import type { DriverContext, Facts, PeerId } from '../driver.ts';
import type { Wire } from '../net/wire.ts';
import type { DeflateSide } from './deflate.ts';

/** The options that are about a connection, of client and server alike. */
export interface ConnectionOptions {
  readonly maxPayload: number;
  readonly fragmentSize: number | null;
  readonly deflateThreshold: number;
  readonly pingInterval: number;
  readonly holdPongs: boolean;
  readonly closeTimeout: number;
  readonly setNoDelay: boolean;
  readonly setTimeout: number;
  readonly setKeepAlive: boolean;
  readonly keepAliveInitialDelay: number;
}

/** Who keeps reading stopped: a person, or what the server does by itself. Each lets go for itself. */
export type Holder = 'person' | 'echo';

export interface ConnectionSetup {
  readonly context: Pick<DriverContext, 'record' | 'recordBatch' | 'peerChanged'>;
  readonly role: 'client' | 'server';
  /** Its next reader is the connection; what came behind the handshake is in it. */
  readonly wire: Wire;
  /** The socket of TCP: the wire's own, or the one under TLS. */
  readonly tcp: Socket;
  readonly peer: PeerId;
  /** Formatted address of the other end, for messages. */
  readonly remote: string;
  readonly options: ConnectionOptions;
  /** What was agreed for what this side sends and for what it gets; null without compression. */
  readonly deflate: { readonly send: DeflateSide; readonly receive: DeflateSide } | null;
  /** Of the handshake, for the first row and for the facts. */
  readonly agreed: { readonly subprotocol: string; readonly extensions: string };
  /** More facts: of TLS. */
  readonly facts?: () => Facts;
  /** Starts with reading stopped. */
  readonly paused: boolean;
  /** The socket is closed and the last record is written. The error is what ended it, or null. */
  readonly onClosed: (error: WireError | null) => void;
}
