import { describe, expect, it } from 'vitest';
import { isSameInstallation } from '../../scripts/lib/install.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/ws': { version: '8.21.0', integrity: 'sha512-a' },
    'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-b', optional: true },
  },
};

describe('comparing what is installed with the lock file', () => {
  it('accepts an installation without the optional packages of other systems', () => {
    expect(
      isSameInstallation(lock, { packages: { 'node_modules/ws': { version: '8.21.0', integrity: 'sha512-a' } } }),
    ).toBe(true);
  });

  it('refuses one where a package is missing', () => {
    expect(isSameInstallation(lock, { packages: {} })).toBe(false);
  });

  it('refuses one with another version', () => {
    expect(
      isSameInstallation(lock, { packages: { 'node_modules/ws': { version: '8.20.0', integrity: 'sha512-a' } } }),
    ).toBe(false);
  });

  it('refuses one with other contents under the same version', () => {
    expect(
      isSameInstallation(lock, { packages: { 'node_modules/ws': { version: '8.21.0', integrity: 'sha512-c' } } }),
    ).toBe(false);
  });

  it('refuses one whose optional package is of another version', () => {
    const installed = {
      packages: {
        'node_modules/ws': { version: '8.21.0', integrity: 'sha512-a' },
        'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-b' },
      },
    };
    expect(isSameInstallation(lock, installed)).toBe(false);
  });
});
