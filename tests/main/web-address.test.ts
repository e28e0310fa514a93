import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webAddress } from '../../src/main/web-address.ts';

describe('an address for another program', () => {
  it.each([
    ['https://example.test/a?b#c', 'https://example.test/a?b#c'],
    ['HTTPS://EXAMPLE.test', 'https://example.test/'],
    ['https://bücher.test/', 'https://xn--bcher-kva.test/'],
    ['mailto:kim@example.test?subject=x', 'mailto:kim@example.test?subject=x'],
  ])('may be %s', (address, url) => {
    expect(webAddress(address)).toBe(url);
  });

  it.each([
    'http://example.test/', 'file:///etc/passwd', 'smb://server/share', 'javascript:alert(1)', 'data:text/html,x', 'wirebench://open?x',
    'ms-msdt:/id', 'vbscript:x', 'ftp://a.test', 'ws://a.test', 'https:', 'https://', 'mailto:', 'mailto:x', 'https://me@a.test/',
    'https://good.test:x@evil.test/', 'a.test', '', 'blob:https://a.test/1', 'view-source:https://a.test', `https://a.test/${'a'.repeat(2000)}`,
    'steam://run/1', 'app://wirebench/', 'chrome://settings',
  ])('is never %s', (address) => {
    expect(webAddress(address)).toBeNull();
  }); // prettier-ignore

  it('is https with a host or mailto, whatever is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl({ validSchemes: ['http', 'https', 'ftp', 'file', 'mailto'] })),
        (address) => {
          const url = webAddress(address);
          if (url !== null) expect(url).toMatch(/^(?:https:\/\/[^/@]+|mailto:.*@)/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
