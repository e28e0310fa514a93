/** From what a person typed to a listening `net.Server`. */
import { lstat } from 'node:fs/promises';
import { connect, type ListenOptions, type Server } from 'node:net';
import { ALL_INTERFACES, formatEndpoint, type Endpoint } from '../../shared/address.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import type { DriverContext } from '../driver.ts';
import { attempt } from './happy-eyeballs.ts';
import { resolveHost, type Lookup } from './lookup.ts';

/** An open host is the safe reading, not the whole network as in `server.listen(port)`. */
const OPEN_HOST = '127.0.0.1';

/**
 * Where to listen. Names are looked up here and not by `server.listen`, which
 * cannot be stopped while it looks up and would listen after `close`.
 */
export async function listenTarget(
  endpoint: Endpoint,
  lookup: Lookup,
  context: Pick<DriverContext, 'record'>,
  stop: AbortSignal,
): Promise<Outcome<ListenOptions>> {
  if (endpoint.type === 'path') return success({ path: endpoint.path });
  if (endpoint.host === ALL_INTERFACES) return success({ port: endpoint.port });
  const host = endpoint.host === '' ? OPEN_HOST : endpoint.host;
  const found = await resolveHost(host, 0, lookup, context, stop);
  if (!found.ok) return found;
  const first = found.value[0]?.address;
  return first === undefined
    ? failure('host-not-found', `${host} has no address.`, 'Use 127.0.0.1 or an address of this machine.')
    : success({ host: first, port: endpoint.port });
}

/** Resolves at `listening`, or with the error; then the server is closed. */
export function listen(server: Server, options: ListenOptions): Promise<Error | null> {
  return new Promise((resolve) => {
    const settle = (error: Error | null): void => {
      server.off('listening', listening).off('error', settle);
      resolve(error);
    };
    const listening = (): void => {
      settle(null);
    };
    server.on('listening', listening).on('error', settle);
    server.listen(options);
  });
}

/** The words for a failed `listen`; a path that is taken is looked at, because its remedy depends on what is there. */
export async function listenError(error: Error, endpoint: Endpoint): Promise<WireError> {
  const facts = factsOf(error);
  const where = formatEndpoint(
    endpoint.type === 'ip' && endpoint.host === '' ? { ...endpoint, host: OPEN_HOST } : endpoint,
  );
  const known = systemError({ ...facts, syscall: 'listen' }, where);
  if (facts.code !== 'EADDRINUSE' || endpoint.type === 'ip') return known;
  switch (await occupantOf(endpoint.path)) {
    case 'program':
      return known;
    case 'left-behind':
      return {
        ...known,
        hint: 'No program listens there: one left the file behind. Remove the file, or use another path.',
      };
    case 'no-socket':
      return {
        ...known,
        message: `${where} exists and is not a socket (${facts.code}).`,
        hint: 'A server makes its own socket and never takes the place of a file or folder. Choose another path.',
      };
  }
}

/**
 * Who holds the path that somebody wanted to listen on. Only of a socket on
 * which nobody answers may a person be told to remove it: never of a file.
 */
async function occupantOf(path: string): Promise<'program' | 'left-behind' | 'no-socket'> {
  // Named pipes go with their program.
  if (process.platform === 'win32') return 'program';
  const found = await lstat(path).catch(() => null);
  // Gone meanwhile, or not to be looked at: nothing is known against the system's own word.
  if (found === null) return 'program';
  if (!found.isSocket()) return 'no-socket';
  const socket = connect({ path });
  const result = await attempt(socket, null, new AbortController().signal);
  if (result.type === 'failed') return factsOf(result.error).code === 'ECONNREFUSED' ? 'left-behind' : 'program';
  await new Promise((resolve) => socket.once('close', resolve).destroy());
  return 'program';
}
