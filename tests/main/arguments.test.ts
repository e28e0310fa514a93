import fc from 'fast-check';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handoverOf, handoversOf, isStart, ownArguments, shortArguments } from '../../src/main/arguments.ts';
import { ARGUMENT_BYTES, LINK_CHARACTERS } from '../../src/shared/app-limits.ts';
import { LONG_LINK } from '../../src/shared/open-link.ts';

const cwd = '/home/kim';

describe('the arguments of the application', () => {
  it('are all of them in a package, and those behind the folder when a plain Electron runs it', () => {
    expect(ownArguments(['/opt/wirebench', 'a.wbr'], null, cwd)).toEqual(['a.wbr']);
    const argv = ['/e/electron', '--no-sandbox', '--inspect=0', 'app', 'a.wbr', 'app'];
    expect(ownArguments(argv, '/home/kim/app', cwd)).toEqual(['a.wbr', 'app']);
    expect(ownArguments(['/e/electron', '/src/app/', 'x'], '/src/app', cwd)).toEqual(['x']);
  });

  it('are files and links; switches belong to Electron', () => {
    const args = [
      '--no-sandbox',
      'a.wbr',
      '-x',
      'b.wirebench',
      'c.wb.yaml',
      'd.JSON',
      'e.txt',
      'wirebench://open?x',
      '',
      '--',
      '-f.wbr',
    ];
    expect(handoversOf({ args, cwd })).toEqual([
      { type: 'recording', path: '/home/kim/a.wbr' },
      { type: 'preset', path: '/home/kim/b.wirebench' },
      { type: 'preset', path: '/home/kim/c.wb.yaml' },
      { type: 'preset', path: '/home/kim/d.JSON' },
      { type: 'other', path: '/home/kim/e.txt' },
      { type: 'link', text: 'wirebench://open?x' },
      { type: 'recording', path: '/home/kim/-f.wbr' },
    ]);
  });

  it('may be addresses of files, of this machine', () => {
    const path = '/tmp/장치 α%.wbr';
    expect(handoverOf(pathToFileURL(path).href, cwd)).toEqual({ type: 'recording', path });
    for (const arg of [
      'file://server/share/a.wbr',
      'file:///a%2fb.wbr',
      'file://[',
      '\0.wbr',
      'a\0b.wbr',
      ' ',
      'a'.repeat(5000),
    ]) {
      expect(handoverOf(arg, cwd)).toBeNull();
    }
  });

  it('are handed on whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('file:///', 'wirebench:', '--', '-'))),
        (args) => {
          for (const handover of handoversOf({ args, cwd })) {
            if ('text' in handover) expect(handover.text.length).toBeLessThanOrEqual(LINK_CHARACTERS + 1);
            else if ('path' in handover) expect(handover.path.startsWith('/')).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('arguments for an instance that runs already', () => {
  it('stay as they are while they are short', () => {
    expect(shortArguments(['--x', 'a'.repeat(ARGUMENT_BYTES - 10)])).toBeNull();
  });

  it('become short when they are long: a long link is named as one, what has no room is left out', () => {
    const long = `wirebench://open?address=${'a'.repeat(20_000)}`;
    expect(shortArguments(['--no-sandbox', '/app', long, 'b.wbr'])).toEqual([
      '--no-sandbox',
      '/app',
      LONG_LINK,
      'b.wbr',
    ]);
    expect(shortArguments(['/app', 'b.wbr', '한'.repeat(ARGUMENT_BYTES), 'c.wbr'])).toEqual(['/app', 'b.wbr']);
    const many = Array.from({ length: 1000 }, (_, index) => `/files/${index}.wbr`);
    const some = shortArguments(['/app', ...many]) ?? [];
    expect(some.slice(0, 2)).toEqual(['/app', '/files/0.wbr']);
    expect(shortArguments(some)).toBeNull();
  });

  it('are believed only in their own form', () => {
    expect(isStart({ args: ['a'], cwd: '/' })).toBe(true);
    for (const other of [null, 'a', [], {}, { args: 'a', cwd: '/' }, { args: [1], cwd: '/' }, { args: [] }]) {
      expect(isStart(other)).toBe(false);
    }
  });
});
