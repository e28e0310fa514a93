/** Engines with scripted drivers that record in one folder of the real file system. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '../../src/engine/engine.ts';
import type { Client } from '../../src/rpc/client.ts';
import type { RecordingSummary, Result, SessionStatus } from '../../src/shared/contract.ts';
import { decodeRecords, type RecordView } from '../../src/shared/record.ts';
import { engineBench, type EngineBench } from './engine-bench.ts';
import { turn, valueOf } from './outcome.ts';

export const scripted = { protocol: 'scripted', address: 'here', options: {} };

/** Small enough that a test fills segments. A quota has to be at least a MiB, so that is what tests fill. */
const smallSizes = { blockBytes: 16 * 1024, segmentBytes: 128 * 1024, flushMs: 1 };

/** A session of one engine, and its recording. */
export interface Recorded {
  readonly bench: EngineBench;
  readonly client: Client;
  readonly session: string;
  readonly recording: string;
}

export class HistoryBench {
  readonly root: string;
  readonly #benches: EngineBench[] = [];

  constructor(root: string) {
    this.root = root;
  }

  static async make(): Promise<HistoryBench> {
    return new HistoryBench(await mkdtemp(join(tmpdir(), 'wirebench-history-')));
  }

  get folder(): string {
    return join(this.root, 'recordings');
  }

  engine(recordings: Partial<EngineOptions['recordings']> = {}, options: Partial<EngineOptions> = {}): EngineBench {
    const bench = engineBench({
      ...options,
      recordings: { folder: this.folder, sizes: smallSizes, ...recordings },
    });
    this.#benches.push(bench);
    return bench;
  }

  /** A session with one connection that has got these messages, still open; its recording is on disk. */
  async record(bench: EngineBench, messages: readonly string[], address = 'here'): Promise<Recorded> {
    const client = bench.connect();
    const config = { ...scripted, address };
    const { session } = valueOf(await client.call('session.create', { config }));
    valueOf(await client.call('session.open', { session, config }));
    const driver = bench.driver.last;
    const peer = driver.connect('10.0.0.1:5');
    for (const message of messages) driver.receive(peer, message);
    const status = await statusWhen(
      client,
      session,
      ({ recording }) => recording.id !== null && recording.waiting === 0,
    );
    return { bench, client, session, recording: status.recording.id ?? '' };
  }

  /** A recording of the past: its session has been closed and removed. */
  async past(bench: EngineBench, messages: readonly string[], address = 'here'): Promise<Recorded> {
    const recorded = await this.record(bench, messages, address);
    valueOf(await recorded.client.call('session.remove', { session: recorded.session }));
    return recorded;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#benches.splice(0).map((bench) => bench.dispose()));
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Rounds of the event loop for what disks and timers of a second have to do with it. */
const TURNS = 200_000;

/** Asks in each round of the event loop until the answer is right, a bounded number of times. */
export async function when<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean, what = 'the answer'): Promise<T> {
  for (let count = 0; count < TURNS; count += 1) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    await turn();
  }
  throw new Error(`Gave up waiting for ${what}: ${JSON.stringify(await ask())}`);
}

export async function statusOf(client: Client, session: string): Promise<SessionStatus> {
  const { sessions } = valueOf(await client.call('session.list', {}));
  const found = sessions.find((status) => status.session === session);
  if (found === undefined) throw new Error('There is no such session');
  return found;
}

export function statusWhen(
  client: Client,
  session: string,
  isRight: (status: SessionStatus) => boolean,
): Promise<SessionStatus> {
  return when(() => statusOf(client, session), isRight, 'a status');
}

export async function history(client: Client): Promise<Result<'recordings.list'>> {
  return valueOf(await client.call('recordings.list', {}));
}

export async function summaryOf(client: Client, recording: string): Promise<RecordingSummary | undefined> {
  return (await history(client)).recordings.find((summary) => summary.recording === recording);
}

/** All rows that are there. */
export async function rowsOf(client: Client, session: string): Promise<RecordView[]> {
  const rows: RecordView[] = [];
  for (let from = 0; ;) {
    const found = valueOf(await client.call('rows', { session, view: null, from, count: 500 }));
    const more = decodeRecords(found.rows);
    if (found.from < from && more.length > 0) throw new Error(`Asked for row ${from}, got row ${found.from}`);
    if (more.length === 0) return rows;
    rows.push(...more);
    from = found.from + more.length;
  }
}

/** The bytes of `data` rows, as text. */
export async function messagesOf(client: Client, session: string): Promise<string[]> {
  const rows = await rowsOf(client, session);
  return rows.filter(({ peer, payloadLength }) => peer > 0 && payloadLength > 0).map(({ payload }) => textOf(payload));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
