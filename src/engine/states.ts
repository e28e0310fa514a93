/**
 * The states of a session and the ways between them:
 *
 *                ┌────────────────────────────────┐
 *                │                                ▼
 *   idle ──► opening ──► open ──► closing ──► closed ──► opening …
 *                │         │         │
 *                └─────────┴─────────┴──────► failed ──► opening …
 *
 * `open → closed` without `closing` is a connection that the peer has ended;
 * `opening → closing` is a person who gave up waiting.
 */
import type { SessionState } from '../shared/contract.ts';

const next: Readonly<Record<SessionState, readonly SessionState[]>> = {
  idle: ['opening'],
  opening: ['open', 'closing', 'closed', 'failed'],
  open: ['closing', 'closed', 'failed'],
  closing: ['closed', 'failed'],
  closed: ['opening'],
  failed: ['opening'],
};

export function canEnter(from: SessionState, to: SessionState): boolean {
  return next[from].includes(to);
}

/** Whether there is something that bytes can be sent to: also while a server that no longer accepts still has connections. */
export function isLive(state: SessionState): boolean {
  return state === 'open' || state === 'closing';
}

export function isOver(state: SessionState): boolean {
  return state === 'idle' || state === 'closed' || state === 'failed';
}
