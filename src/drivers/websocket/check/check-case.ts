/**
 * A case of the matrix as data: what is sent, step by step, and what has to come back. Cases are written from RFC 6455
 * and RFC 7692. Most can be tried on either role; the mask is then put on by whoever plays the client.
 */
import type { LengthForm } from '../raw-frame.ts';

export const checkGroups = [
  'Opening handshake',
  'Framing',
  'Masking',
  'Ping and pong',
  'Reserved bits',
  'Reserved opcodes',
  'Fragmentation',
  'UTF-8',
  'Closing',
  'Limits',
  'Compression',
] as const;
export type CheckGroup = (typeof checkGroups)[number];

/** `right`: as the role wants it. `wrong`: the other way. `zero` and `ones`: masked with that key; for clients only. */
export type PieceMask = 'right' | 'wrong' | 'zero' | 'ones';

export interface FramePiece {
  readonly type: 'frame';
  readonly opcode: number;
  /** As on the wire before masking: compressed already when RSV1 says so. */
  readonly payload: Uint8Array;
  readonly fin: boolean;
  readonly rsv: number;
  readonly mask: PieceMask;
  readonly lengthForm: LengthForm;
  /** What the head says that the payload has; null: what it has. */
  readonly declared: number | bigint | null;
}

export type Expected =
  /** `mayBeLost`: the peer fails the connection right behind it, and may do so before anybody has sent it back. */
  | { readonly type: 'message'; readonly opcode: 1 | 2; readonly payload: Uint8Array; readonly mayBeLost: boolean }
  /** Pongs of pings sent `before` may come first, or be left out (RFC 6455 §5.5.3). */
  | { readonly type: 'pong'; readonly payload: Uint8Array; readonly before: readonly Uint8Array[] }
  /** The answer to our close frame, and the end of TCP. `codes`: the likely one first; null stands for none. */
  | { readonly type: 'closed'; readonly codes: readonly (number | null)[] }
  /**
   * The peer fails the connection (RFC 6455 §7.1.7): MUST end it, SHOULD send a close frame with one of the codes.
   * `isCut`: the stream stops within a frame, so that nothing can be asked behind it.
   */
  | { readonly type: 'failed'; readonly codes: readonly number[]; readonly isCut: boolean }
  /** The echo of a message, or a close frame with one of these codes: the peer may have a limit. */
  | {
      readonly type: 'message-or-close';
      readonly opcode: 1 | 2;
      readonly payload: Uint8Array;
      readonly codes: readonly number[];
    }
  /** A client masks each frame with a new key (RFC 6455 §5.3). */
  | { readonly type: 'new-keys' };

export type Step =
  /** `one` write for all, one for `each` frame, or one for each of the `octets`. */
  | { readonly type: 'send'; readonly pieces: readonly FramePiece[]; readonly writes: 'one' | 'each' | 'octets' }
  | { readonly type: 'expect'; readonly expected: Expected };

/** Header fields of permessage-deflate: what we say in either role. */
export interface DeflateSetup {
  /** As client, Sec-WebSocket-Extensions of the request. */
  readonly offer: string;
  /** As server, that of the answer. */
  readonly answer: string;
  /** We refer to earlier messages: only if the peer has not asked for client_no_context_takeover. */
  readonly needsContext: boolean;
}

interface CaseBase {
  /** Stable, of small letters: `framing.text-126`. */
  readonly id: string;
  readonly group: CheckGroup;
  /** What is special about it, for a person. */
  readonly title: string;
  readonly rfc: string;
  /** `should`: a peer that does otherwise gets a remark. */
  readonly level: 'must' | 'should';
}

export interface FramesCase extends CaseBase {
  readonly type: 'frames';
  /** Who can be tried with it. */
  readonly subject: 'server' | 'client' | 'both';
  readonly steps: readonly Step[];
  readonly deflate: DeflateSetup | null;
  /** Only where the peer's longest message is known, and is this. In bytes. */
  readonly maxPayload: number | null;
}

export interface HeaderChange {
  /** Request or status line; null leaves it as it is. `%s` stands for the target of the request. */
  readonly start?: string;
  /** Names of fields that are left out. */
  readonly remove?: readonly string[];
  /** Fields whose value is another. */
  readonly set?: readonly (readonly [name: string, value: string])[];
  /** Fields that come at the end. */
  readonly add?: readonly (readonly [name: string, value: string])[];
  /** Bytes of one write; 0: all at once. */
  readonly split?: number;
}

/** A server is asked, and its answer judged. */
export interface RequestCase extends CaseBase {
  readonly type: 'request';
  readonly change: HeaderChange;
  readonly expected: RequestExpected;
}

export type RequestExpected =
  /** 101, and then the connection works. `orRefused`: the refusal of the whole handshake gets a remark only. */
  | {
      readonly type: 'accepted';
      readonly orRefused: boolean;
      /** Header fields of the answer that must be as told; null: must not be there. */
      readonly fields: readonly (readonly [name: string, value: RegExp | null, words: string])[];
    }
  /** Anything but 101. `statuses`: the likely ones; others get a remark. Empty: any. `fields` as above. */
  | {
      readonly type: 'refused';
      readonly statuses: readonly number[];
      readonly fields: readonly (readonly [name: string, value: RegExp, words: string])[];
    }
  /** Either; but a connection that was made must work. */
  | { readonly type: 'either' };

export type CheckCase = FramesCase | RequestCase;
