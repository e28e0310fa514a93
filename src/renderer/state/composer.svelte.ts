/** What a person is about to send, and how the last sending went. */
import type { Client } from '../../rpc/client.ts';
import type { Result, SessionStatus } from '../../shared/contract.ts';
import { failure, type Outcome, type WireError } from '../../shared/errors.ts';
import { encodeMessage, typedForm, type TypedFormat } from '../../shared/message-format.ts';
import type { SavedMessage } from '../../shared/preset.ts';
import { composerFormats, type ComposerDraft, type ComposerFormat } from '../../shared/workspace.ts';
import type { Options, Spec } from '../../drivers/spec.ts';
import { formatCount, formatExactSize } from '../format/size.ts';
import { FileDraft } from './file-draft.svelte.ts';
import { FrameDraft } from './frame-draft.svelte.ts';
import {
  draftOf,
  effectiveDraft,
  isTemplate,
  keyOf,
  kindOf,
  messageOf,
  messageSource,
  typedFormat,
  type MessageSource,
} from './message-source.ts';
import { SentMessages } from './sent-messages.ts';

export interface ComposerContext {
  readonly client: Client;
  readonly session: () => string | null;
  readonly spec: Pick<Spec, 'messageKinds' | 'actions'>;
  readonly draft: ComposerDraft;
  /** Whether anything is open that takes bytes. */
  readonly canSend: () => boolean;
  /** The connection that messages go to; null is all of them, or the only one. */
  readonly target: () => number | null;
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
  /** The frame that is put together by hand; null where the protocol has none. */
  readonly frame: FrameDraft | null;
  /** Those that the protocol can send. */
  readonly formats: readonly ComposerFormat[];
  /** What a message can be sent as; empty where there is no choice. */
  readonly kinds: readonly string[];
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
    kind: '',
    frame: {},
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
  /** Whether variables are filled in when it is sent. */
  readonly hasTemplate = $derived.by(() => isTemplate(this.draft));
  readonly encoded = $derived.by(() => {
    if (typedFormat(this.draft.format) === null || this.hasTemplate) return null;
    return encodeMessage(effectiveDraft(this.draft, this.kinds));
  });
  /** Bytes that would leave; null while that cannot be said. */
  readonly byteCount = $derived.by(() => {
    if (this.draft.format === 'Frame') return this.frame?.byteCount ?? null;
    if (this.encoded === null) return this.hasTemplate ? null : this.file.size;
    return this.encoded.ok ? this.encoded.value.length : null;
  });
  /** What is wrong, once it is fair to say so: not while a person is in the middle of a word. */
  readonly problem = $derived.by<WireError | null>(() => {
    if (this.#sendError !== null) return this.#sendError;
    if (this.draft.format === 'File') return this.file.error;
    if (this.draft.format === 'Frame') return this.frame?.error ?? null;
    if (!this.#settled || this.typed === '' || this.encoded === null || this.encoded.ok) return null;
    return this.encoded.error;
  });

  readonly #context: ComposerContext;
  readonly #sent = new SentMessages();
  #sendError = $state.raw<WireError | null>(null);
  #settled = $state(true);

  constructor(context: ComposerContext) {
    this.#context = context;
    const { messageKinds, actions } = context.spec;
    const frame = actions.find(({ id }) => id === 'frame');
    this.kinds = messageKinds.length > 1 ? messageKinds : [];
    this.formats = composerFormats.filter((format) => format !== 'Frame' || frame !== undefined);
    const format = this.formats.includes(context.draft.format) ? context.draft.format : 'Text';
    this.draft = { ...context.draft, format };
    this.file = new FileDraft(context.client);
    this.frame =
      frame === undefined
        ? null
        : new FrameDraft({
            fields: frame.fields ?? [],
            values: () => this.draft.frame,
            change: (values) => {
              this.draft.frame = values;
              this.#sendError = null;
            },
          });
  }

  /** What the message is sent as; empty where there is no choice. */
  get kind(): string {
    return kindOf(this.draft, this.kinds);
  }

  set kind(kind: string) {
    this.draft.kind = kind;
    this.#sendError = null;
  }

  /** Whether text can be encoded otherwise than as UTF-8. */
  get hasEncoding(): boolean {
    return this.draft.format === 'Text' && this.kind !== 'text';
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
    // Another format, and what is usual for it.
    this.draft.kind = '';
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
    if (path !== null) await this.takeFile(path);
  }

  /** A file to send, by its path: chosen, or dropped on the composer. Nothing is sent. */
  async takeFile(path: string): Promise<void> {
    if (this.draft.format !== 'File') this.setFormat('File');
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
    if (this.draft.format === 'Frame') await this.#sendFrame(this.#context.target());
    else await this.#send(this.#context.target(), then);
  }

  async sendToAll(): Promise<void> {
    if (this.draft.format === 'Frame') await this.#sendFrame(null);
    else await this.#send(null, null);
  }

  /** Sends what is kept with a preset, to the chosen connection; the draft stays as it is. */
  async sendSaved(message: SavedMessage): Promise<void> {
    const draft = draftOf(message);
    const peer = this.#context.target();
    if (message.format === 'Frame') await this.#deliverFrame(peer, message.frame, null);
    else await this.#deliver(messageSource(draft, this.kinds), kindOf(draft, this.kinds), peer, null);
  }

  /** Takes a saved message for the draft; the text of other formats stays. */
  load(message: SavedMessage): void {
    if (!this.formats.includes(message.format)) return;
    this.setFormat(message.format);
    this.offer = null;
    const { lineEnding, encoding, kind, frame } = message;
    this.draft = { ...this.draft, kind };
    if (message.format === 'Text' || message.format === 'JSON') this.draft.lineEnding = lineEnding;
    if (message.format === 'Text') this.draft.encoding = encoding;
    if (message.format === 'Frame') this.draft.frame = frame;
    else this.typed = message.content;
    this.settle();
  }

  toMessage(name: string): SavedMessage {
    return messageOf(this.toDocument(), name);
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

  async #send(peer: number | null, then: string | null): Promise<void> {
    const format = typedFormat(this.draft.format);
    const typed = this.typed;
    this.settle();
    const source = messageSource(this.draft, this.kinds);
    if (!(await this.#deliver(source, this.kind, peer, then)) || format === null) return;
    this.#sent.add({ format, typed });
    this.sentCount = this.#sent.count;
  }

  /** @returns whether the system has taken it */
  async #deliver(
    source: Outcome<MessageSource>,
    kind: string,
    peer: number | null,
    then: string | null,
  ): Promise<boolean> {
    const { client, session: currentSession, canSend } = this.#context;
    this.done = '';
    this.#sendError = null;
    const session = currentSession();
    if (!source.ok) {
      this.#sendError = source.error;
      return false;
    }
    if (session === null || !canSend()) {
      this.#sendError = failure('not-open', 'Nothing is connected, so nothing was sent.').error;
      return false;
    }
    this.pending += 1;
    const as = kind === '' ? {} : { kind };
    const answer = await client.call('session.send', { session, peer, source: source.value, then, ...as });
    this.pending -= 1;
    if (answer.ok) this.done = outcomeLine(answer.value);
    else if (answer.error.code === 'cancelled') this.done = answer.error.message;
    else {
      this.#sendError = answer.error;
      // It may have vanished since its size was shown.
      if (source.value.type === 'file') this.file.size = null;
    }
    return answer.ok;
  }

  async #sendFrame(peer: number | null): Promise<void> {
    if (this.frame?.error === null) await this.#deliverFrame(peer, this.frame.values, this.frame.byteCount);
  }

  async #deliverFrame(peer: number | null, values: Options, bytes: number | null): Promise<void> {
    const { client, session: currentSession, canSend } = this.#context;
    const session = currentSession();
    this.done = '';
    this.#sendError = null;
    if (session === null || !canSend()) {
      this.#sendError = failure('not-open', 'Nothing is connected, so nothing was sent.').error;
      return;
    }
    this.pending += 1;
    const answer = await client.call('session.act', { session, action: 'frame', peer, values });
    this.pending -= 1;
    if (!answer.ok) this.#sendError = answer.error;
    else this.done = bytes === null ? 'The frame is sent' : `A frame of ${formatExactSize(bytes)} is sent`;
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
