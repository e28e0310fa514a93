/** What a person is told for each errno. The codes: Node docs, "Common system errors"; errno(3), getaddrinfo(3). */
import type { ErrorCode } from './errors.ts';

/** The facts that a Node `SystemError` carries (Node docs, "Errors", class `SystemError`). */
export interface SystemErrorFacts {
  /** `ECONNREFUSED`, `ERR_STREAM_DESTROYED`, … Empty when the error has none. */
  readonly code: string;
  /** `connect`, `listen`, `bind`, `read`, `open`, … Empty when the error has none. */
  readonly syscall: string;
  readonly message: string;
}

/** How one errno is put into words. */
export interface Wording {
  readonly code: ErrorCode;
  /** The sentence without its full stop; the errno follows in brackets. */
  readonly what: string;
  readonly hint: string;
}

const FILE_CALLS = new Set(['open', 'read', 'stat', 'lstat', 'fstat', 'scandir', 'close', 'access', 'realpath']);

/** A `read` on a socket has the name of a file call, but none of its codes with an own wording here. */
function fileWording(code: string, path: string): Wording | null {
  switch (code) {
    case 'ENOENT':
      return {
        code: 'file-not-found',
        what: `There is no file ${path}`,
        hint: 'Was it moved or deleted? Choose it again.',
      };
    case 'EISDIR':
      return { code: 'file-unreadable', what: `${path} is a folder`, hint: 'Choose a file.' };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'permission-denied',
        what: `The file ${path} may not be read`,
        hint: 'Give yourself permission to read it, or choose another file.',
      };
    default:
      return null;
  }
}

/** Ends of paths are no ports: `/tmp/x:80` is a path. */
function portOf(peer: string): number | null {
  const port = isPath(peer) ? undefined : /:(\d{1,5})$/.exec(peer)?.[1];
  return port === undefined ? null : Number(port);
}

function isPath(peer: string): boolean {
  return /^(\/|\.\.?\/|\\\\|unix:)/.test(peer);
}

/** Ports below this need a privilege on Unix (ip(7), `ip_unprivileged_port_start`). */
const FIRST_UNPRIVILEGED_PORT = 1024;

function permissionWording(facts: SystemErrorFacts, peer: string): Wording {
  const port = portOf(peer);
  if (facts.syscall === 'connect' && !isPath(peer)) {
    return {
      code: 'permission-denied',
      what: `The system does not allow a connection to ${peer}`,
      hint: 'A local firewall or security policy forbids it.',
    };
  }
  if (port !== null && port > 0 && port < FIRST_UNPRIVILEGED_PORT) {
    return {
      code: 'permission-denied',
      what: `Permission denied for ${peer}`,
      hint: `Ports below ${FIRST_UNPRIVILEGED_PORT} need administrator rights. Use a port from ${FIRST_UNPRIVILEGED_PORT} on, such as ${port + 8000}.`,
    };
  }
  return {
    code: 'permission-denied',
    what: `Permission denied for ${peer}`,
    hint: isPath(peer)
      ? 'The folder must exist, and you need permission to write to it and to the socket.'
      : 'The system reserves it. Use another port or address.',
  };
}

function resourceWording(facts: SystemErrorFacts, peer: string): Wording | null {
  const listening = facts.syscall === 'listen';
  switch (facts.code) {
    case 'EADDRINUSE':
      return {
        code: 'address-in-use',
        what: listening ? `${peer} is already in use` : `The local address for ${peer} is already in use`,
        hint: listening
          ? `Another program listens there. Stop it, or use another ${isPath(peer) ? 'path' : 'port'}${isPath(peer) ? '' : ' (0 takes any free one)'}.`
          : 'Choose another localPort, or none.',
      };
    case 'EADDRNOTAVAIL':
      return {
        code: 'address-not-available',
        what: listening
          ? `${peer} is not an address of this machine`
          : `No local address of this machine fits a connection to ${peer}`,
        hint: listening
          ? 'Use 127.0.0.1 or an address of one of its network cards.'
          : 'Check localAddress and the host; all local ports may also be taken.',
      };
    case 'EAFNOSUPPORT':
      return {
        code: 'address-not-available',
        what: `This machine does not support the kind of address of ${peer}`,
        hint: 'IPv6 may be turned off. Use an IPv4 address.',
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        code: 'too-many-open-files',
        what: `Too many files and sockets are open to reach ${peer}`,
        hint: 'Close some sessions, or raise the limit of open files (ulimit -n).',
      };
    case 'EACCES':
    case 'EPERM':
      return permissionWording(facts, peer);
    case 'ENOENT':
      return {
        code: 'file-not-found',
        what: `There is no socket ${peer}`,
        hint: 'Start the server that makes it, or check the path.',
      };
    case 'ENOTSOCK':
      return {
        code: 'connection-refused',
        what: `${peer} is not a socket`,
        hint: 'Check the path: it is an ordinary file.',
      };
    case 'EISDIR':
      return { code: 'bad-address', what: `${peer} is a folder`, hint: 'Write the path of a socket.' };
    case 'ENAMETOOLONG':
      return { code: 'bad-address', what: `The address ${peer} is too long`, hint: 'Use a shorter path or name.' };
    case 'EINVAL':
      return {
        code: 'bad-address',
        what: `The system does not accept ${peer}`,
        hint: 'Check the address, and that localAddress is of the same family (IPv4 or IPv6).',
      };
    default:
      return null;
  }
}

