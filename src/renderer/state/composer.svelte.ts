/** What a person is about to send, and how the last sending went. */
import type { Client } from '../../rpc/client.ts';
import type { Params, Result, SessionStatus } from '../../shared/contract.ts';
import { failure, type Outcome, type WireError } from '../../shared/errors.ts';
import { encodeMessage, typedForm, type TypedFormat } from '../../shared/message-format.ts';
import type { ComposerDraft, ComposerFormat } from '../../shared/workspace.ts';
import { formatCount, formatExactSize } from '../format/size.ts';
import { FileDraft } from './file-draft.svelte.ts';
import { SentMessages } from './sent-messages.ts';

export interface ComposerContext {
  readonly client: Client;
  readonly session: () => string | null;
  readonly draft: ComposerDraft;
  /** Whether anything is open that takes bytes. */
  readonly canSend: () => boolean;
  /** The connection that messages go to; null is all of them, or the only one. */
  readonly target: () => number | null;
}

const keyOf = { Text: 'text', Hex: 'hex', Base64: 'base64', JSON: 'json' } as const satisfies Record<
  TypedFormat,
  string
>;

function typedFormat(format: ComposerFormat): TypedFormat | null {
  return format === 'File' ? null : format;
}

/** What another format holds, in the words of this one. */
interface Offer {
  readonly from: TypedFormat;
  readonly typed: string;
  readonly bytes: number;
}

function outcomeLine({ bytes, peers, ms }: Result<'session.send'>): string {
  const whom = peers > 1 ? ` for each of ${formatCount(peers)} connections` : '';
  return `${formatExactSize(bytes)} handed to the system${whom} in ${ms < 10 ? ms.toFixed(1) : formatCount(Math.round(ms))} ms`;
}

