/** What a program with all its processes takes, from proc(5). */
import { readdir, readFile } from 'node:fs/promises';

/** The process and everything that it started, and what those started. */
async function family(root: number): Promise<readonly number[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  for (const name of names) {
    // A process may end while it is looked at.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const members = [root];
  for (const member of members) {
    for (const [pid, parent] of parents) if (parent === member) members.push(pid);
  }
  return members;
}

/**
 * Memory of a program in MB: the proportional set size, which counts a page
 * that several processes share once in all.
 */
export async function memoryOf(root: number): Promise<number> {
  let kilobytes = 0;
  for (const pid of await family(root)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
  }
  if (kilobytes === 0) throw new Error('the memory of a process can only be read on Linux, from /proc');
  return kilobytes / 1000;
}
