/** What the figures were taken on: they mean nothing without it. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { pinning } from './cores.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  readonly pinning: string;
  /** Processes that wanted to run before the start, on average over a minute: more than a few tenths is not a quiet machine. */
  readonly load: number;
}

function systemName(): string {
  if (process.platform !== 'linux') return process.platform;
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  } catch {
    return 'Linux';
  }
}

function load(): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
}

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown CPU',
    cores: all.length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${systemName()}, kernel ${release()}`,
    node: process.versions.node,
    pinning,
    load: load(),
  };
}

export function describe(found: Machine): string {
  const { cpu, cores, memory, system, node, load: before } = found;
  return `${cpu}, ${cores} cores, ${memory}; ${system}; Node ${node}; load before the run ${before}`;
}
