/** One connection on which a case is played: sends its frames, and waits for what has to come, for a bounded time. */
import { randomBytes } from 'node:crypto';
import type { Wire } from '../../net/wire.ts';
import { OPCODE } from '../frame.ts';
import { encodeRawFrame, type RawMask } from '../raw-frame.ts';
import type { FramePiece, PieceMask, Step } from './check-case.ts';
import { PeerReader, type PeerDeflate, type PeerEvent } from './peer-reader.ts';
import { close, ping, pong } from './pieces.ts';
import { codeWords, payloadWords, pieceWords } from './words.ts';

export interface TalkSetup {
  /** Behind the handshake. */
  readonly wire: Wire;
  /** What we play. */
  readonly role: 'client' | 'server';
  readonly deflate: PeerDeflate | null;
}

type Message = Extract<PeerEvent, { type: 'message' }>;
type Close = Extract<PeerEvent, { type: 'close' }>;

/** Lines of what happened that are kept at its beginning and at its end. */
const LOG_HEAD = 8;
const LOG_TAIL = 6;

/** Octets that are written one by one; of longer frames the rest goes at once. */
const OCTETS_MOST = 512;

export class Talk {
  /** Taken off by whoever waits for them. */
  readonly messages: Message[] = [];
  readonly pongs: Uint8Array[] = [];
  readonly #setup: TalkSetup;
  readonly #reader: PeerReader;
  readonly #log: string[] = [];
  #logged = 0;
  #close: Close | null = null;
  #broken: string | null = null;
  /** How TCP ended. */
  #ended: string | null = null;
  #hasSentClose = false;
  #wake: (() => void) | null = null;

  constructor(setup: TalkSetup) {
    const { wire, role, deflate } = setup;
    this.#setup = setup;
    this.#reader = new PeerReader({ expectMasked: role === 'server', deflate }, (event, frames) => {
      this.#got(event, frames);
    });
    const { socket } = wire;
    socket.setNoDelay(true);
    socket.on('end', () => this.#over('the end of TCP (FIN)'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#over(error.code === 'ECONNRESET' ? 'a reset (RST)' : error.message),
    );
    socket.on('close', () => this.#over('the end of TCP'));
    if (wire.end !== null) this.#over('the end of TCP');
    wire.read((bytes) => {
      this.#reader.push(bytes);
      this.#wake?.();
    });
  }

  /** Its close frame, once it has come. */
  get close(): Close | null {
    return this.#close;
  }
  /** How it broke the protocol. */
  get broken(): string | null {
    return this.#broken;
  }
  /** How TCP ended, in words. */
  get ended(): string | null {
    return this.#ended;
  }
  get hasSentClose(): boolean {
    return this.#hasSentClose;
  }
  /** Masking keys of the peer's frames. */
  get keys(): readonly number[] {
    return this.#reader.keys;
  }

  /** What went over the wire, in order. */
  get happened(): string {
    const cut = this.#logged - this.#log.length;
    if (cut === 0) return this.#log.join(' · ');
    return [...this.#log.slice(0, LOG_HEAD), `… ${cut} more …`, ...this.#log.slice(LOG_HEAD)].join(' · ');
  }

  async play({ pieces, writes }: Extract<Step, { type: 'send' }>): Promise<void> {
    const all = pieces.map((piece) => this.#encode(piece));
    if (writes === 'one') await this.#write(Buffer.concat(all));
    for (const bytes of writes === 'one' ? [] : all) {
      if (writes === 'each') await this.#write(bytes);
      else await this.#octets(bytes);
    }
  }

  /** Resolves when something has happened, or at `until` (of performance.now()). @returns false when it was the time */
  async changed(until: number): Promise<boolean> {
    const left = until - performance.now();
    if (left <= 0) return false;
    let timer: NodeJS.Timeout | undefined;
    const isInTime = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
      timer = setTimeout(() => resolve(false), left);
    });
    this.#wake = null;
    clearTimeout(timer);
    return isInTime;
  }

  /** Pings, to see whether the peer still answers. @returns the payload of the pong */
  async ask(): Promise<Buffer> {
    const payload = randomBytes(8);
    await this.#write(this.#encode(ping(payload)));
    return payload;
  }

  /** Sends a close frame unless there was one already. */
  async sendClose(code: number | null): Promise<void> {
    if (this.#hasSentClose) return;
    await this.#write(this.#encode(close(code)));
  }

  /** Our FIN: the server's part at the end of the closing handshake. */
  end(): void {
    if (!this.#setup.wire.socket.writableEnded) this.#setup.wire.socket.end();
  }

  async destroy(): Promise<void> {
    await this.#setup.wire.destroy();
  }

  #encode(piece: FramePiece): Uint8Array {
    const { opcode, fin, rsv, payload, lengthForm, declared } = piece;
    if (opcode === OPCODE.close) this.#hasSentClose = true;
    this.#note(`→ ${pieceWords(piece)}`);
    const key = piece.mask === 'ones' ? 0xffff_ffff : randomBytes(4).readUInt32BE(0);
    const encoded = encodeRawFrame(
      { opcode, fin, rsv, payload, lengthForm, declaredLength: declared, mask: maskOf(piece.mask, this.#setup.role) },
      () => key,
    );
    if (!encoded.ok) throw new Error(encoded.error.message);
    return encoded.value;
  }

  async #octets(bytes: Uint8Array): Promise<void> {
    const most = Math.min(bytes.length, OCTETS_MOST);
    for (let at = 0; at < most; at += 1) await this.#write(bytes.subarray(at, at + 1));
    if (most < bytes.length) await this.#write(bytes.subarray(most));
  }

  /** Resolves also when the connection has ended: whoever waits for an answer sees it. */
  #write(bytes: Uint8Array): Promise<void> {
    const { socket } = this.#setup.wire;
    return new Promise((resolve) => {
      if (!socket.writable) resolve();
      else socket.write(bytes, () => resolve());
    });
  }

  #got(event: PeerEvent, frames: number): void {
    const inFrames = frames === 1 ? '' : ` in ${frames} frames`;
    switch (event.type) {
      case 'message':
        this.#note(`← ${event.opcode === 1 ? 'text' : 'binary'} ${payloadWords(event.payload)}${inFrames}`);
        this.messages.push(event);
        break;
      case 'ping':
        this.#note(`← ping ${payloadWords(event.payload)}`);
        void this.#write(this.#encode(pong(event.payload)));
        break;
      case 'pong':
        this.#note(`← pong ${payloadWords(event.payload)}`);
        this.pongs.push(event.payload);
        break;
      case 'close':
        this.#note(
          `← close ${codeWords(event.code)}${event.reason.length === 0 ? '' : ` ${payloadWords(event.reason)}`}`,
        );
        this.#close = event;
        break;
      case 'broken':
        this.#note(`← ${event.why}`);
        this.#broken = event.why;
    }
  }

  #over(how: string): void {
    if (this.#ended !== null) return;
    this.#ended = how;
    this.#note(`← ${how}`);
    this.#wake?.();
  }

  #note(line: string): void {
    this.#logged += 1;
    this.#log.push(line);
    if (this.#log.length > LOG_HEAD + LOG_TAIL) this.#log.splice(LOG_HEAD, 1);
  }
}

function maskOf(mask: PieceMask, role: 'client' | 'server'): RawMask {
  if (mask === 'zero') return 'zero';
  if (mask === 'ones') return 'random';
  return (mask === 'right') === (role === 'client') ? 'random' : 'none';
}