function connectionWording(facts: SystemErrorFacts, peer: string): Wording | null {
  switch (facts.code) {
    case 'ECONNREFUSED':
      return {
        code: 'connection-refused',
        what: `Connection refused by ${peer}`,
        hint: isPath(peer) ? 'Nothing is listening on that path.' : 'Nothing is listening on that port.',
      };
    case 'ECONNRESET':
      return {
        code: 'connection-reset',
        what: `Connection reset by ${peer}`,
        hint: 'The peer broke it off (RST): it crashed, closed with unread data, or does not want this.',
      };
    case 'ETIMEDOUT':
      return {
        code: 'connection-timed-out',
        what: `No answer from ${peer} in time`,
        hint: 'The host may be down, or a firewall drops the packets.',
      };
    case 'EPIPE':
      return {
        code: 'broken-pipe',
        what: `${peer} takes no more data`,
        hint: 'The peer had closed the connection before this was sent.',
      };
    case 'ECONNABORTED':
      return {
        code: 'connection-aborted',
        what: `The connection to ${peer} was aborted`,
        hint: 'This machine broke it off, for example because the network changed.',
      };
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
      return {
        code: 'host-unreachable',
        what: `No route to the host ${peer}`,
        hint: 'Check the address; the host may be off or behind a firewall.',
      };
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return {
        code: 'network-unreachable',
        what: `No network leads to ${peer}`,
        hint: 'Check that this machine is connected, and that it has the kind of address (IPv4 or IPv6).',
      };
    case 'ENOTFOUND':
      return {
        code: 'host-not-found',
        what: `Host not found: ${peer}`,
        hint: 'Check the spelling of the name, and that this machine may ask DNS.',
      };
    case 'EAI_AGAIN':
      return {
        code: 'lookup-failed',
        what: `The name of ${peer} could not be looked up`,
        hint: 'The DNS server did not answer. Check the network and try again.',
      };
    default:
      return facts.code.startsWith('EAI_')
        ? { code: 'lookup-failed', what: `The name of ${peer} could not be looked up`, hint: 'Check the host name.' }
        : null;
  }
}

function streamWording(facts: SystemErrorFacts, peer: string): Wording | null {
  switch (facts.code) {
    case 'ERR_STREAM_WRITE_AFTER_END':
      return {
        code: 'not-open',
        what: `Nothing more can be sent to ${peer}: this side has ended (FIN)`,
        hint: 'Sending needs a new connection.',
      };
    case 'ENOTCONN':
    case 'ERR_SOCKET_CLOSED':
    case 'ERR_STREAM_ALREADY_FINISHED':
      return { code: 'not-open', what: `The connection to ${peer} is not open`, hint: 'This needs a new connection.' };
    case 'ERR_STREAM_DESTROYED':
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION':
    case 'ECANCELED':
      return {
        code: 'connection-aborted',
        what: `The connection to ${peer} was closed before everything was sent`,
        hint: 'Part of the data may have arrived. The rest needs a new connection.',
      };
    default:
      return null;
  }
}

/** The words for a failure, or null for an errno that is not known here. */
export function wordsOf(facts: SystemErrorFacts, peer: string): Wording | null {
  return (
    (FILE_CALLS.has(facts.syscall) ? fileWording(facts.code, peer) : null) ??
    connectionWording(facts, peer) ??
    resourceWording(facts, peer) ??
    streamWording(facts, peer)
  );
}