export class Composer {
  readonly file: FileDraft;
  /** Bound to the form; `toDocument` is what is kept of it. */
  draft = $state<ComposerDraft>({
    format: 'Text',
    lineEnding: '\\n',
    encoding: 'utf8',
    text: '',
    hex: '',
    base64: '',
    json: '',
    file: '',
  });
  /** Sends that the system has not yet taken whole. */
  pending = $state(0);
  /** Bytes of a file on its way, while there is one. */
  progress = $state.raw<{ readonly sent: number; readonly total: number } | null>(null);
  /** One quiet line about the last sending. */
  done = $state('');
  /** Content of another format that could be taken over, right after a change of format. */
  offer = $state.raw<Offer | null>(null);
  /** How many sent messages can be called back. */
  sentCount = $state(0);
  readonly encoded = $derived.by(() => (this.draft.format === 'File' ? null : encodeMessage(this.draft)));
  /** Bytes that would leave; null while that cannot be said. */
  readonly byteCount = $derived.by(() => {
    if (this.encoded === null) return this.file.size;
    return this.encoded.ok ? this.encoded.value.length : null;
  });
  /** What is wrong, once it is fair to say so: not while a person is in the middle of a word. */
  readonly problem = $derived.by<WireError | null>(() => {
    if (this.#sendError !== null) return this.#sendError;
    if (this.draft.format === 'File') return this.file.error;
    if (!this.#settled || this.typed === '' || this.encoded === null || this.encoded.ok) return null;
    return this.encoded.error;
  });

  readonly #context: ComposerContext;
  readonly #sent = new SentMessages();
  #sendError = $state.raw<WireError | null>(null);
  #settled = $state(true);

  constructor(context: ComposerContext) {
    this.#context = context;
    this.draft = { ...context.draft };
    this.file = new FileDraft(context.client);
  }

  get canSend(): boolean {
    return this.#context.canSend();
  }

  /** The text of the chosen format; the path, where that is a file. */
  get typed(): string {
    const format = typedFormat(this.draft.format);
    return format === null ? this.draft.file : this.draft[keyOf[format]];
  }

  set typed(typed: string) {
    const format = typedFormat(this.draft.format);
    if (format === null) this.draft.file = typed;
    else this.draft[keyOf[format]] = typed;
    this.#sendError = null;
    this.#settled = false;
    this.offer = null;
  }

  /** The person has paused or left the field: now what is wrong may be said. */
  settle(): void {
    this.#settled = true;
  }

  setFormat(format: ComposerFormat): void {
    const from = typedFormat(this.draft.format);
    const to = typedFormat(format);
    this.#sendError = null;
    this.done = '';
    this.offer = from === null || to === null || from === to ? null : this.#offerOf(from, to);
    this.draft.format = format;
  }

  /** Takes over what another format held, such that the bytes stay the same. */
  acceptOffer(): void {
    const offer = this.offer;
    if (offer === null) return;
    this.typed = offer.typed;
    if (this.draft.format === 'Text') this.draft.encoding = 'utf8';
    // The bytes of hex and Base64 are all there is: nothing may be appended to them.
    if (offer.from === 'Hex' || offer.from === 'Base64') this.draft.lineEnding = 'none';
    this.settle();
  }

  async chooseFile(): Promise<void> {
    const path = await this.file.choose();
    if (path === null) return;
    this.typed = path;
    await this.file.look(path);
  }

  /** Calls back what was sent before. @returns false when there is nothing older or newer */
  recall(direction: 'older' | 'newer'): boolean {
    const format = typedFormat(this.draft.format);
    if (format === null) return false;
    const found = direction === 'older' ? this.#sent.older({ format, typed: this.typed }) : this.#sent.newer();
    if (found === null) return false;
    this.draft.format = found.format;
    this.typed = found.typed;
    this.settle();
    return true;
  }

  /** To the chosen connection. @param then an action to run once the system has taken the bytes: `end` */
  async send(then: string | null): Promise<void> {
    await this.#send(this.#context.target(), then);
  }

  async sendToAll(): Promise<void> {
    await this.#send(null, null);
  }

  /** Stops a file that is on its way. What has left has left. */
  async cancel(): Promise<void> {
    const session = this.#context.session();
    if (session !== null) await this.#context.client.call('session.cancelSend', { session });
  }

  update(status: SessionStatus): void {
    this.progress = status.sending;
  }

  toDocument(): ComposerDraft {
    return $state.snapshot(this.draft);
  }

  #source(): Outcome<Params<'session.send'>['source']> {
    if (this.encoded === null) {
      const path = this.draft.file;
      if (path !== '') return { ok: true, value: { type: 'file', path } };
      return failure('bad-message', 'No file is chosen.', 'Type its path.');
    }
    if (!this.encoded.ok) return this.encoded;
    const bytes = this.encoded.value;
    if (bytes.length > 0) return { ok: true, value: { type: 'bytes', bytes } };
    return failure('bad-message', 'The message is empty, so nothing was sent.');
  }

  async #send(peer: number | null, then: string | null): Promise<void> {
    const { client, session: currentSession, canSend } = this.#context;
    this.done = '';
    this.#sendError = null;
    this.settle();
    const source = this.#source();
    const session = currentSession();
    if (!source.ok) {
      this.#sendError = source.error;
      return;
    }
    if (session === null || !canSend()) {
      this.#sendError = failure('not-open', 'Nothing is connected, so nothing was sent.').error;
      return;
    }
    const format = typedFormat(this.draft.format);
    const typed = this.typed;
    this.pending += 1;
    const answer = await client.call('session.send', { session, peer, source: source.value, then });
    this.pending -= 1;
    if (answer.ok) {
      this.done = outcomeLine(answer.value);
      if (format !== null) this.#sent.add({ format, typed });
      this.sentCount = this.#sent.count;
    } else if (answer.error.code === 'cancelled') {
      this.done = answer.error.message;
    } else {
      this.#sendError = answer.error;
      // It may have vanished since its size was shown.
      if (source.value.type === 'file') this.file.size = null;
    }
  }

  #offerOf(from: TypedFormat, to: TypedFormat): Offer | null {
    if (this.draft[keyOf[to]] !== '') return null;
    const bothHaveEndings = (from === 'Text' || from === 'JSON') && (to === 'Text' || to === 'JSON');
    const encoded = encodeMessage(bothHaveEndings ? { ...this.draft, lineEnding: 'none' } : this.draft);
    if (!encoded.ok || encoded.value.length === 0 || this.typed === '') return null;
    const typed = typedForm(encoded.value, to);
    return typed === null ? null : { from, typed, bytes: encoded.value.length };
  }
}
