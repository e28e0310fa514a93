/**
 * One question to one server until it is settled. Each attempt has its own channel and id, and earlier ones stay open:
 * an answer that comes after the time-out of its attempt is as good as any.
 */
import { DNS_STRAYS_MOST } from '../../shared/dns-limits.ts';
import type { DnsMessage } from '../../shared/dns/message.ts';
import { typeName } from '../../shared/dns/types.ts';
import { failure, type WireError } from '../../shared/errors.ts';
import type { DriverContext } from '../driver.ts';
import { Inbox, isAborted, type Arrival, type Channel } from './channel.ts';
import { judge } from './judge.ts';
import { newQuery, type Query } from './query.ts';
import { placeOf, type DnsOptions, type Question, type Server } from './question.ts';
import { QuestionRows, type Transport } from './question-rows.ts';
import { openTcp } from './tcp-channel.ts';
import { openUdp } from './udp-channel.ts';
import { verdictOf } from './verdict.ts';

/** How a question ended. `isAnswered`: somebody answered, even if with an error. Both are false and null when stopped. */
export interface Settled {
  readonly isAnswered: boolean;
  readonly error: WireError | null;
}

interface Attempt {
  readonly number: number;
  readonly query: Query;
  /** When its query left. */
  sentAt: number;
}

type Exchange =
  | { readonly type: 'answer'; readonly message: DnsMessage; readonly bytes: Uint8Array }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'stopped' };

/** What one attempt came to; after `again` another is made, if there is one left. */
type Turn = Exchange | { readonly type: 'again'; readonly error: WireError };

const stopped = { type: 'stopped' } as const;

export class Asking {
  readonly #question: Question;
  readonly #server: Server;
  readonly #options: DnsOptions;
  readonly #rows: QuestionRows;
  readonly #stop: AbortSignal;
  readonly #place: string;
  /** What came and was not the answer. */
  #strays = 0;
  /** What the last of them was. */
  #strayError: WireError | null = null;

  constructor(
    context: Pick<DriverContext, 'record'>,
    server: Server,
    question: Question,
    options: DnsOptions,
    stop: AbortSignal,
  ) {
    this.#question = question;
    this.#server = server;
    this.#options = options;
    this.#rows = new QuestionRows(context, server, question);
    this.#stop = stop;
    this.#place = placeOf(server);
  }

