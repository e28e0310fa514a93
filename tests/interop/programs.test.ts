/** What these tests stand on. A machine without one of the programs fails here by its name. */
import { expect, it } from 'vitest';
import { Program } from './program.ts';
import { unbound } from './unbound.ts';

it.each([
  { name: 'socat', debian: 'socat', args: ['-V'], says: /socat version/ },
  { name: 'nc', debian: 'netcat-openbsd', args: ['-h'], says: /OpenBSD netcat/ },
  { name: 'ncat', debian: 'ncat', args: ['--version'], says: /Ncat/ },
  { name: 'inetutils-telnet', debian: 'inetutils-telnet', args: ['--version'], says: /GNU inetutils/ },
  { name: 'busybox', debian: 'busybox', args: ['telnet', '--help'], says: /Connect to telnet server/ },
  {
    name: 'python3',
    debian: 'python3',
    args: ['-c', 'import socket, sys; print("Python", file=sys.stderr)'],
    says: /Python/,
  },
  { name: unbound, debian: 'unbound', args: ['-V'], says: /Version \d/ },
  { name: 'kdig', debian: 'knot-dnsutils', args: ['--version'], says: /Knot DNS/ },
  ...['websockets', 'aiohttp'].map((module) => ({
    name: '/usr/bin/python3',
    debian: `python3-${module}`,
    args: ['-c', `import ${module}; print("Module", ${module}.__version__)`],
    says: /Module \d/,
  })),
])('$name is there (Debian package $debian)', async ({ name, args, says }) => {
  const program = await Program.start(name, args);
  await program.exited();
  expect(program.said + program.wrote).toMatch(says);
});

it('a program that is missing is named together with its Debian package', async () => {
  await expect(Program.start('no-such-program', [])).rejects.toThrow('Debian package');
});
