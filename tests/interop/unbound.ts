/** Debian's unbound on loopback, with zones of ours, and what kdig reads from it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './program.ts';

const zones = ['zone.example', '2.0.192.in-addr.arpa', '8.b.d.0.1.0.0.2.ip6.arpa'] as const;

const PORT_TRIES = 5;

/** The folder of servers is not in everybody's PATH. */
export const unbound = existsSync('/usr/sbin/unbound') ? '/usr/sbin/unbound' : 'unbound';

/** Longest answer by UDP: what does not fit is cut off. */
const UDP_BYTES = 1232;

/** More than fits into a UDP answer, and less than into one message. */
const BIG_TEXTS = 40;

/** Free for UDP and for TCP: unbound takes no port 0. */
async function freePort(): Promise<number> {
  for (;;) {
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const { port } = udp.address();
    const tcp = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      tcp.once('error', () => {
        resolve(false);
      });
      tcp.listen(port, '127.0.0.1', () => {
        resolve(true);
      });
    });
    await new Promise<void>((resolve) => udp.close(resolve));
    if (!isFree) continue;
    await new Promise((resolve) => tcp.close(resolve));
    return port;
  }
}

function configuration(folder: string, port: number): string {
  const authority = (name: string): string => `
auth-zone:
  name: "${name}."
  zonefile: "${join(folder, name)}"
  for-downstream: yes
  for-upstream: yes
  fallback-enabled: no`;
  return `
server:
  interface: 127.0.0.1@${port}
  interface: ::1@${port}
  port: ${port}
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "${folder}"
  pidfile: "${join(folder, 'pid')}"
  use-syslog: no
  logfile: ""
  verbosity: 1
  num-threads: 1
  module-config: "iterator"
  minimal-responses: no
  max-udp-size: ${UDP_BYTES}
  local-zone: "2.0.192.in-addr.arpa." nodefault
  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
  local-zone: "refused.example." refuse
remote-control:
  control-enable: no
forward-zone:
  # It asks nobody on this machine, so that it cannot answer.
  name: "broken.example."
  forward-addr: 127.0.0.1
${zones.map(authority).join('')}
`;
}

function bigTexts(): string {
  const text = (number: number): string => `big IN TXT "${String(number).padStart(50, '0')} is one of many"`;
  return Array.from({ length: BIG_TEXTS }, (_, index) => text(index)).join('\n');
}

export class Unbound {
  readonly port: number;
  readonly #program: Program;
  readonly #folder: string;

  private constructor(port: number, program: Program, folder: string) {
    this.port = port;
    this.#program = program;
    this.#folder = folder;
  }

  static async start(): Promise<Unbound> {
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-dns-'));
    for (const name of zones) {
      const text = await readFile(new URL(`../fixtures/dns/${name}`, import.meta.url), 'utf8');
      await writeFile(join(folder, name), name === 'zone.example' ? `${text}\n${bigTexts()}\n` : text);
    }
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const file = join(folder, 'unbound.conf');
      await writeFile(file, configuration(folder, port));
      const program = await Program.start(unbound, ['-d', '-c', file]);
      // Somebody else may have taken the port meanwhile.
      await program.says(/start of service|Address already in use/i);
      if (!/already in use/i.test(program.said) || tries === PORT_TRIES) return new Unbound(port, program, folder);
      await program.exited();
    }
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    await this.#program.kill();
    await rm(this.#folder, { recursive: true });
  }

  /** What kdig makes of the answer to the same query. */
  async kdig(name: string, type: string, more: readonly string[] = []): Promise<KdigAnswer> {
    const where = ['@127.0.0.1', '-p', String(this.port)];
    const shown = ['+noidn', '+noall', '+header', '+answer', '+authority', '+additional', '+time=5', '+retry=0'];
    const program = await Program.start('kdig', [
      ...where,
      ...['-t', type, '-c', 'IN', '-q', name],
      ...['+edns', `+bufsize=${UDP_BYTES}`, ...shown, ...more],
    ]);
    await program.exited();
    return readKdig(program.wrote + program.said);
  }
}

export interface KdigAnswer {
  readonly status: string;
  /** Without `qr`, in the order of the header. */
  readonly flags: string;
  readonly counts: readonly number[];
  /** `name ttl class type data`, one space between. */
  readonly records: readonly string[];
}

function readKdig(text: string): KdigAnswer {
  const status = /status: (\w+)/.exec(text)?.[1] ?? `nothing: ${text}`;
  const flags = /Flags: qr ?([a-z ]*);/.exec(text)?.[1]?.trim() ?? '';
  const counts = /ANSWER: (\d+); AUTHORITY: (\d+); ADDITIONAL: (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
  const records = lines.map((line) => line.trimEnd().replace(/^(\S+)\s+(\d+)\s+(\S+)\s+(\S+)\s+/, '$1 $2 $3 $4 '));
  return { status, flags, counts, records };
}
