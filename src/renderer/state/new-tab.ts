/** What a new tab begins with. */
import { tabSchema, type TabDocument } from '../../shared/workspace.ts';
import type { Options, Spec } from '../../drivers/spec.ts';
import { firstLook } from './tab-sections.ts';

/** What is known of a tab before it is there. */
export interface Given {
  readonly address?: string;
  readonly options?: Options;
  readonly title?: string;
}

export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A line ending ends a message in a stream; where the protocol has messages, nothing needs to be appended. */
function firstDraft(spec: Spec): Partial<TabDocument['composer']> {
  return spec.messageKinds.length > 1 ? { lineEnding: 'none' } : {};
}

/** Without an address, the protocol's usual one. */
export function newDocument(spec: Spec, given: Given): TabDocument {
  return tabSchema.parse({
    id: freshId(),
    protocol: spec.id,
    title: given.title ?? '',
    address: given.address ?? spec.address.default,
    options: given.options ?? {},
    ...firstLook(spec),
    composer: firstDraft(spec),
  });
}

/** The same tab with another protocol, not opened yet. Address and message stay. */
export function documentFor(spec: Spec, document: TabDocument): TabDocument {
  const composer = { ...document.composer, ...firstDraft(spec) };
  return { ...document, protocol: spec.id, session: null, ...firstLook(spec), composer };
}
