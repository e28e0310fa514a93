import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes, sentence } from '../../src/shared/errors.ts';
import { factsOf, systemError, wireErrorOf } from '../../src/shared/system-error.ts';

const PEER = '127.0.0.1:9';

function of(code: string, syscall = 'connect', peer = PEER): ReturnType<typeof systemError> {
  return systemError({ code, syscall, message: `${syscall} ${code} ${peer}` }, peer);
}

test('a refused connection reads as the interface asks for', () => {
  const error = of('ECONNREFUSED');
  expect(error.message).toBe('Connection refused by 127.0.0.1:9 (ECONNREFUSED).');
  expect(error.hint).toBe('Nothing is listening on that port.');
  expect(sentence(error)).toBe('Connection refused by 127.0.0.1:9 (ECONNREFUSED). Nothing is listening on that port.');
  expect(of('ECONNREFUSED', 'connect', '/tmp/x.sock').hint).toBe('Nothing is listening on that path.');
});

test.each([
  ['ECONNREFUSED', 'connect', 'connection-refused'],
  ['ECONNRESET', 'read', 'connection-reset'],
  ['ETIMEDOUT', 'connect', 'connection-timed-out'],
  ['EPIPE', 'write', 'broken-pipe'],
  ['ENOTFOUND', 'getaddrinfo', 'host-not-found'],
  ['EAI_AGAIN', 'getaddrinfo', 'lookup-failed'],
  ['EAI_FAIL', 'getaddrinfo', 'lookup-failed'],
  ['EHOSTUNREACH', 'connect', 'host-unreachable'],
  ['ENETUNREACH', 'connect', 'network-unreachable'],
  ['EADDRINUSE', 'listen', 'address-in-use'],
  ['EADDRINUSE', 'bind', 'address-in-use'],
  ['EADDRNOTAVAIL', 'listen', 'address-not-available'],
  ['EADDRNOTAVAIL', 'connect', 'address-not-available'],
  ['EAFNOSUPPORT', 'connect', 'address-not-available'],
  ['EACCES', 'listen', 'permission-denied'],
  ['EPERM', 'connect', 'permission-denied'],
  ['ENOENT', 'connect', 'file-not-found'],
  ['ENOENT', 'open', 'file-not-found'],
  ['EACCES', 'open', 'permission-denied'],
  ['EISDIR', 'read', 'file-unreadable'],
  ['EISDIR', 'connect', 'bad-address'],
  ['ENOTSOCK', 'connect', 'connection-refused'],
  ['EMFILE', 'connect', 'too-many-open-files'],
  ['ENFILE', 'accept', 'too-many-open-files'],
  ['ENAMETOOLONG', 'listen', 'bad-address'],
  ['EINVAL', 'bind', 'bad-address'],
  ['ECONNABORTED', 'read', 'connection-aborted'],
  ['ERR_STREAM_WRITE_AFTER_END', 'write', 'not-open'],
  ['ERR_STREAM_DESTROYED', 'write', 'connection-aborted'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'write', 'connection-aborted'],
  ['ERR_SOCKET_CLOSED', 'write', 'not-open'],
])('%s of %s becomes %s, with peer, errno and remedy', (errno, syscall, code) => {
  const error = of(errno, syscall);
  expect(error.code).toBe(code);
  expect(error.errno).toBe(errno);
  expect(error.message).toContain(PEER);
  expect(error.message.endsWith(` (${errno}).`)).toBe(true);
  expect(error.hint).toMatch(/\.$/);
});

describe('the hint', () => {
  test.each([
    ['a privileged port', of('EACCES', 'listen', '127.0.0.1:80'), /below 1024.*such as 8080/],
    ['a socket path', of('EACCES', 'listen', '/srv/x.sock'), /folder must exist/],
    ['a reserved port', of('EACCES', 'listen', '127.0.0.1:5000'), /reserves it/],
    ['a connection that is forbidden', of('EACCES', 'connect', '127.0.0.1:80'), /firewall/],
    ['a port in use', of('EADDRINUSE', 'listen', '127.0.0.1:80'), /another port \(0 takes any free one\)/],
    ['a path in use', of('EADDRINUSE', 'listen', '/tmp/x.sock'), /another path\./],
    ['a local port in use', of('EADDRINUSE', 'bind', '127.0.0.1:80'), /another localPort/],
    ['a path that ends like a port', of('EACCES', 'listen', '/tmp/x:80'), /folder must exist/],
  ])('fits %s', (_what, error, hint) => {
    expect(error.hint).toMatch(hint);
  });
});

describe('an error that is not known', () => {
  test('keeps the text and the name that Node gave', () => {
    const error = of('EWEIRD', 'connect');
    expect(error).toMatchObject({ code: 'system-error', errno: 'EWEIRD' });
    expect(error.message).toBe(`${PEER}: connect EWEIRD ${PEER}.`);
  });

  test('names the errno when the text does not', () => {
    expect(systemError({ code: 'EODD', syscall: '', message: 'Odd!' }, PEER).message).toBe(`${PEER}: Odd! (EODD).`);
  });

  test('says at least whom it is about', () => {
    const error = systemError({ code: '', syscall: '', message: '' }, PEER);
    expect(error.message).toBe(`${PEER}: an unknown error of the system.`);
    expect(error).not.toHaveProperty('errno');
  });
});

test('takes the facts from whatever was thrown', () => {
  const thrown = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), {
    code: 'ECONNREFUSED',
    errno: -111,
    syscall: 'connect',
  });
  expect(wireErrorOf(thrown, PEER)).toEqual(of('ECONNREFUSED'));
  expect(factsOf('just text')).toEqual({ code: '', syscall: '', message: 'just text' });
  expect(factsOf(null)).toEqual({ code: '', syscall: '', message: 'null' });
  expect(factsOf({ code: 7 })).toEqual({ code: '', syscall: '', message: '' });
});

test('always makes a whole sentence with a known code', () => {
  const facts = fc.record({
    code: fc.oneof(fc.string(), fc.constantFrom('EACCES', 'ENOENT', 'EAI_NONAME')),
    syscall: fc.constantFrom('', 'connect', 'listen', 'open', 'read'),
    message: fc.string(),
  });
  fc.assert(
    fc.property(facts, fc.string({ minLength: 1 }), (one, peer) => {
      const error = systemError(one, peer);
      expect(errorCodes).toContain(error.code);
      expect(error.message).toMatch(/[.!?]$/);
      expect(error.message).toContain(peer);
    }),
  );
});
