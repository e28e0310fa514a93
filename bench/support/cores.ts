/**
 * Which core a measured process runs on. What sends and what receives are kept
 * apart, so that neither takes time from the other; subject and reference run
 * on the same core, one after the other.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** `sender`: what drives a measurement. `receiver`: what is measured, subject and reference alike. */
export type Place = 'sender' | 'receiver';

/** Numbers of the cores that this process may use, from proc(5); empty where there is no such file. */
function allowedCores(): readonly number[] {
  if (process.platform !== 'linux') return [];
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const cores = allowedCores();
const canPin = cores.length >= 2 && hasTaskset();

/** For the head of the table. */
export const pinning = canPin
  ? `senders on core ${cores[0]}, main threads of subjects and references on core ${cores[1]}`
  : 'not pinned: that takes two cores and taskset (util-linux)';

function coreOf(place: Place): number | undefined {
  return canPin ? cores[place === 'sender' ? 0 : 1] : undefined;
}

/** A command that runs on the core of `place`. */
export function pinned(
  place: Place,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  const core = coreOf(place);
  return core === undefined ? { command, args } : { command: 'taskset', args: ['-c', String(core), command, ...args] };
}

/**
 * Keeps the main thread of this process on the core of `place`: the one that
 * reads the sockets. The threads that help it (writing files, collecting
 * garbage, compiling) may run anywhere, as they do for a person; pinned to the
 * same core they would take turns with it.
 */
export async function pinMainThread(place: Place): Promise<void> {
  const core = coreOf(place);
  if (core === undefined) return;
  // A thread begins where its maker may run: the pool is made by the first call that uses it.
  await stat('.');
  execFileSync('taskset', ['-p', '-c', String(core), String(process.pid)], { stdio: 'ignore' });
}
