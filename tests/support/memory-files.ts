/** A disk in memory, which can be full, lose a folder, and be looked at. As exact as recordings need it. */
import type { SyncFiles } from '../../src/engine/disk/block-source.ts';
import type { DiskFile, DiskFiles } from '../../src/engine/disk/disk-files.ts';

export function systemProblem(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: made up for a test, ${syscall}`), { code, syscall });
}

/** The bytes of a file; it lives on while it is open, as on Unix. */
class Content {
  bytes = new Uint8Array(0);
  isRemoved = false;

  resize(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, size));
    this.bytes = bytes;
  }
}

/** Files open for synchronous reading. */
class OpenContents implements SyncFiles {
  readonly #find: (path: string) => Content;
  readonly #open = new Map<number, Content>();
  #next = 3;

  constructor(find: (path: string) => Content) {
    this.#find = find;
  }

  open(path: string): number {
    this.#open.set(this.#next, this.#find(path));
    this.#next += 1;
    return this.#next - 1;
  }

  read(file: number, into: Uint8Array, offset: number, length: number, position: number): number {
    const content = this.#open.get(file);
    if (content === undefined) throw systemProblem('EBADF', 'read');
    return copyPart(content, into.subarray(offset, offset + length), position);
  }

  close(file: number): void {
    if (!this.#open.delete(file)) throw systemProblem('EBADF', 'close');
  }
}

function copyPart({ bytes }: Content, into: Uint8Array, position: number): number {
  const part = bytes.subarray(position, position + into.length);
  into.set(part);
  return part.length;
}

export class MemoryFiles implements DiskFiles {
  /** Bytes that fit on the disk. */
  capacity = Infinity;
  /** Files that are open at the moment. */
  openFiles = 0;
  readonly #files = new Map<string, Content>();
  readonly #folders = new Set<string>();
  readonly #sync = new OpenContents((path) => this.#at(path));

  /** The same files for synchronous reading. */
  get sync(): SyncFiles {
    return this.#sync;
  }

  get used(): number {
    let used = 0;
    for (const { bytes } of this.#files.values()) used += bytes.length;
    return used;
  }

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** What is in a file, to be looked at and changed. */
  contentOf(path: string): Uint8Array {
    return this.#at(path).bytes;
  }

  /** Puts a file in place, whatever was there. The bytes are used as they are. */
  put(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    const content = new Content();
    content.bytes = bytes;
    this.#folders.add(path.slice(0, path.lastIndexOf('/')));
    this.#files.set(path, content);
  }

  mkdir(path: string): Promise<void> {
    this.#folders.add(path);
    return Promise.resolve();
  }

  open(path: string, mode: 'create' | 'read'): Promise<DiskFile> {
    if (mode === 'create' && !this.#files.has(path)) {
      if (!this.#folders.has(path.slice(0, path.lastIndexOf('/')))) {
        return Promise.reject(systemProblem('ENOENT', 'open'));
      }
      this.#files.set(path, new Content());
    }
    const content = this.#files.get(path);
    if (content === undefined) return Promise.reject(systemProblem('ENOENT', 'open'));
    this.openFiles += 1;
    return Promise.resolve(this.#file(content));
  }

  list(path: string): Promise<string[]> {
    if (this.#files.has(path)) return Promise.reject(systemProblem('ENOTDIR', 'scandir'));
    if (!this.#folders.has(path)) return Promise.reject(systemProblem('ENOENT', 'scandir'));
    const names = this.paths.filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1));
    return Promise.resolve(names);
  }

  async size(path: string): Promise<number> {
    return Promise.resolve(this.#at(path).bytes.length);
  }

  async rename(from: string, to: string): Promise<void> {
    const content = this.#at(from);
    const replaced = this.#files.get(to);
    if (replaced !== undefined) replaced.isRemoved = true;
    this.#files.delete(from);
    this.#files.set(to, content);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    for (const [name, content] of this.#files) {
      if (name !== path && !name.startsWith(`${path}/`)) continue;
      content.isRemoved = true;
      this.#files.delete(name);
    }
    this.#folders.delete(path);
    return Promise.resolve();
  }

  #at(path: string): Content {
    const content = this.#files.get(path);
    if (content === undefined) throw systemProblem('ENOENT', 'stat');
    return content;
  }

  #file(content: Content): DiskFile {
    return {
      write: (buffers, position) => {
        const wanted = buffers.reduce((sum, { length }) => sum + length, 0);
        const free = this.capacity - this.used + Math.max(0, content.bytes.length - position);
        const taken = Math.min(wanted, Math.max(0, free));
        if (taken === 0 && wanted > 0) return Promise.reject(systemProblem('ENOSPC', 'write'));
        if (position + taken > content.bytes.length) content.resize(position + taken);
        let at = 0;
        for (const buffer of buffers) {
          const part = buffer.subarray(0, Math.max(0, taken - at));
          content.bytes.set(part, position + at);
          at += part.length;
        }
        return Promise.resolve(taken);
      },
      read: (into, position) => Promise.resolve(copyPart(content, into, position)),
      sync: () => Promise.resolve(),
      truncate: (size) => {
        content.resize(size);
        return Promise.resolve();
      },
      stat: () => Promise.resolve({ size: content.bytes.length, links: content.isRemoved ? 0 : 1 }),
      close: () => {
        this.openFiles -= 1;
        return Promise.resolve();
      },
    };
  }
}
