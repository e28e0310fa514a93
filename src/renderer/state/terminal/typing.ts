/** What is typed into a terminal: by line, edited here and sent with Enter, or by key, sent at once. */
import type { LineEnding } from '../../../shared/message-forms.ts';
import type { TerminalSettings } from '../../../shared/terminal-settings.ts';
import type { Place } from './line-draw.ts';
import { LineInput } from './line-input.ts';
import { localEcho } from './local-echo.ts';

const endings: Readonly<Record<LineEnding, string>> = {
  none: '',
  '\\n': '\n',
  '\\r\\n': '\r\n',
  '\\r': '\r',
  '\\0': '\0',
};

export interface TypingHost {
  readonly settings: () => TerminalSettings;
  /** The peer shows what it gets (RFC 857), so that nobody else is to. */
  readonly peerEchoes: () => boolean;
  readonly place: () => Place;
  readonly send: (text: string) => void;
  /** Shows text in the terminal. */
  readonly show: (text: string) => void;
}

export class Typing {
  readonly #host: TypingHost;
  readonly #line: LineInput;

  constructor(host: TypingHost) {
    this.#host = host;
    this.#line = new LineInput({
      ending: () => endings[host.settings().byLine.ending],
      echo: () => host.settings().byLine.echo && !host.peerEchoes(),
      place: host.place,
    });
  }

  /** @param data as xterm makes it of keys, and of what is pasted */
  type(data: string): void {
    const { input, byKey } = this.#host.settings();
    if (input === 'line') {
      const { send, echo } = this.#line.type(data);
      this.#host.show(echo);
      this.#host.send(send);
      return;
    }
    if (byKey.echo && !this.#host.peerEchoes()) this.#host.show(localEcho(data));
    this.#host.send(data.replaceAll('\r', endings[byKey.ending]));
  }

  /** The line that is being typed leaves the screen, so that something else can be written. */
  suspend(): void {
    this.#host.show(this.#line.suspend());
  }

  /** It stands where the cursor is now. */
  resume(): void {
    this.#host.show(this.#line.resume());
  }

  /** What was typed and not sent will not be. */
  discard(): void {
    this.#host.show(this.#line.discard());
  }
}
