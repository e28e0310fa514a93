/** The key store of the system, as Electron gives it (safeStorage), for secrets. */
import type { SecretCipher } from '../engine/environments/secret-vault.ts';

/**
 * The part of `safeStorage` that every Electron since 25 has; what is optional came later. Newer ones have the same
 * with promises, and a key of its own for it on Linux: a secret must not depend on which Electron wrote it.
 */
export interface KeyStore {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
  /** Linux only: `basic_text` where there is no key store, else its name. */
  getSelectedStorageBackend?(): string;
  /** Linux only: with `basic_text`, encrypts by a key that everybody knows. */
  setUsePlainTextEncryption?(use: boolean): void;
}

/** @param store asked each time: a key store can be locked, or come later */
export function keyStoreCipher(store: KeyStore, platform: NodeJS.Platform): SecretCipher {
  const isWeak = (): boolean => platform === 'linux' && store.getSelectedStorageBackend?.() === 'basic_text';
  /** Whoever has the file can read it: only for those who have accepted that, which the caller sees to. */
  const prepare = (): void => {
    if (isWeak()) store.setUsePlainTextEncryption?.(true);
  };
  return {
    strength() {
      if (isWeak()) return 'weak';
      return store.isEncryptionAvailable() ? 'system' : 'none';
    },
    encrypt(text) {
      prepare();
      return store.encryptString(text);
    },
    decrypt(bytes) {
      prepare();
      return store.decryptString(Buffer.from(bytes));
    },
  };
}
