import { describe, expect, it } from 'vitest';
import { keyStoreCipher, type KeyStore } from '../../src/main/key-store.ts';

/** As Electron's: with `basic_text` it works only when that was asked for. */
function keyStore(backend: string | null, isAvailable: boolean): KeyStore & { readonly calls: string[] } {
  const calls: string[] = [];
  let usesPlainText = false;
  const works = (): boolean => isAvailable || (usesPlainText && backend === 'basic_text');
  const store: KeyStore = {
    isEncryptionAvailable: works,
    encryptString: (text) => {
      if (!works()) throw new Error('not available');
      return Buffer.from(`v10${text}`);
    },
    decryptString: (bytes) => {
      if (!works()) throw new Error('not available');
      return bytes.toString().slice(3);
    },
  };
  if (backend === null) return { ...store, calls };
  return {
    ...store,
    calls,
    getSelectedStorageBackend: () => backend,
    setUsePlainTextEncryption: (use) => {
      usesPlainText = use;
      calls.push(`plain text ${use}`);
    },
  };
}

describe('the key store', () => {
  it('is that of the system where there is one', () => {
    for (const [backend, platform] of [
      ['gnome_libsecret', 'linux'],
      ['kwallet6', 'linux'],
      [null, 'darwin'],
      [null, 'win32'],
      [null, 'linux'],
    ] as const) {
      const store = keyStore(backend, true);
      const cipher = keyStoreCipher(store, platform);
      expect(cipher.strength()).toBe('system');
      expect(cipher.decrypt(cipher.encrypt('s3cret'))).toBe('s3cret');
      expect(store.calls).toEqual([]);
    }
  });

  it('is none where it is locked or missing', () => {
    for (const backend of ['gnome_libsecret', 'unknown', null]) {
      const cipher = keyStoreCipher(keyStore(backend, false), 'linux');
      expect(cipher.strength()).toBe('none');
      expect(() => cipher.encrypt('s3cret')).toThrow();
    }
  });

  it('is weak on a Linux without one, and works only when it is used', () => {
    const store = keyStore('basic_text', false);
    const cipher = keyStoreCipher(store, 'linux');
    expect(cipher.strength()).toBe('weak');
    expect(store.calls).toEqual([]);
    expect(cipher.decrypt(cipher.encrypt('s3cret'))).toBe('s3cret');
    expect(cipher.strength()).toBe('weak');
  });
});
