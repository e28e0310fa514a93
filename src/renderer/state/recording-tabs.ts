/** Recordings in tabs: each is shown once, in the tab that writes it or in a read-only one. */
import type { Client } from '../../rpc/client.ts';
import type { Result } from '../../shared/contract.ts';
import { sentence } from '../../shared/errors.ts';
import { tabSchema, type TabDocument } from '../../shared/workspace.ts';
import type { History } from './history.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { recordedSpec, type RecordingSource } from './recorded.svelte.ts';
import type { SessionTab } from './session-tab.svelte.ts';
import { firstLook } from './tab-sections.ts';

/** Longest title of a tab (workspace.ts). */
const TITLE_CHARACTERS = 200;

export interface RecordingTabsHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly history: History;
  readonly tabs: () => readonly SessionTab[];
  readonly activate: (tab: SessionTab) => void;
  /** Opens a tab in front, under an id of its own. @returns null when there are too many tabs, which a notice says */
  readonly add: (document: TabDocument) => SessionTab | null;
  /** Forgets closed tabs whose closing could still be undone. */
  readonly letGo: (which: (tab: SessionTab) => boolean) => Promise<void>;
}

export class RecordingTabs {
  readonly #host: RecordingTabsHost;

  constructor(host: RecordingTabsHost) {
    this.#host = host;
  }

  /**
   * Shows a recording in a read-only tab, or in the one that shows or writes it already.
   * @returns null when it cannot be opened; then a notice says why
   */
  async open(source: RecordingSource): Promise<SessionTab | null> {
    const { client, notices, history, tabs, activate, letGo } = this.#host;
    const id = 'recording' in source ? source.recording : null;
    const shown = tabs().find((tab) => tab.recorded?.isOf(source) ?? (id !== null && tab.recordingId === id));
    if (shown !== undefined) {
      activate(shown);
      if (shown.recorded?.state === 'gone') await shown.openRecorded();
      return shown;
    }
    // A closed tab that can still be brought back would end the session of the new one when its time is up.
    await letGo((tab) => tab.recorded?.isOf(source) === true || (id !== null && tab.recordingId === id));
    const opened = await history.whileOpening(id, () => client.call('recordings.open', source));
    if (opened.ok) return this.#show(source, opened.value);
    notices.show(sentence(opened.error), { tone: 'bad' });
    await history.load();
    return null;
  }

  /** Opens a recording with the dialog that exports it. */
  async export(source: RecordingSource): Promise<void> {
    (await this.open(source))?.exporter.open();
  }

  async #show(source: RecordingSource, opened: Result<'recordings.open'>): Promise<SessionTab | null> {
    const { client, tabs, activate, add } = this.#host;
    const { session, title, config } = opened;
    const other = tabs().find((tab) => tab.session === session);
    if (other !== undefined) {
      activate(other);
      return other;
    }
    const id = 'new';
    const spec = recordedSpec(config.protocol);
    const look = spec.asksOnly === true ? firstLook(spec) : {};
    const name = title.slice(0, TITLE_CHARACTERS);
    const tab = add(tabSchema.parse({ id, title: name, ...config, recording: source, ...look }));
    if (tab === null) await client.call('session.remove', { session });
    else await tab.takeRecorded(opened);
    return tab;
  }
}
