/** What Detail shows: one record, its payload in one of three forms, and the byte that is selected in it. */
import { untrack } from 'svelte';
import type { Client } from '../../rpc/client.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { COPY_BYTES, JSON_SHOWN_BYTES, PAYLOAD_PART_BYTES, TEXT_SHOWN_BYTES } from '../../shared/limits.ts';
import type { RecordView } from '../../shared/record.ts';
import type { TabDocument } from '../../shared/workspace.ts';
import { closeOf } from '../format/close.ts';
import { frameOf } from '../format/frame.ts';
import { hexBytes } from '../format/hex.ts';
import { layOutJson, type JsonText } from '../format/json.ts';
import { escapedParts, plainText, type Part } from '../format/preview.ts';
import { formatExactSize, formatSize } from '../format/size.ts';
import { copyText } from './clipboard.ts';
import { PayloadReader, readPayload } from './payload-reader.svelte.ts';

export type DetailTab = TabDocument['detail'];

const payloadTabs: readonly DetailTab[] = ['Text', 'JSON', 'Hex'];

/** More escapes than this would be more elements than a pane lays out at once; they are then plain text. */
const ESCAPES_SHOWN = 4000;

function textParts(bytes: Uint8Array, cut: boolean): readonly Part[] {
  const parts = escapedParts(bytes, { lines: 'mark', cut });
  if (parts.length <= ESCAPES_SHOWN) return parts;
  return [{ text: plainText(escapedParts(bytes, { lines: 'break', cut })), isEscape: false }];
}

export interface DetailOptions {
  readonly client: Client;
  readonly session: () => string | null;
  /** Names of the kinds: `kindTable(spec.kinds)`, or those of a recording. */
  readonly kinds: () => readonly string[];
  /** Of this side, which tells whether what it sent was masked. */
  readonly role?: 'client' | 'server';
}

export class Detail {
  readonly #kinds: () => readonly string[];
  readonly payload: PayloadReader;
  readonly #client: Client;
  readonly #session: () => string | null;
  readonly #role: 'client' | 'server';
  #tab = $state<DetailTab>('Text');
  #record = $state.raw<RecordView | null>(null);
  #textBytes = $state(TEXT_SHOWN_BYTES);
  /** Ends of the selected bytes, both included; `caret` is the one that moves. */
  #anchor = $state(0);
  #caret = $state(0);

  constructor(options: DetailOptions) {
    this.#kinds = options.kinds;
    this.#client = options.client;
    this.#session = options.session;
    this.#role = options.role ?? 'client';
    this.payload = new PayloadReader(options.client);
  }

  /** As chosen; `shownTab` is what a record has of it. */
  get tab(): DetailTab {
    return this.#tab;
  }

  set tab(tab: DetailTab) {
    this.#tab = tab;
    this.#needForTab();
  }

  /** The forms in which the record can be shown. */
  get tabs(): readonly DetailTab[] {
    const payload = this.total === 0 ? [] : payloadTabs;
    return this.frame === null ? payload : [...payload, 'Frame'];
  }

