/** A workspace folder in a temporary place, as it is open in an engine. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FolderOperations } from '../../src/engine/presets/folder-operations.ts';
import { nodeFolder } from '../../src/engine/presets/folder-operations.ts';
import type { OpenFolder } from '../../src/engine/presets/open-folder.ts';
import { Workspaces } from '../../src/engine/presets/workspaces.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import { presetSchema, type Preset } from '../../src/shared/preset.ts';
import type { PresetEntry } from '../../src/shared/presets-contract.ts';

function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
}

/** @param more what is different from a small preset */
export function presetOf(name: string, more: Partial<Preset> = {}): Preset {
  return presetSchema.parse({ wirebench: 1, id: idOf(name), name, protocol: 'tcp-client', ...more });
}

export class PresetBench {
  readonly base: string;
  readonly folders = new MemoryStorage();
  readonly workspaces: Workspaces;

  constructor(base: string, operations: FolderOperations) {
    this.base = base;
    this.workspaces = new Workspaces({
      home: join(base, 'workspace'),
      trash: join(base, 'deleted'),
      folders: this.folders,
      operations,
    });
  }

  static async make(operations: Partial<FolderOperations> = {}): Promise<PresetBench> {
    const base = await mkdtemp(join(tmpdir(), 'wirebench-presets-'));
    return new PresetBench(base, { ...nodeFolder, ...operations });
  }

  get home(): string {
    return join(this.base, 'workspace');
  }

  open(): Promise<OpenFolder> {
    return this.workspaces.current();
  }

  /** Writes a file as an editor would. */
  async put(place: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.home, place);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  text(place: string): Promise<string> {
    return readFile(join(this.home, place), 'utf8');
  }

  /** What is there now, whatever was known. */
  async entries(): Promise<readonly PresetEntry[]> {
    const folder = await this.open();
    const { PresetTree } = await import('../../src/engine/presets/preset-tree.ts');
    const tree = new PresetTree(folder.files);
    const { entries } = await tree.list();
    await tree.dispose();
    return entries;
  }

  async places(): Promise<readonly string[]> {
    return (await this.entries()).map(({ path }) => path);
  }

  async dispose(): Promise<void> {
    await this.workspaces.dispose();
    await rm(this.base, { recursive: true, force: true });
  }
}

/** A file as a person writes it. */
export function written(name: string, more = ''): string {
  return `wirebench: 1\nid: ${idOf(name)}\nname: ${name}\nprotocol: tcp-client\n${more}`;
}
