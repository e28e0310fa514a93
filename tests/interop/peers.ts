/**
 * Every program that we talk with, in both roles, over every kind of address:
 * what to start, and how it tells that it is ready.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../../src/drivers/spec.ts';
import { leavingNothing } from '../support/leaks.ts';
import { listeningPort } from '../support/listening-port.ts';
import { LiveSession } from '../support/live-session.ts';
import { Program } from './program.ts';
import { addressOf, placeOf, Python, type Place } from './python.ts';

export const programs = ['socat', 'nc', 'ncat', 'python3'] as const;
export type ProgramName = (typeof programs)[number];

export const networks = ['IPv4', 'IPv6', 'a Unix-domain socket'] as const;
export type Network = (typeof networks)[number];

/** The other end of a conversation, whatever program it is. */
export interface Talker {
  send(bytes: Uint8Array): Promise<void>;
  /** The next `count` bytes that came. */
  receive(count: number): Promise<Buffer>;
  /** Sends FIN and goes on reading. */
  end(): Promise<void>;
  kill(): Promise<void>;
}

/** Everything that one test has started; it is ended in reverse order when the test is over. */
export class Stage {
  readonly #undo: (() => Promise<unknown>)[] = [];

  later(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  async clear(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }

  async program(name: string, args: readonly string[]): Promise<Program> {
    const program = await Program.start(name, args);
    this.later(() => program.kill());
    return program;
  }

  async python(): Promise<Python> {
    const python = await Python.start();
    this.later(() => python.kill());
    return python;
  }

  async open(protocol: string, address: string, options: Options = {}): Promise<LiveSession> {
    const live = this.keep(new LiveSession(protocol));
    const opened = await live.open(address, options);
    if (!opened.ok) throw new Error(`${address} was not opened: ${opened.error.message}`);
    return live;
  }

  keep(live: LiveSession): LiveSession {
    this.later(async () => {
      await live.dispose();
      if (live.bugs.length > 0) throw new Error(`The engine reported a bug: ${String(live.bugs[0])}`);
    });
    return live;
  }

  /** A path in a folder that goes with the test. */
  async path(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-'));
    this.later(() => rm(folder, { recursive: true }));
    return join(folder, 'socket');
  }

  /** Where to listen, on any free port. */
  async place(network: Network): Promise<Place> {
    switch (network) {
      case 'IPv4':
        return ['127.0.0.1', 0];
      case 'IPv6':
        return ['::1', 0];
      default:
        return this.path();
    }
  }
}

/** Runs a test with a stage of its own and looks whether our side left a handle behind. */
export function onStage(body: (stage: Stage) => Promise<void>): () => Promise<void> {
  return () =>
    leavingNothing(async () => {
      const stage = new Stage();
      try {
        await body(stage);
      } finally {
        await stage.clear();
      }
    });
}

/** Connects the program to our server. */
export async function startClient(stage: Stage, name: ProgramName, address: string): Promise<Talker> {
  const to = placeOf(address);
  const isPath = typeof to === 'string';
  switch (name) {
    case 'socat':
      return stage.program('socat', ['-t', '20', '-', socatAddress('CONNECT', to)]);
    case 'nc':
      return stage.program('nc', ['-n', '-N', ...(isPath ? ['-U', to] : to.map(String))]);
    case 'ncat':
      return stage.program('ncat', ['-n', ...(isPath ? ['-U', to] : to.map(String))]);
    case 'python3': {
      const python = await stage.python();
      await python.connect(address);
      return python;
    }
  }
}

/** Lets the program listen. @returns it, where it listens, and what is to be awaited once we have connected */
export async function startServer(
  stage: Stage,
  name: ProgramName,
  network: Network,
): Promise<{ readonly peer: Talker; readonly address: string; readonly accepted: () => Promise<unknown> }> {
  const at = await stage.place(network);
  const isPath = typeof at === 'string';
  const nothing = (): Promise<void> => Promise.resolve();
  switch (name) {
    case 'socat': {
      // With -d -d it says where it listens.
      const peer = await stage.program('socat', ['-d', '-d', '-t', '20', '-', socatAddress('LISTEN', at)]);
      const [, port] = await peer.says(/listening on AF=\d+ (?:\S*:(\d+)|"\S+")\s/);
      return { peer, address: withPort(at, Number(port)), accepted: nothing };
    }
    case 'nc': {
      const peer = await stage.program('nc', ['-n', '-v', '-N', '-l', ...(isPath ? ['-U', at] : at.map(String))]);
      const [, port] = await peer.says(isPath ? /Listening on \S+/ : /Listening on \S+ (\d+)/);
      return { peer, address: withPort(at, Number(port)), accepted: nothing };
    }
    case 'ncat': {
      const peer = await stage.program('ncat', ['-n', '-v', '-l', ...(isPath ? ['-U', at] : at.map(String))]);
      // It names the port that it was asked for, 0.
      await peer.says(/Listening on \S+/);
      const port = isPath ? 0 : ((await listeningPort(peer.pid)) ?? 0);
      return { peer, address: withPort(at, port), accepted: nothing };
    }
    case 'python3': {
      const peer = await stage.python();
      const address = await peer.listen(at);
      return { peer, address, accepted: () => peer.accept() };
    }
  }
}

function withPort(at: Place, port: number): string {
  return addressOf(typeof at === 'string' ? at : [at[0], port]);
}

function socatAddress(role: 'CONNECT' | 'LISTEN', at: Place): string {
  if (typeof at === 'string') return `UNIX-${role}:${at}`;
  const [host, port] = at;
  const [kind, literal] = host.includes(':') ? ['TCP6', `[${host}]`] : ['TCP4', host];
  return role === 'CONNECT' ? `${kind}:${literal}:${port}` : `${kind}-LISTEN:${port},bind=${literal}`;
}
