/** Writes what came in to a screen: without Telnet's negotiation, and with a line of our own where something is missing. */
import { TelnetFilter } from '../../../shared/telnet/telnet-filter.ts';
import type { TerminalChunk } from '../../../shared/terminal-contract.ts';
import type { TerminalSettings } from '../../../shared/terminal-settings.ts';
import { formatSize } from '../../format/size.ts';
import { LineFeeds } from './line-feeds.ts';

/** What of a screen this needs. */
export interface WrittenScreen {
  readonly terminal: { readonly options: { convertEol?: boolean } };
  /** Resolves when it has been taken. */
  write(data: Uint8Array | string): Promise<void>;
  note(text: string): Promise<void>;
  /** As for another peer. */
  renew(): Promise<void>;
}

export interface ChunkWriterOptions {
  readonly screen: WrittenScreen;
  readonly settings: () => Pick<TerminalSettings, 'lineFeed'>;
  readonly usesTelnet: () => boolean;
}

export class ChunkWriter {
  readonly #options: ChunkWriterOptions;
  readonly #lineFeeds = new LineFeeds();
  #telnet = new TelnetFilter();
  /** Of what was sent: the answers of Telnet were not typed. */
  #telnetSent = new TelnetFilter();
  #peer = 0;

  constructor(options: ChunkWriterOptions) {
    this.#options = options;
  }

  /** The peer shows what it gets (RFC 857). */
  get peerEchoes(): boolean {
    return this.#options.usesTelnet() && this.#telnet.peerEchoes === true;
  }

  /** What was typed, as it has to be sent. */
  outgoing(bytes: Uint8Array): Uint8Array {
    return this.#options.usesTelnet() ? this.#telnet.input(bytes) : bytes;
  }

  /** Begins anew: nothing is known of the peer. */
  restart(): void {
    this.#peer = 0;
    this.#forget();
  }

  /** Resolves when the screen has taken it. */
  async write(chunk: TerminalChunk): Promise<void> {
    await this.#tellMissing(chunk);
    if (chunk.peer !== 0 && chunk.peer !== this.#peer) await this.#next(chunk.peer);
    if (chunk.direction === 'out') await this.#writeSent(chunk.bytes);
    else await this.#writeReceived(chunk.bytes);
  }

  async #writeReceived(bytes: Uint8Array): Promise<void> {
    const { screen, settings, usesTelnet } = this.#options;
    const { lineFeed } = settings();
    const shown = usesTelnet() ? this.#telnet.push(bytes) : bytes;
    const isAlone = this.#lineFeeds.look(shown);
    screen.terminal.options.convertEol = lineFeed === 'newline' || (lineFeed === 'auto' && isAlone);
    await screen.write(shown);
  }

  /** What the peer shows by itself is not shown twice. */
  async #writeSent(bytes: Uint8Array): Promise<void> {
    const { screen, usesTelnet } = this.#options;
    const typed = usesTelnet() ? this.#telnetSent.push(bytes) : bytes;
    if (typed.length > 0 && !this.peerEchoes) await screen.write(sentText(typed));
  }

  async #tellMissing({ skipped, hasGap, lost }: TerminalChunk): Promise<void> {
    const { screen } = this.#options;
    if (skipped > 0 || hasGap) this.#telnet.resync();
    if (skipped > 0) await screen.note(`… ${formatSize(skipped)} skipped; the recording has them`);
    if (!hasGap) return;
    const what = lost > 0 ? `${formatSize(lost)} are` : 'A part is';
    await screen.note(`… ${what} not in the recording`);
  }

  async #next(peer: number): Promise<void> {
    const { screen } = this.#options;
    const isFirst = this.#peer === 0;
    this.#peer = peer;
    this.#forget();
    if (isFirst) return;
    await screen.renew();
    await screen.note('── connected again ──');
  }

  /** Of another connection nothing is known. */
  #forget(): void {
    this.#lineFeeds.restart();
    this.#telnet = new TelnetFilter();
    this.#telnetSent = new TelnetFilter();
  }
}

/** What was sent, as it looked when it was typed: dim, one line under another, control characters by their signs. */
function sentText(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes).replaceAll(/\r\n?/g, '\n');
  const text = lines.replaceAll(/(?![\n\t])\p{Cc}/gu, caret).replaceAll('\n', '\r\n');
  return `\x1b[2m${text}\x1b[22m`;
}

/** `^C` for the byte 3 (RFC 20, as terminals write it); those from 0x80 on have no such sign. */
function caret(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x80 ? `^${String.fromCharCode(code ^ 0x40)}` : '';
}
