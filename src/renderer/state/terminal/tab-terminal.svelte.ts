/** The terminal of one tab: its settings, which survive a restart, and what is shown, which lives while the tab does. */
import type { Spec } from '../../../drivers/spec.ts';
import {
  terminalSettingsSchema,
  type TerminalSettings,
  type TypingSettings,
} from '../../../shared/terminal-settings.ts';

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
  /** Of a server, the connection whose bytes are shown. */
  peer = $state<number | null>(null);
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

  /** How one types now. */
  get typing(): TypingSettings {
    return this.settings.input === 'line' ? this.settings.byLine : this.settings.byKey;
  }

  changeTyping(changes: Partial<TypingSettings>): void {
    const typing = { ...this.typing, ...changes };
    this.change(this.settings.input === 'line' ? { byLine: typing } : { byKey: typing });
  }

  /** Takes the place of what was shown. */
  keep(shown: ShownTerminal, key: string): void {
    this.shown?.dispose();
    this.shown = shown;
    this.shownKey = key;
  }

  /** The session is gone, and with it all that was shown. */
  end(): void {
    this.shown?.dispose();
    this.shown = null;
    this.peer = null;
  }
}
