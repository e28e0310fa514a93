/** On which TCP port a process listens: some programs take port 0 and tell nobody what they were given. */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** From the system's tables of sockets (proc(5), `/proc/net/tcp` and `tcp6`); null when it listens on none. */
export async function listeningPort(pid: number): Promise<number | null> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const inodes = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  for (const line of tables.join('\n').split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    // State 0A is LISTEN; the port is the hexadecimal part after the last colon.
    if (state === '0A' && inodes.has(inode ?? '')) return parseInt(local?.split(':')[1] ?? '', 16);
  }
  return null;
}
