/** The terminal of one tab: its settings, which survive a restart, and what is shown, which lives while the tab does. */
import type { Spec } from '../../../drivers/spec.ts';
import { terminalSettingsSchema, type TerminalSettings } from '../../../shared/terminal-settings.ts';

/** What the view has made. It is heavy, so that nothing of it is loaded before a terminal is looked at. */
export interface ShownTerminal {
  dispose(): void;
}

/** Whether what comes in is one stream of bytes: messages of a protocol have no place in a terminal. */
export function isByteStream(spec: Spec): boolean {
  return spec.asksOnly !== true && spec.messageKinds.length === 1 && spec.messageKinds[0] === 'data';
}

export class TabTerminal {
  settings = $state.raw<TerminalSettings>(terminalSettingsSchema.parse({}));
  /** The field that looks for text is open. */
  finding = $state(false);
  shown: ShownTerminal | null = null;
  /** Of which session and connection `shown` is. */
  shownKey = '';

  constructor(settings: TerminalSettings) {
    this.settings = settings;
  }

  change(changes: Partial<TerminalSettings>): void {
    this.settings = { ...this.settings, ...changes };
  }

  /** Takes the place of what was shown. */
  keep(shown: ShownTerminal, key: string): void {
    this.end();
    this.shown = shown;
    this.shownKey = key;
  }

  /** The session is gone, and with it all that was shown. */
  end(): void {
    this.shown?.dispose();
    this.shown = null;
  }
}
