/** One terminal as it is shown: the bytes of a session or connection go to a screen, and what is typed there is sent. */
import type { Client } from '../../../rpc/client.ts';
import type { WireError } from '../../../shared/errors.ts';
import type { TerminalChunk } from '../../../shared/terminal-contract.ts';
import { TERMINAL_LAG_BYTES } from '../../../shared/terminal-limits.ts';
import type { TerminalSettings, TerminalSpeed } from '../../../shared/terminal-settings.ts';
import type { Notices } from '../notices.svelte.ts';
import { copyText } from '../clipboard.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { installEscapePolicy, WITHDRAW_REPORTS } from './escape-policy.ts';
import { KeySender } from './key-sender.ts';
import { pasteNeedsAsking } from './paste.ts';
import type { ShownTerminal } from './tab-terminal.svelte.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { TerminalScreen, type ScreenSize, type SearchResult } from './terminal-screen.ts';
import { Typing } from './typing.ts';

export interface TerminalHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly session: string;
  /** One connection; null: the connections of a client, one after another. */
  readonly peer: number | null;
  /** A recording: nothing can be typed, and it is played. */
  readonly isReadOnly: boolean;
  readonly role: 'client' | 'server';
  readonly settings: () => TerminalSettings;
  readonly usesTelnet: () => boolean;
  readonly canType: () => boolean;
  /** What came in before, bytes: little of it is shown from the beginning. */
  readonly bytesIn: number;
  readonly failed: (error: WireError) => void;
  /** A link that the peer has made was clicked. */
  readonly openLink: (address: string) => void;
}

/** How long nothing has to come before a person is offered to go on, ms. */
const LONG_WAIT_MS = 2000;

export class OpenTerminal implements ShownTerminal {
  readonly screen: TerminalScreen;
  size = $state.raw<ScreenSize>({ columns: 80, rows: 24 });
  /** Of a recording: where the player stands, and from where to where it goes, ns since the session began. */
  position = $state(0);
  begins = $state(0);
  ends = $state(0);
  state = $state<'playing' | 'paused' | 'ended'>('playing');
  /** Nothing comes for long, in the recording; when something does, ms since 1970. */
  quietUntil = $state<number | null>(null);
  /** Bytes that were left out so far, because they came faster than they can be shown. */
  skipped = $state(0);
  problem = $state.raw<WireError | null>(null);
  found = $state.raw<SearchResult | null>(null);
  hasSelection = $state(false);
  /** What was pasted and has to be looked at first. */
  pasting = $state<string | null>(null);
  /** How the peer has named itself, where it may. */
  title = $state('');

  readonly #host: TerminalHost;
  readonly #keys: KeySender;
  readonly #typing: Typing;
  readonly #writer: ChunkWriter;
  readonly #encoder = new TextEncoder();
  #feed: TerminalFeed;
  /** Until the feed has ended, and nothing more of it comes. */
  #running: Promise<void> = Promise.resolve();
  #restarts = 0;
  #isShown = false;
  #isOver = false;
  #couldType = false;
  #mayReport = false;

