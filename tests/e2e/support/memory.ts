/** What the workbench takes of the machine's memory, and what a program has done with a file. Linux only: proc(5). */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Resident memory of one process, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024;
}

/** Bytes after which a program stands in a file that it has opened; null when it has not, or not any more. */
export async function positionIn(pid: number, path: string): Promise<number | null> {
  for (const name of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if ((await readlink(`/proc/${pid}/fd/${name}`).catch(() => '')) !== path) continue;
    const info = await readFile(`/proc/${pid}/fdinfo/${name}`, 'utf8').catch(() => '');
    return Number(/^pos:\s+(\d+)$/m.exec(info)?.[1] ?? 0);
  }
  return null;
}