  get shownTab(): DetailTab {
    return this.tabs.includes(this.#tab) ? this.#tab : (this.tabs[0] ?? this.#tab);
  }

  /** The frame that the record was on the wire, where it was one. */
  readonly frame = $derived.by(() => (this.#record === null ? null : frameOf(this.#record, this.kind, this.#role)));

  /** What the code of a close frame means. */
  readonly close = $derived.by(() => (this.#record === null ? null : closeOf(this.kind, this.#record.meta)));

  get record(): RecordView | null {
    return this.#record;
  }

  get kind(): string {
    const record = this.#record;
    return record === null ? '' : (this.#kinds()[record.kind] ?? `kind ${record.kind}`);
  }

  get total(): number {
    return this.#record?.payloadLength ?? 0;
  }

  get error(): WireError | null {
    return this.payload.error;
  }

  /** Shows a record, or nothing. Showing the same one again changes nothing. May be called in an effect. */
  show(record: RecordView | null): void {
    untrack(() => {
      this.#show(record);
    });
  }

  #show(record: RecordView | null): void {
    const before = this.#record;
    this.#record = record;
    const session = this.#session();
    const isSame = record !== null && record.seq === before?.seq && record.time === before.time;
    if (isSame && record.payloadLength === before.payloadLength) return;
    this.#textBytes = TEXT_SHOWN_BYTES;
    this.#anchor = 0;
    this.#caret = 0;
    const hasPayload = record !== null && session !== null && record.payloadLength > 0;
    this.payload.open(
      hasPayload ? { session, seq: record.seq, known: record.payload, total: record.payloadLength } : null,
    );
    this.#needForTab();
  }

  /** The payload as text, as far as it is shown and has come. */
  readonly text = $derived.by<{ readonly parts: readonly Part[]; readonly shown: number; readonly waiting: boolean }>(
    () => {
      const wanted = Math.min(this.#textBytes, this.total);
      const bytes = this.payload.bytes(0, wanted);
      return {
        parts: textParts(bytes, bytes.length < this.total),
        shown: bytes.length,
        waiting: bytes.length < wanted,
      };
    },
  );

  showMoreText(): void {
    this.#textBytes += TEXT_SHOWN_BYTES;
    this.#needForTab();
  }

  /** The payload laid out as JSON, or why not, in words; null while it is on its way. */
  readonly json = $derived.by<JsonText | null>(() => {
    if (this.total > JSON_SHOWN_BYTES) {
      const limit = formatSize(JSON_SHOWN_BYTES);
      return { ok: false, reason: `${formatSize(this.total)} are too much to lay out as JSON; the limit is ${limit}.` };
    }
    const bytes = this.payload.bytes(0, this.total);
    if (bytes.length < this.total) return null;
    try {
      return layOutJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return { ok: false, reason: 'Not JSON: the bytes are not UTF-8 text.' };
    }
  });

  /** First and last selected byte. */
  get selection(): { readonly from: number; readonly to: number } {
    return { from: Math.min(this.#anchor, this.#caret), to: Math.max(this.#anchor, this.#caret) };
  }

  get caret(): number {
    return this.#caret;
  }

  /** Moves to a byte. @param extend keeps the other end of the selection where it is */
  moveTo(offset: number, extend: boolean): void {
    this.#caret = Math.max(0, Math.min(this.total - 1, offset));
    if (!extend) this.#anchor = this.#caret;
  }

  /** Copies the whole payload, or the selected bytes when more than one is selected in Hex. @returns what was copied, in words */
  async copy(form: 'text' | 'hex'): Promise<Outcome<string>> {
    const bytes = await this.#bytesToCopy();
    if (!bytes.ok) return bytes;
    const isText = form === 'text';
    const text = isText ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.value) : hexBytes(bytes.value);
    const copied = await copyText(text);
    if (!copied.ok) return copied;
    return success(`${formatExactSize(bytes.value.length)} copied as ${form}`);
  }

  async #bytesToCopy(): Promise<Outcome<Uint8Array>> {
    const record = this.#record;
    const session = this.#session();
    if (record === null || session === null) return failure('not-found', 'No row is selected.');
    const { from, to } = this.selection;
    const isPart = this.shownTab === 'Hex' && to > from;
    if (!isPart || to - from >= COPY_BYTES) return readPayload(this.#client, session, record);
    const bytes = this.payload.bytes(from, to + 1);
    if (bytes.length === to + 1 - from) return success(bytes);
    const whole = await readPayload(this.#client, session, record);
    return whole.ok ? success(whole.value.subarray(from, to + 1)) : whole;
  }

  /** The first part at once, whatever is shown; Text and JSON as much as they show. Hex asks as it scrolls. */
  #needForTab(): void {
    const text = this.shownTab === 'Text' ? Math.min(this.#textBytes, this.total) : 0;
    const json = this.shownTab === 'JSON' && this.total <= JSON_SHOWN_BYTES ? this.total : 0;
    this.payload.need(0, Math.max(text, json, PAYLOAD_PART_BYTES));
  }
}