  constructor(host: TerminalHost) {
    this.#host = host;
    const { client, session, peer, failed } = host;
    const { fontSize, scrollback } = host.settings();
    this.screen = new TerminalScreen({
      fontSize,
      scrollback,
      resizing: (resize) => {
        this.#typing.suspend();
        this.screen.terminal.write('', () => {
          resize();
          this.#typing.resume();
        });
      },
    });
    this.#keys = new KeySender({ client, session, peer, failed });
    const { terminal } = this.screen;
    this.#writer = new ChunkWriter({ screen: this.screen, settings: host.settings, usesTelnet: host.usesTelnet });
    this.#typing = new Typing({
      settings: host.settings,
      peerEchoes: () => this.#writer.peerEchoes,
      place: () => ({ column: terminal.buffer.active.cursorX, columns: terminal.cols }),
      send: (text) => {
        this.#send(this.#encoder.encode(text));
      },
      show: (text) => {
        if (text !== '') terminal.write(text);
      },
    });
    terminal.options.linkHandler = {
      activate: (_, address) => {
        host.openLink(address);
      },
    };
    installEscapePolicy(terminal, {
      allow: () => host.settings().allow,
      writeClipboard: (text) => void this.#copy(text),
    });
    terminal.onData((data) => {
      this.type(data);
    });
    terminal.onBinary((data) => {
      this.#send(Uint8Array.from(data, (character) => character.charCodeAt(0)));
    });
    terminal.onResize(({ cols, rows }) => {
      this.size = { columns: cols, rows };
      this.#tellSize();
    });
    terminal.onTitleChange((title) => {
      this.title = title;
    });
    terminal.onSelectionChange(() => {
      this.hasSelection = terminal.hasSelection();
    });
    this.screen.onSearch((result) => {
      this.found = result;
    });
    this.#feed = this.#start(host.bytesIn <= TERMINAL_LAG_BYTES ? 'begin' : 'tail');
  }

  /** Settings have changed. */
  apply({ fontSize, scrollback, allow }: TerminalSettings, canType: boolean): void {
    const { options } = this.screen.terminal;
    // What the peer has asked for before, as long as it was allowed, ends as well.
    if (this.#mayReport && !allow.reports) this.screen.terminal.write(WITHDRAW_REPORTS);
    this.#mayReport = allow.reports;
    options.disableStdin = !canType;
    if (canType && !this.#couldType) this.#tellSize();
    if (!canType && this.#couldType) this.#typing.discard();
    this.#couldType = canType;
    options.cursorInactiveStyle = canType ? 'outline' : 'none';
    if (options.scrollback !== scrollback) options.scrollback = scrollback;
    if (options.fontSize === fontSize) return;
    options.fontSize = fontSize;
    this.screen.fit();
  }

  show(parent: HTMLElement): void {
    this.#isShown = true;
    this.screen.attach(parent);
    if (this.state === 'playing') this.#feed.release();
  }

  /** Nobody looks: nothing is asked for. When it is shown again it goes on, or, when it is far behind, to the end. */
  hide(): void {
    this.#isShown = false;
    this.#feed.hold();
    this.screen.detach();
  }

  type(data: string): void {
    if (this.#host.canType()) this.#typing.type(data);
  }

  /** Asks before several lines or control characters are sent. */
  paste(text: string): void {
    if (text === '' || !this.#host.canType()) return;
    if (pasteNeedsAsking(text)) this.pasting = text;
    else this.screen.terminal.paste(text);
  }

  /** What was pasted has been looked at. */
  pasteNow(): void {
    if (this.pasting !== null) this.screen.terminal.paste(this.pasting);
    this.pasting = null;
  }

  /** From the beginning. */
  restart(): void {
    this.#feed.stop();
    this.state = 'playing';
    this.quietUntil = null;
    const run = (this.#restarts += 1);
    // What it is just writing would stand in what comes now.
    void this.#running.then(() => {
      if (run !== this.#restarts || this.#isOver) return;
      this.screen.reset();
      this.#writer.restart();
      this.skipped = 0;
      this.problem = null;
      this.#feed = this.#start('begin');
      if (this.state === 'paused' || !this.#isShown) this.#feed.hold();
    });
  }

  setSpeed(speed: TerminalSpeed): void {
    this.#feed.speed = speed;
    this.quietUntil = null;
    // It has been shown: who wants it slower wants to see it again.
    if (this.state === 'ended' && speed !== 'once') this.restart();
  }

  pause(): void {
    this.state = 'paused';
    this.quietUntil = null;
    this.#feed.hold();
  }

  play(): void {
    if (this.state === 'ended') {
      this.restart();
      return;
    }
    this.state = 'playing';
    this.#feed.release();
  }

  /** Goes on at once where nothing comes for long. */
  skip(): void {
    this.quietUntil = null;
    this.#feed.skip();
  }

  async copySelection(): Promise<void> {
    const text = this.screen.terminal.getSelection();
    if (text !== '') await this.#copy(text);
  }

  dispose(): void {
    this.#isOver = true;
    this.#feed.stop();
    this.screen.dispose();
  }

  #start(from: 'tail' | 'begin'): TerminalFeed {
    const { client, session, peer, settings, isReadOnly } = this.#host;
    const { input, byLine, byKey, sent, speed } = settings();
    const echo = input === 'line' ? byLine.echo : byKey.echo;
    const feed: TerminalFeed = new TerminalFeed({
      ...{ client, session, peer, from, sent: isReadOnly ? sent : echo },
      speed: isReadOnly ? speed : 'once',
      sink: {
        write: (chunk) => this.#write(chunk),
        opened: (begins, ends) => {
          this.begins = begins;
          this.ends = ends;
          this.position = begins;
        },
        waits: (ms) => {
          if (ms >= LONG_WAIT_MS) this.quietUntil = Date.now() + ms;
        },
        ended: () => {
          if (this.#feed !== feed) return;
          this.state = 'ended';
          this.quietUntil = null;
          this.position = this.ends;
        },
        failed: (error) => {
          if (this.#feed === feed) this.problem = error;
        },
      },
    });
    this.#running = feed.run();
    return feed;
  }

  async #write(chunk: TerminalChunk): Promise<void> {
    this.quietUntil = null;
    this.skipped += chunk.skipped;
    if (chunk.to > this.position) this.position = chunk.to;
    this.#typing.suspend();
    await this.#writer.write(chunk);
    this.#typing.resume();
  }

  #send(bytes: Uint8Array): void {
    if (this.#host.canType()) this.#keys.send(this.#writer.outgoing(bytes));
  }

  /** To a peer of Telnet that wants to know it (RFC 1073). */
  #tellSize(): void {
    const { client, session, canType, usesTelnet, role } = this.#host;
    if (role !== 'client' || !usesTelnet() || !canType()) return;
    const { columns, rows } = this.size;
    void client.call('session.act', { session, action: 'naws', peer: null, values: { columns, rows } });
  }

  async #copy(text: string): Promise<void> {
    const copied = await copyText(text);
    if (!copied.ok) this.#host.notices.show(copied.error.message, { tone: 'bad' });
  }
}
