/**
 * One payload, read in parts as they are looked at. Parts that nobody looks at
 * any more are forgotten again, so that a huge payload costs a few MiB.
 */
import { untrack } from 'svelte';
import type { Client } from '../../rpc/client.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { COPY_BYTES, PAYLOAD_PART_BYTES, PAYLOAD_PARTS_KEPT, PAYLOAD_PER_CALL } from '../../shared/limits.ts';
import type { RecordView } from '../../shared/record.ts';
import { formatExactSize } from '../format/size.ts';

const noBytes = new Uint8Array(0);

/** Which payload: `seq` in its session, `known` its first bytes, `total` its length in bytes. */
export interface PayloadSource {
  readonly session: string;
  readonly seq: number;
  readonly known: Uint8Array;
  readonly total: number;
}

export class PayloadReader {
  readonly #client: Client;
  #source = $state.raw<PayloadSource | null>(null);
  #error = $state.raw<WireError | null>(null);
  /** Rises whenever parts have come. */
  #version = $state(0);
  /** By number, in the order of their last use. */
  readonly #parts = new Map<number, Uint8Array>();
  #wanted: { readonly from: number; readonly to: number } | null = null;
  #busy = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Length of the whole payload in bytes. */
  get total(): number {
    return this.#source?.total ?? 0;
  }

  /** Why it cannot be read: `gone` when its record is no longer kept. */
  get error(): WireError | null {
    return this.#error;
  }

  open(source: PayloadSource | null): void {
    this.#source = source;
    this.#error = null;
    this.#parts.clear();
    this.#wanted = null;
    this.#busy = false;
    // What came with the row is shown at once, and when it is all, nothing is asked for.
    if (source !== null && source.known.length === source.total && source.total > 0) this.#put(0, source.known);
    this.#version += 1;
  }

  /** Asks for the bytes `from … to - 1`. The newest wish goes first; an older one may be dropped. May be called in an effect. */
  need(from: number, to: number): void {
    untrack(() => {
      const end = Math.min(to, this.total);
      this.#wanted = from < end ? { from, to: end } : null;
      void this.#pump();
    });
  }

  /** The byte at `offset`, or null while it is on its way. */
  byteAt(offset: number): number | null {
    if (this.#version < 0) return null;
    return this.#parts.get(Math.floor(offset / PAYLOAD_PART_BYTES))?.[offset % PAYLOAD_PART_BYTES] ?? null;
  }

  /** The bytes from `from` on as far as they are here without a hole, at most up to `to`. A copy. */
  bytes(from: number, to: number): Uint8Array {
    if (this.#version < 0) return noBytes;
    const end = Math.min(to, this.total);
    const pieces: Uint8Array[] = [];
    let at = from;
    while (at < end) {
      const part = this.#parts.get(Math.floor(at / PAYLOAD_PART_BYTES));
      const piece = part?.subarray(at % PAYLOAD_PART_BYTES, (at % PAYLOAD_PART_BYTES) + end - at);
      if (piece === undefined || piece.length === 0) break;
      pieces.push(piece);
      at += piece.length;
    }
    return join(pieces);
  }

  async #pump(): Promise<void> {
    const source = this.#source;
    const wanted = this.#wanted;
    if (source === null || wanted === null || this.#busy || this.#error !== null) return;
    const missing = this.#missing(wanted.from, wanted.to);
    if (missing === null) return;
    this.#busy = true;
    const answer = await this.#client.call('payload', { session: source.session, seq: source.seq, ...missing });
    if (source !== this.#source) return;
    this.#busy = false;
    if (!answer.ok) {
      this.#error = answer.error;
      return;
    }
    const { bytes } = answer.value;
    if (bytes.length === 0) {
      this.#error = failure('internal', 'The engine sent less of the payload than there is.').error;
      return;
    }
    this.#put(missing.offset / PAYLOAD_PART_BYTES, bytes);
    this.#version += 1;
    await this.#pump();
  }

  /** The first run of parts that are not here, as one call. */
  #missing(from: number, to: number): { readonly offset: number; readonly length: number } | null {
    const last = Math.ceil(to / PAYLOAD_PART_BYTES);
    let part = Math.floor(from / PAYLOAD_PART_BYTES);
    while (part < last && this.#parts.has(part)) part += 1;
    if (part >= last) return null;
    let end = part;
    while (end < last && !this.#parts.has(end)) end += 1;
    const offset = part * PAYLOAD_PART_BYTES;
    return { offset, length: Math.min((end - part) * PAYLOAD_PART_BYTES, PAYLOAD_PER_CALL, this.total - offset) };
  }

  #put(first: number, bytes: Uint8Array): void {
    for (let at = 0, part = first; at < bytes.length; at += PAYLOAD_PART_BYTES, part += 1) {
      this.#parts.delete(part);
      this.#parts.set(part, bytes.subarray(at, at + PAYLOAD_PART_BYTES));
    }
    // What is still wanted stays, however much it is: forgotten, it would be asked for again without end.
    for (const part of this.#parts.keys()) {
      if (this.#parts.size <= PAYLOAD_PARTS_KEPT) break;
      if (!this.#isWanted(part)) this.#parts.delete(part);
    }
  }

  #isWanted(part: number): boolean {
    const wanted = this.#wanted;
    const start = part * PAYLOAD_PART_BYTES;
    return wanted !== null && start < wanted.to && start + PAYLOAD_PART_BYTES > wanted.from;
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/**
 * A whole payload, for the clipboard.
 * @returns errors `message-too-long` above COPY_BYTES, `gone` when the record is no longer kept
 */
export async function readPayload(client: Client, session: string, record: RecordView): Promise<Outcome<Uint8Array>> {
  const total = record.payloadLength;
  if (record.payload.length === total) return success(record.payload);
  if (total > COPY_BYTES) {
    return failure('message-too-long', `${formatExactSize(total)} are too much for the clipboard.`);
  }
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < total;) {
    const length = Math.min(PAYLOAD_PER_CALL, total - offset);
    const answer = await client.call('payload', { session, seq: record.seq, offset, length });
    if (!answer.ok) return answer;
    if (answer.value.bytes.length === 0)
      return failure('internal', 'The engine sent less of the payload than there is.');
    pieces.push(answer.value.bytes);
    offset += answer.value.bytes.length;
  }
  return success(join(pieces));
}

/** The same as text: UTF-8, with U+FFFD for what is none. */
export async function readPayloadText(client: Client, session: string, record: RecordView): Promise<Outcome<string>> {
  const bytes = await readPayload(client, session, record);
  return bytes.ok ? success(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.value)) : bytes;
}
