import fc from 'fast-check';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentFile, contentSecurityPolicy } from '../../src/shared/web-content.ts';

describe('files of the window', () => {
  it('have their types, and the root is the page', () => {
    expect(contentFile('/')).toEqual({ path: 'index.html', type: 'text/html; charset=utf-8' });
    expect(contentFile('/assets/index-a1_B2.js')).toEqual({
      path: 'assets/index-a1_B2.js',
      type: 'text/javascript; charset=utf-8',
    });
    expect(contentFile('/a/b/font.woff2')?.type).toBe('font/woff2');
  });

  it.each([
    '',
    'index.html',
    '/..',
    '/../main/index.cjs',
    '/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '/.env.json',
    '/assets/.hidden.js',
    '//etc/x.json',
    '/C:/x.json',
    '/index.html%00.js',
    '/index.html/',
    '/no-extension',
    '/main.cjs',
    '/%',
    '/%ff.js',
  ])('are none at %j', (pathname) => {
    expect(contentFile(pathname)).toBeNull();
  });

  it('never lead out of their folder, whatever is asked for', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      'a',
      '.js',
      'index.html',
      ':',
      '%25',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const file = contentFile(`/${text}`);
          if (file === null) return;
          expect(posix.normalize(`/srv/${file.path}`)).toBe(`/srv/${file.path}`);
        },
      ),
    );
  });
});

describe('the content security policy', () => {
  it('allows nothing from elsewhere and nothing inline', () => {
    const policy = contentSecurityPolicy(["'self'"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('*');
  });
});
