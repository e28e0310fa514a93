/** A key store that a test can lock, and whose work is seen at a glance. */
import type { SecretCipher } from '../../src/engine/environments/secret-vault.ts';

export class FakeCipher implements SecretCipher {
  level: ReturnType<SecretCipher['strength']>;
  /** Another one cannot read what this one wrote. */
  key: string;
  isLocked = false;

  constructor(level: FakeCipher['level'] = 'system', key = 'this machine') {
    this.level = level;
    this.key = key;
  }

  strength(): FakeCipher['level'] {
    return this.level;
  }

  encrypt(text: string): Uint8Array {
    if (this.isLocked) throw new Error(`cannot encrypt ${text}`);
    return Buffer.from(`${this.key}\0${text}`).map((byte) => byte ^ 0x55);
  }

  decrypt(bytes: Uint8Array): string {
    const [key, text] = Buffer.from(bytes.map((byte) => byte ^ 0x55))
      .toString()
      .split('\0');
    if (this.isLocked || key !== this.key || text === undefined) throw new Error('cannot decrypt');
    return text;
  }
}
