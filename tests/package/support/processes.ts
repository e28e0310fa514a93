/** What Linux says of the processes of a user. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface Process {
  readonly pid: number;
  /** As it was started, in one line: Chromium writes its children's so. */
  readonly command: string;
  /** 2: it may make only some system calls (proc(5)). */
  readonly seccomp: number;
  /** Of process ids; another one than ours means that it cannot see ours. */
  readonly namespace: string;
}

/** @param program path of the binary */
export async function processesOf(program: string): Promise<readonly Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => look(Number(pid), program).catch(() => null)));
  return found.filter((process) => process !== null);
}

async function look(pid: number, program: string): Promise<Process | null> {
  const folder = join('/proc', String(pid));
  if ((await readlink(join(folder, 'exe'))) !== program) return null;
  const command = (await readFile(join(folder, 'cmdline'), 'utf8')).replaceAll('\0', ' ').trim();
  const status = await readFile(join(folder, 'status'), 'utf8');
  const namespace = await readlink(join(folder, 'ns', 'pid'));
  return { pid, command, seccomp: Number(/^Seccomp:\s*(\d)/m.exec(status)?.[1] ?? 0), namespace };
}