  async run(): Promise<Settled> {
    const began = performance.now();
    const { transport } = this.#server;
    const first = await this.#exchange(transport === 'tcp' ? 'tcp' : 'udp');
    let last = first;
    let error: WireError | null = null;
    if (first.type === 'answer' && transport !== 'tcp' && first.message.isTruncated) {
      const goesOn = transport === 'udp';
      this.#rows.truncated(first.bytes.length, goesOn ? 'tcp' : '');
      const whole = goesOn ? await this.#exchange('tcp') : null;
      if (whole === null || whole.type === 'failed') error = this.#cutOff(whole?.error ?? null);
      else last = whole;
    }
    if (last.type === 'stopped') return { isAnswered: false, error: null };
    if (last.type === 'answer') {
      this.#rows.records(last.message);
      error ??= verdictOf(last.message, this.#question, this.#place);
    } else error = last.error;
    if (error !== null) this.#rows.failed(error, performance.now() - began);
    return { isAnswered: last.type === 'answer', error };
  }

  async #exchange(transport: Transport): Promise<Exchange> {
    const inbox = new Inbox<{ readonly attempt: Attempt; readonly arrival: Arrival }>();
    const channels: Channel[] = [];
    const count = this.#options.retries + 1;
    this.#forgetStrays();
    try {
      for (let number = 1; ; number += 1) {
        const attempt: Attempt = { number, query: newQuery(this.#question, this.#options), sentAt: 0 };
        const turn = await this.#attempt(transport, attempt, channels, inbox);
        if (turn.type !== 'again') return turn;
        if (number === count) return { type: 'failed', error: this.#strayError ?? turn.error };
        this.#rows.retry(transport, number + 1, count);
      }
    } finally {
      await Promise.all(channels.map((channel) => channel.close()));
    }
  }

  async #attempt(
    transport: Transport,
    attempt: Attempt,
    channels: Channel[],
    inbox: Inbox<{ readonly attempt: Attempt; readonly arrival: Arrival }>,
  ): Promise<Turn> {
    const { timeout } = this.#options;
    const deadline = performance.now() + timeout;
    const arrive = (arrival: Arrival): void => {
      inbox.put({ attempt, arrival });
    };
    if (this.#stop.aborted) return stopped;
    const began = performance.now();
    const opened =
      transport === 'tcp'
        ? await openTcp(this.#server, timeout, arrive, this.#stop)
        : await openUdp(this.#server, arrive);
    if (opened.type === 'failed' || opened.type === 'stopped') return opened;
    if (opened.type === 'late') return this.#late(transport, attempt);
    channels.push(opened.channel);
    if (isAborted(this.#stop)) return stopped;
    if (transport === 'tcp') this.#rows.connected(opened.local, this.#place, performance.now() - began);
    this.#rows.query(attempt.query, { local: opened.local, to: this.#place, transport, attempt: attempt.number });
    attempt.sentAt = performance.now();
    opened.channel.send(attempt.query.bytes);

    for (;;) {
      const next = await inbox.next(deadline - performance.now(), this.#stop);
      if (isAborted(this.#stop)) return stopped;
      if (next === null) return this.#late(transport, attempt);
      const turn = this.#hear(next.arrival, next.attempt, attempt, transport);
      if (turn !== null) return turn;
      if (this.#strays >= DNS_STRAYS_MOST && this.#strayError !== null) {
        return { type: 'failed', error: this.#strayError };
      }
    }
  }

  /** @returns null to wait on */
  #hear(arrival: Arrival, of: Attempt, current: Attempt, transport: Transport): Turn | null {
    switch (arrival.type) {
      case 'failed':
        return of === current || transport === 'udp' ? arrival : null;
      case 'ended':
        return of === current ? { type: 'again', error: this.#ended(arrival.held) } : null;
      case 'stray':
        this.#mismatch('address', arrival, `it is not from ${this.#place}, which was asked`);
        return null;
      case 'message':
        return this.#judge(arrival, of, current, transport);
    }
  }

  #judge(
    arrival: { readonly bytes: Uint8Array; readonly from: string },
    of: Attempt,
    current: Attempt,
    transport: Transport,
  ): Turn | null {
    const { bytes, from } = arrival;
    const heard = judge(bytes, of.query.id, this.#question);
    switch (heard.type) {
      case 'mismatch':
        this.#mismatch(heard.why, arrival, heard.words);
        return null;
      case 'malformed': {
        this.#rows.malformed(bytes, from, heard.words);
        const error = this.#malformed(heard.words);
        this.#stray(error);
        return heard.isOurs && of === current ? { type: 'again', error } : null;
      }
      case 'answer': {
        const { message } = heard;
        const ms = performance.now() - of.sentAt;
        const isFinal = !message.isTruncated || transport === 'tcp' || this.#server.transport !== 'udp';
        const about = { from, transport, ms, attempt: of.number, isLate: of !== current, isFinal };
        this.#rows.answer(message, bytes, about);
        return { type: 'answer', message, bytes };
      }
    }
  }

  #mismatch(
    why: 'id' | 'address' | 'question' | 'not-an-answer',
    { bytes, from }: { readonly bytes: Uint8Array; readonly from: string },
    words: string,
  ): void {
    this.#rows.mismatch(why, bytes, from, words);
    const what = `What came for ${this.#asked()} does not belong to the query: ${words} (MISMATCH).`;
    const hint = 'Such an answer must not be believed: the server is wrong, or somebody else tries to answer.';
    this.#stray(failure('dns-mismatch', what, hint, { errno: 'MISMATCH' }).error);
  }

  #forgetStrays(): void {
    this.#strays = 0;
    this.#strayError = null;
  }

  #stray(error: WireError): void {
    this.#strays += 1;
    this.#strayError = error;
  }

  #malformed(words: string): WireError {
    const what = `What ${this.#place} answered for ${this.#asked()} cannot be read: ${words} (MALFORMED).`;
    const hint = 'Its bytes are in the recording. Perhaps something else than DNS listens there.';
    return failure('dns-malformed', what, hint, { errno: 'MALFORMED' }).error;
  }

  #late(transport: Transport, { number }: Attempt): Turn {
    const { timeout, retries } = this.#options;
    this.#rows.timeout(transport, number, timeout);
    const times = retries === 0 ? '' : `, ${retries + 1} times`;
    const what = `No answer from ${this.#place} for ${this.#asked()} within ${timeout} ms${times} (ETIMEDOUT).`;
    const hint =
      transport === 'udp'
        ? 'Nothing may listen there, or a firewall drops the packets. Try transport TCP, or another server.'
        : 'The host may be down, or a firewall drops the packets. Try another server.';
    return { type: 'again', error: failure('dns-timed-out', what, hint, { errno: 'ETIMEDOUT' }).error };
  }

  #ended(held: number): WireError {
    const what =
      held === 0
        ? `${this.#place} closed the connection without an answer for ${this.#asked()}`
        : `${this.#place} closed the connection in the middle of its answer for ${this.#asked()}, after ${held} bytes`;
    return failure('dns-truncated', `${what} (EOF).`, 'Ask again, or by UDP, or ask another server.', { errno: 'EOF' })
      .error;
  }

  /** @param error why TCP did not give it whole; null when it was not asked for */
  #cutOff(error: WireError | null): WireError {
    const why = error === null ? 'and only UDP may be used' : `and TCP did not bring it whole: ${error.message}`;
    const what = `The answer of ${this.#place} for ${this.#asked()} is cut off (TC), ${why}`;
    const hint = 'A larger EDNS size, or a server that answers over TCP, gives the rest. What was read of it is shown.';
    return failure('dns-truncated', error === null ? `${what} (TC).` : what, hint, { errno: error?.errno ?? 'TC' })
      .error;
  }

  #asked(): string {
    return `${this.#question.name} ${typeName(this.#question.type)}`;
  }
}
