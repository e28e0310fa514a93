/** What a tab is called, and the mark of its state. */
import { maskCredentials } from '../../shared/credentials.ts';
import type { SessionStatus } from '../../shared/contract.ts';
import type { MetaValue } from '../../shared/record.ts';
import type { Spec } from '../../drivers/spec.ts';
import type { TabDocument } from '../../shared/workspace.ts';
import type { MarkState } from '../components/state-mark.ts';

/** What names a tab. */
interface Named {
  readonly spec: Spec;
  readonly title: string;
  readonly address: string;
  readonly status: SessionStatus | null;
  readonly isServer: boolean;
  readonly isLive: boolean;
  readonly isReadOnly: boolean;
  readonly name: string;
}

/** Node's `socket.readyState` of a client: `open`, `readOnly` after our FIN, `writeOnly` after the peer's. */
export function readyState(spec: Spec, status: SessionStatus | null): MetaValue {
  return spec.role === 'server' ? null : (status?.facts.readyState ?? null);
}

/** The state as a mark shows it: of a client also which of the two directions has ended. */
export function markOf(spec: Spec, status: SessionStatus | null): MarkState {
  const state = status?.state ?? 'idle';
  if (state !== 'open') return state;
  if (spec.role === 'server') return 'listening';
  const ready = readyState(spec, status);
  if (ready === 'readOnly') return 'half-closed-local';
  return ready === 'writeOnly' ? 'half-closed-remote' : state;
}

/** The title, else the address without its password: of a server that listens the real one, with the port that it was given. */
export function nameOf({ title, spec, address, status, isServer, isLive }: Named): string {
  if (title !== '') return title;
  const bound = isServer && isLive ? (status?.local ?? '') : '';
  return bound || maskCredentials(address.trim()) || `New ${spec.title}`;
}

export function fullNameOf({ name, title, spec, isReadOnly }: Named): string {
  if (isReadOnly) return `Recording ${name}`;
  return title === '' ? `${spec.title} ${name}` : title;
}

/** Whether a section shows what comes of opening: then it stays in front. */
export function showsWhatComes(section: TabDocument['section']): boolean {
  return section === 'messages' || section === 'connections' || section === 'terminal' || section === 'answers';
}

/** Whether what was opened came to something. A lookup may be over by then. */
export function hasOpened({ spec, status }: Pick<Named, 'spec' | 'status'>): boolean {
  return status?.state === 'open' || (spec.asksOnly === true && status?.state === 'closed');
}
