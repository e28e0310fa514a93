/** xterm.js with its add-ons: an element that can be shown, hidden and shown again, and keeps what was written to it. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { WITHDRAW_REPORTS } from './escape-policy.ts';
import { allowSpanStyles, withStyleSheets } from './strict-styles.ts';
import { onThemeChange, searchColours, terminalTheme } from './terminal-theme.ts';

export interface ScreenOptions {
  readonly fontSize: number;
  readonly scrollback: number;
  /** Called when another size fits: what is to be done before and after it. */
  readonly resizing: (resize: () => void) => void;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a search has found: which of how many, from 0; -1 when none is chosen. */
export interface SearchResult {
  readonly index: number;
  readonly count: number;
}

/** Contrast of text with what is behind it, whatever colours the peer chooses: WCAG AA (1.4.3). */
const CONTRAST = 4.5;

export class TerminalScreen {
  readonly terminal: Terminal;
  readonly element = document.createElement('div');
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #unfollow: () => void;
  readonly #observer: ResizeObserver;
  readonly #resizing: ScreenOptions['resizing'];
  #webgl: WebglAddon | null = null;
  #isOpen = false;

  constructor({ fontSize, scrollback, resizing }: ScreenOptions) {
    this.#resizing = resizing;
    const font = getComputedStyle(document.documentElement).getPropertyValue('--font-bytes');
    this.terminal = new Terminal({
      // For the version of Unicode and for what a search has found.
      allowProposedApi: true,
      fontFamily: font,
      fontSize,
      scrollback,
      theme: terminalTheme(),
      minimumContrastRatio: CONTRAST,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      drawBoldTextInBrightColors: false,
      overviewRuler: { width: 12 },
      macOptionIsMeta: true,
      // What a peer sends is no fault of ours, however odd it is.
      logLevel: 'off',
    });
    this.element.className = 'terminal-screen';
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.#search);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    this.#unfollow = onThemeChange(() => {
      this.terminal.options.theme = terminalTheme();
    });
    this.#observer = new ResizeObserver(() => {
      this.fit();
    });
  }

  get size(): ScreenSize {
    return { columns: this.terminal.cols, rows: this.terminal.rows };
  }

  /** Shows it in an element that is in the document. */
  attach(parent: HTMLElement): void {
    parent.append(this.element);
    if (!this.#isOpen) {
      this.#isOpen = true;
      withStyleSheets(() => {
        this.terminal.open(this.element);
      });
      this.terminal.textarea?.setAttribute('aria-label', 'Terminal input');
    }
    this.#drawByWebgl();
    this.fit();
    this.#observer.observe(parent);
  }

  /** What was written stays; a browser has few contexts of WebGL, so that this one is given back. */
  detach(): void {
    this.#observer.disconnect();
    this.#withoutWebgl();
    this.element.remove();
  }

  fit(): void {
    if (!this.element.isConnected) return;
    const wanted = this.#fit.proposeDimensions();
    const { cols, rows } = this.terminal;
    if (wanted === undefined || (wanted.cols === cols && wanted.rows === rows)) return;
    this.#resizing(() => {
      if (this.element.isConnected) this.#fit.fit();
    });
  }

  /** Resolves when xterm has taken it: the acknowledgement of the flow control. */
  write(data: Uint8Array | string): Promise<void> {
    return new Promise((resolve) => {
      this.terminal.write(data, resolve);
    });
  }

  /** A line of our own between what the peer writes. Ends what it has begun: a sequence, colours, a line. */
  async note(text: string): Promise<void> {
    await this.write('\x18\x1b[0m');
    const isInLine = this.terminal.buffer.active.cursorX > 0;
    await this.write(`${isInLine ? '\r\n' : ''}\x1b[2;3m${text}\x1b[0m\r\n`);
  }

  /** Ends what the last peer has left behind: the alternate screen, modes, character sets (DECSTR). The text stays. */
  async renew(): Promise<void> {
    await this.write('\x18');
    // In the usual one it would put the cursor where it was once saved.
    const isAlternate = this.terminal.buffer.active.type === 'alternate';
    await this.write(`${isAlternate ? '\x1b[?1049l' : ''}\x1b[!p${WITHDRAW_REPORTS}`);
  }

  /** Everything is as it was at the beginning. */
  reset(): void {
    this.terminal.reset();
    this.#search.clearDecorations();
  }

  /** @returns whether there is any */
  find(text: string, direction: 'next' | 'previous', isTyping = false): boolean {
    if (text === '') {
      this.#search.clearDecorations();
      this.terminal.clearSelection();
      return false;
    }
    const options = { incremental: isTyping, decorations: searchColours() };
    return direction === 'next' ? this.#search.findNext(text, options) : this.#search.findPrevious(text, options);
  }

  onSearch(listener: (result: SearchResult) => void): void {
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => {
      listener({ index: resultIndex, count: resultCount });
    });
  }

  dispose(): void {
    this.#unfollow();
    this.detach();
    this.terminal.dispose();
  }

  #drawByWebgl(): void {
    // Without a graphics processor, drawing by elements takes a fraction of the time.
    if (!hasFastWebgl()) {
      allowSpanStyles();
      return;
    }
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => {
        this.#withoutWebgl();
      });
      this.terminal.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      allowSpanStyles();
    }
  }

  /** xterm.js draws by elements from now on. */
  #withoutWebgl(): void {
    allowSpanStyles();
    withStyleSheets(() => {
      this.#webgl?.dispose();
    });
    this.#webgl = null;
  }
}

/** Names of what computes WebGL by the processor: of Chromium, Mesa and Windows. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether there is WebGL that a graphics processor does (WebGL §5.2; WEBGL_debug_renderer_info). */
function hasFastWebgl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (context === null) return false;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = info === null ? '' : context.getParameter(info.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return !SOFTWARE.test(String(name));
}
