/** One window on an engine: makes sessions, watches them, and knows the newest status of each. */
import type { Client } from '../../src/rpc/client.ts';
import type { SessionConfig, SessionStatus } from '../../src/shared/contract.ts';
import type { Outcome } from '../../src/shared/errors.ts';
import { decodeRecords, type RecordView } from '../../src/shared/record.ts';
import { valueOf } from './outcome.ts';
import { Watch } from './watch.ts';

export class EngineWindow {
  readonly client: Client;
  readonly #heard: (said: unknown) => void;
  readonly #statuses = new Map<string, SessionStatus>();
  readonly #watch = new Watch();

  /** @param heard gets every status, and every answer to opening a session */
  constructor(client: Client, heard: (said: unknown) => void = () => undefined) {
    this.client = client;
    this.#heard = heard;
    client.on('session.status', (status) => {
      this.#statuses.set(status.session, status);
      heard(status);
      this.#watch.touch();
    });
  }

  async create(config: SessionConfig): Promise<string> {
    const { session } = valueOf(await this.client.call('session.create', { config }));
    valueOf(await this.client.call('session.watch', { session, on: true }));
    return session;
  }

  /** Makes a session and opens it. */
  async open(protocol: string, address: string, options: SessionConfig['options'] = {}): Promise<string> {
    const config = { protocol, address, options };
    const session = await this.create(config);
    valueOf(await this.openWith(session, config));
    return session;
  }

  async openWith(session: string, config: SessionConfig): Promise<Outcome<{ status: SessionStatus }>> {
    const opened = await this.client.call('session.open', { session, config });
    this.#heard(opened);
    if (opened.ok) this.#statuses.set(session, opened.value.status);
    return opened;
  }

  status(session: string): SessionStatus {
    const status = this.#statuses.get(session);
    if (status === undefined) throw new Error('this session is not watched');
    return status;
  }

  until(session: string, condition: (status: SessionStatus) => boolean, what: string): Promise<void> {
    return this.#watch.until(() => condition(this.status(session)), what);
  }

  /** The first 500. */
  async rows(session: string): Promise<RecordView[]> {
    const { rows } = valueOf(await this.client.call('rows', { session, view: null, from: 0, count: 500 }));
    return decodeRecords(rows);
  }
}
