/** An engine with the real drivers, a workspace folder and recordings on disk, and one window on it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driverModules } from '../../src/drivers/node.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import type { Outcome } from '../../src/shared/errors.ts';
import type { TypedDraft } from '../../src/shared/typed-draft.ts';
import { engineBench, type EngineBench } from './engine-bench.ts';
import { EngineWindow } from './engine-window.ts';
import { FakeCipher } from './fake-cipher.ts';
import { valueOf } from './outcome.ts';

export const LOCAL = 'environments/local.wb.yaml';

const draft: TypedDraft = { format: 'Text', content: '', lineEnding: 'none', encoding: 'utf8' };

export class VariablesBench extends EngineWindow {
  readonly root: string;
  readonly bench: EngineBench;
  readonly secrets: MemoryStorage;
  /** Every answer and event that a window has got, as text. */
  readonly said: string[];

  private constructor(root: string, bench: EngineBench, secrets: MemoryStorage) {
    const said: string[] = [];
    super(bench.connect(), (one) => void said.push(JSON.stringify(one)));
    this.said = said;
    this.root = root;
    this.bench = bench;
    this.secrets = secrets;
  }

  /** @param files of the workspace, by their places */
  static async make(files: Readonly<Record<string, string>>, drivers = driverModules): Promise<VariablesBench> {
    const root = await mkdtemp(join(tmpdir(), 'wirebench-variables-'));
    await mkdir(join(root, 'workspace/environments'), { recursive: true });
    for (const [place, text] of Object.entries(files)) await writeFile(join(root, 'workspace', place), text);
    const secrets = new MemoryStorage();
    const bench = engineBench({
      drivers,
      workspaces: { home: join(root, 'workspace'), folders: new MemoryStorage(), trash: join(root, 'trash') },
      recordings: { folder: join(root, 'recordings') },
      secrets: { storage: secrets, cipher: new FakeCipher() },
    });
    return new VariablesBench(root, bench, secrets);
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

  async send(session: string, content: string, more: Partial<TypedDraft> = {}): Promise<Outcome<unknown>> {
    const source = { type: 'draft' as const, ...draft, content, ...more };
    const sent = await this.client.call('session.send', { session, peer: null, source, then: null });
    this.said.push(JSON.stringify(sent));
    return sent;
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
