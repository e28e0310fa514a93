import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/web-host/arguments.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const parse = (...args: string[]): ReturnType<typeof parseArguments> => parseArguments(args, {}, 'linux');

describe('the command line of the browser host', () => {
  it('has a default for everything', () => {
    const { host, port, data } = valueOf(parse());
    expect({ host, port }).toEqual({ host: '127.0.0.1', port: 0 });
    expect(data).toMatch(/\.local.share.wirebench$/);
  });

  it('takes host, port and folders', () => {
    expect(valueOf(parse('--host', '::1', '--port=8080', '--data', '/d'))).toEqual({
      host: '::1',
      port: 8080,
      data: '/d',
      recordings: '/d/recordings',
    });
    expect(valueOf(parse('--data', '/d', '--recordings', '/large')).recordings).toBe('/large');
  });

  it('keeps data where the system wants it', () => {
    expect(valueOf(parseArguments([], { XDG_DATA_HOME: '/x' }, 'linux')).data).toBe('/x/wirebench');
    expect(valueOf(parseArguments([], { APPDATA: '/a' }, 'win32')).data).toMatch(/^.a.Wirebench$/);
    expect(valueOf(parseArguments([], {}, 'darwin')).data).toMatch(/Library.Application Support.Wirebench$/);
  });

  it.each(['0.0.0.0', '::', '192.168.0.1', 'localhost', 'example.org', '', '127.0.0.1.example.org'])(
    'refuses the host "%s": the window is never served to a network',
    (host) => {
      expect(errorOf(parse('--host', host))).toMatchObject({ code: 'bad-option' });
    },
  );

  it.each([['--port', '65536'], ['--port', '-1'], ['--port', 'x'], ['--port'], ['--unknown'], ['word']])(
    'refuses %s %s',
    (...args) => {
      expect(errorOf(parse(...args)).code).toBe('bad-option');
    },
  );
});
