/** An engine with the real drivers, a workspace folder and recordings on disk, and one window on it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverModule } from '../../src/drivers/driver.ts';
import { driverModules } from '../../src/drivers/node.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import type { Client } from '../../src/rpc/client.ts';
import type { SessionConfig, SessionStatus } from '../../src/shared/contract.ts';
import type { Outcome } from '../../src/shared/errors.ts';
import { decodeRecords, type RecordView } from '../../src/shared/record.ts';
import type { TypedDraft } from '../../src/shared/typed-draft.ts';
import { engineBench, type EngineBench } from './engine-bench.ts';
import { FakeCipher } from './fake-cipher.ts';
import { valueOf } from './outcome.ts';
import { Watch } from './watch.ts';

export const LOCAL = 'environments/local.wb.yaml';

const draft: TypedDraft = { format: 'Text', content: '', lineEnding: 'none', encoding: 'utf8' };

export class VariablesBench {
  readonly root: string;
  readonly bench: EngineBench;
  readonly client: Client;
  readonly secrets = new MemoryStorage();
  /** The newest of each session. */
  readonly #statuses = new Map<string, SessionStatus>();
  /** Every answer and event that a window has got, as text. */
  readonly said: string[] = [];
  readonly #watch = new Watch();

  private constructor(root: string, drivers: readonly DriverModule[]) {
    this.root = root;
    this.bench = engineBench({
      drivers,
      workspaces: { home: this.folder, folders: new MemoryStorage(), trash: join(root, 'trash') },
      recordings: { folder: join(root, 'recordings') },
      secrets: { storage: this.secrets, cipher: new FakeCipher() },
    });
    this.client = this.bench.connect();
    this.client.on('session.status', (status) => {
      this.#statuses.set(status.session, status);
      this.said.push(JSON.stringify(status));
      this.#watch.touch();
    });
  }

  /** @param files of the workspace, by their places */
  static async make(files: Readonly<Record<string, string>>, drivers = driverModules): Promise<VariablesBench> {
    const root = await mkdtemp(join(tmpdir(), 'wirebench-variables-'));
    await mkdir(join(root, 'workspace/environments'), { recursive: true });
    for (const [place, text] of Object.entries(files)) await writeFile(join(root, 'workspace', place), text);
    return new VariablesBench(root, drivers);
  }

  get folder(): string {
    return join(this.root, 'workspace');
  }

  /** Somebody edits the file of a place. */
  edit(place: string, variables: string): Promise<void> {
    return writeFile(join(this.folder, place), `wirebench: 1\nvariables: ${variables}\n`);
  }

  async choose(path: string | null): Promise<void> {
    valueOf(await this.client.call('environments.choose', { path }));
  }

  async secret(name: string, value: string, path = ''): Promise<void> {
    valueOf(await this.client.call('secrets.set', { path, name, value }));
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
    this.said.push(JSON.stringify(opened));
    if (opened.ok) this.#statuses.set(session, opened.value.status);
    return opened;
  }

  async send(session: string, content: string, more: Partial<TypedDraft> = {}): Promise<Outcome<unknown>> {
    const source = { type: 'draft' as const, ...draft, content, ...more };
    const sent = await this.client.call('session.send', { session, peer: null, source, then: null });
    this.said.push(JSON.stringify(sent));
    return sent;
  }

  status(session: string): SessionStatus {
    const status = this.#statuses.get(session);
    if (status === undefined) throw new Error('this session is not watched');
    return status;
  }

  until(session: string, condition: (status: SessionStatus) => boolean, what: string): Promise<void> {
    return this.#watch.until(() => condition(this.status(session)), what);
  }

  async rows(session: string): Promise<RecordView[]> {
    const { rows } = valueOf(await this.client.call('rows', { session, view: null, from: 0, count: 500 }));
    return decodeRecords(rows);
  }

  /** All that History shows and keeps beside the rows, of a session that has been removed. */
  async history(session: string): Promise<string> {
    valueOf(await this.client.call('session.remove', { session }));
    const listed = JSON.stringify(valueOf(await this.client.call('recordings.list', {})));
    const files: string[] = [];
    for (const folder of await readdir(join(this.root, 'recordings'))) {
      for (const name of await readdir(join(this.root, 'recordings', folder))) {
        if (name.endsWith('.json')) files.push(await readFile(join(this.root, 'recordings', folder, name), 'utf8'));
      }
    }
    return [listed, ...files].join('\n');
  }

  async dispose(): Promise<void> {
    await this.bench.dispose();
    await rm(this.root, { recursive: true });
  }
}
