import type { PeerStatus, SessionState } from '../../shared/contract.ts';

/** Every state that a mark can show, of sessions and of connections; `listening` is a server's "open". */
export type MarkState = SessionState | PeerStatus['state'] | 'listening';

/** Each state has a shape, so that colour is never the only sign. */
export type MarkShape = 'full' | 'half' | 'ring' | 'dashed' | 'triangle';

interface Mark {
  readonly shape: MarkShape;
  /** Name of the colour token. */
  readonly tone: 'ok' | 'warn' | 'quiet' | 'bad';
  /** One or two words for it. */
  readonly word: string;
  /** What the state means, for the tooltip. */
  readonly meaning: string;
}

export const marks: Readonly<Record<MarkState, Mark>> = {
  idle: { shape: 'ring', tone: 'quiet', word: 'idle', meaning: 'Not opened yet.' },
  opening: { shape: 'half', tone: 'warn', word: 'opening', meaning: 'Being opened.' },
  open: { shape: 'full', tone: 'ok', word: 'open', meaning: 'Open in both directions.' },
  listening: { shape: 'full', tone: 'ok', word: 'listening', meaning: 'Accepting connections.' },
  closing: { shape: 'half', tone: 'warn', word: 'closing', meaning: 'Closing: what is queued still leaves.' },
  closed: { shape: 'dashed', tone: 'quiet', word: 'closed', meaning: 'Closed in both directions.' },
  failed: { shape: 'triangle', tone: 'bad', word: 'failed', meaning: 'Ended by an error.' },
  'half-closed-local': {
    shape: 'half',
    tone: 'warn',
    word: 'half-closed ↑',
    meaning: 'This side has ended (FIN sent); the peer may still send.',
  },
  'half-closed-remote': {
    shape: 'half',
    tone: 'warn',
    word: 'half-closed ↓',
    meaning: 'The peer has ended (FIN received); this side may still send.',
  },
  reset: { shape: 'triangle', tone: 'bad', word: 'reset', meaning: 'Ended by a reset (RST).' },
};
