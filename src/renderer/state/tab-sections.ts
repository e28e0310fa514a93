/** The sections of a tab, which depend on its protocol. */
import type { SessionStatus } from '../../shared/contract.ts';
import type { TabDocument } from '../../shared/workspace.ts';
import type { Spec } from '../../drivers/spec.ts';
import { formatCount } from '../format/size.ts';
import { isByteStream } from './terminal/tab-terminal.svelte.ts';

/** What of a tab its sections depend on. */
interface Sectioned {
  readonly spec: Spec;
  readonly status: SessionStatus | null;
}
interface Editable extends Sectioned {
  readonly isServer: boolean;
  readonly changedOptions: number;
  readonly preset: { readonly notes: string };
}

export type SectionId = TabDocument['section'];

export interface TabSection {
  readonly id: SectionId;
  readonly label: string;
  readonly badge?: string;
}

/** Where a new tab begins. */
export function firstSection(spec: Spec): SectionId {
  if (spec.asksOnly === true) return 'answers';
  return spec.role === 'server' ? 'connections' : 'messages';
}

/** What a new tab shows: of answers, which are no text, the bytes. */
export function firstLook(spec: Spec): Partial<TabDocument> {
  return { section: firstSection(spec), ...(spec.asksOnly === true ? { detail: 'Hex' } : {}) };
}

function answers(spec: Spec): readonly TabSection[] {
  return spec.asksOnly === true ? [{ id: 'answers', label: 'Answers' }] : [];
}

function terminal(spec: Spec): readonly TabSection[] {
  return isByteStream(spec) ? [{ id: 'terminal', label: 'Terminal' }] : [];
}

/** Of a tab that can be opened. */
export function liveSections(tab: Editable): readonly TabSection[] {
  const { spec, status } = tab;
  return [
    ...answers(spec),
    ...(tab.isServer
      ? [{ id: 'connections', label: 'Connections', badge: formatCount(status?.peers.open ?? 0) } as const]
      : []),
    { id: 'messages', label: 'Messages', badge: formatCount(status?.rows.end ?? 0) },
    ...terminal(spec),
    { id: 'options', label: 'Options', badge: tab.changedOptions === 0 ? '' : String(tab.changedOptions) },
    ...(spec.asksOnly === true ? [] : [{ id: 'socket', label: tab.isServer ? 'Server' : 'Socket' } as const]),
    { id: 'notes', label: 'Notes', badge: tab.preset.notes.trim() === '' ? '' : '•' },
  ];
}

/** Of a tab that shows a recording. */
export function recordedSections({ spec, status }: Sectioned): readonly TabSection[] {
  return [
    ...answers(spec),
    { id: 'messages', label: 'Messages', badge: formatCount(status?.rows.end ?? 0) },
    ...terminal(spec),
    { id: 'options', label: 'Options' },
  ];
}

/** The section that is shown: the one that was chosen, if there is such a one, else the first. */
export function shownSection(sections: readonly TabSection[], chosen: SectionId): SectionId {
  return sections.some(({ id }) => id === chosen) ? chosen : (sections[0]?.id ?? chosen);
}
