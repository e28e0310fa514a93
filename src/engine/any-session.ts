/** A session as windows see it: one that is live, or a recording that is only read. */
import type { PeerId } from '../drivers/driver.ts';
import type { Options } from '../drivers/spec.ts';
import type { PeerStatus, SessionConfig, SessionStatus, ViewStatus } from '../shared/contract.ts';
import type { Outcome } from '../shared/errors.ts';
import type { RecordingReader } from './recording.ts';
import type { Sent, SendSource } from './sending.ts';

export interface AnySession {
  readonly id: string;
  /** Id of its driver's spec. */
  readonly protocol: string;
  /** What it was opened with, as far as that is known. */
  readonly address: string;
  readonly options: SessionConfig['options'];
  /** True while nothing is open, nor on its way to or from it. */
  readonly isOver: boolean;
  /** A recording that was opened to be read: whatever would change something answers `read-only`. */
  readonly isReadOnly: boolean;
  readonly recording: RecordingReader;
  /** Names of the kinds, by the codes in the records. */
  readonly kinds: readonly string[];
  /** Kinds that carry bytes of the conversation. */
  readonly messageKinds: readonly string[];
  /** Called when the status has changed, at most every STATUS_INTERVAL_MS. @returns a function that ends it */
  onStatus(listener: () => void): () => void;
  /** Something that is shown with the session has changed. */
  touch(): void;
  status(views: readonly ViewStatus[]): SessionStatus;
  peers(from: number, count: number): { readonly total: number; readonly peers: PeerStatus[] };
  /** Connections that have not ended, by their number or a part of their remote address: TARGETS_SHOWN at most. */
  findPeers(query: string): { readonly total: number; readonly peers: PeerStatus[] };
  /** Payload bytes of messages that came in, of one connection or of all (null); 0 where that is not known. */
  bytesIn(peer: PeerId | null): number;
  /** Remote address of a connection; null for one that is not remembered. */
  peerName(peer: PeerId): string | null;
  open(config: SessionConfig): Promise<Outcome>;
  close(): Promise<Outcome>;
  act(action: string, peer: PeerId | null, values?: Options): Promise<Outcome>;
  send(peer: PeerId | null, source: SendSource, then: string | null, kind?: string): Promise<Outcome<Sent>>;
  cancelSend(): void;
  setReading(peer: PeerId | null, reading: boolean): Outcome;
  /** Ends everything at once, for good. */
  dispose(): Promise<void>;
}
