import { describe, expect, it } from 'vitest';
import { isOwnPage } from '../../src/main/own-page.ts';

describe('our own page', () => {
  it.each(['app://wirebench/index.html', 'app://wirebench/', 'app://wirebench'])('is %s', (address) => {
    expect(isOwnPage(address)).toBe(true);
  });

  it.each([
    'app://wirebench.evil/index.html',
    'app://evil/wirebench',
    'app://user@evil/app://wirebench/',
    'http://wirebench/',
    'file:///app://wirebench/',
    'about:blank',
    'data:text/html,app://wirebench/',
    '',
    'not an address',
  ])('is not %s', (address) => {
    expect(isOwnPage(address)).toBe(false);
  });
});
