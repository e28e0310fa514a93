/** Peers that we did not write: `nc` and `socat`, as a person would start them. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

export class Peer {
  readonly child: ChildProcessWithoutNullStreams;
  received = '';
  errors = '';
  readonly #exit: Promise<unknown>;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args);
    this.child.stdout.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    this.child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    // A peer that has gone must not end the test by EPIPE.
    this.child.stdin.on('error', () => undefined);
    this.#exit = once(this.child, 'exit');
  }

  write(text: string): void {
    this.child.stdin.write(text);
  }

  /** Ends its input: nc and socat answer with FIN. */
  endInput(): void {
    this.child.stdin.end();
  }

  /** Waits until it listens and says on which port: these peers tell nobody. */
  async listeningPort(): Promise<number> {
    const pid = this.child.pid ?? 0;
    await expect.poll(() => listeningPortOf(pid)).not.toBeNull();
    return (await listeningPortOf(pid)) ?? 0;
  }

  async exited(): Promise<number | null> {
    await this.#exit;
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.#exit;
  }
}

/** Runs `body` with a peer and ends the peer whatever happens. */
export async function withPeer(
  command: string,
  args: readonly string[],
  body: (peer: Peer) => Promise<void>,
): Promise<void> {
  const peer = new Peer(command, args);
  try {
    await body(peer);
  } finally {
    await peer.stop();
  }
}

/** The TCP port on which a process listens, from the system's table of sockets (proc(5), `/proc/net/tcp`). */
async function listeningPortOf(pid: number): Promise<number | null> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const inodes = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  const table = await readFile('/proc/net/tcp', 'utf8');
  for (const line of table.split('\n').slice(1)) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    // State 0A is LISTEN; the port is the hexadecimal part after the colon.
    if (state === '0A' && inodes.has(inode ?? '')) return parseInt(local?.split(':')[1] ?? '', 16);
  }
  return null;
}
