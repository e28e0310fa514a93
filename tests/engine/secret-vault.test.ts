import { describe, expect, it } from 'vitest';
import { SecretVault } from '../../src/engine/environments/secret-vault.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import { failure } from '../../src/shared/errors.ts';
import { FakeCipher } from '../support/fake-cipher.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const place = { folder: '/room', path: 'environments/local.wb.yaml', name: 'token' };

async function loaded(storage: MemoryStorage, cipher: FakeCipher | null = new FakeCipher()): Promise<SecretVault> {
  const vault = new SecretVault(storage, cipher);
  await vault.load();
  return vault;
}

describe('secrets with a key store of the system', () => {
  it('come back in the next run, and never stand in the document', async () => {
    const storage = new MemoryStorage();
    const vault = await loaded(storage);
    expect(vault.store).toBe('system');
    valueOf(await vault.set(place, 's3cret'));
    expect(storage.text).not.toContain('s3cret');
    expect(storage.text).not.toContain(Buffer.from('s3cret').toString('base64'));
    const next = await loaded(storage);
    expect(next.get(place)).toEqual({ type: 'value', value: 's3cret' });
    expect(next.known('/room', place.path)).toEqual(['token']);
  });

  it('are kept apart by folder, environment and name', async () => {
    const vault = await loaded(new MemoryStorage());
    valueOf(await vault.set(place, 'one'));
    for (const other of [{ folder: '/other' }, { path: '' }, { name: '__proto__' }]) {
      expect(vault.get({ ...place, ...other })).toEqual({ type: 'none' });
    }
    expect(vault.known('/room', '')).toEqual([]);
  });

  it('are forgotten when somebody says so', async () => {
    const storage = new MemoryStorage();
    const vault = await loaded(storage);
    valueOf(await vault.set(place, 's3cret'));
    valueOf(await vault.set(place, null));
    expect(vault.get(place)).toEqual({ type: 'none' });
    expect((await loaded(storage)).get(place)).toEqual({ type: 'none' });
  });

  it('can be empty', async () => {
    const vault = await loaded(new MemoryStorage());
    valueOf(await vault.set(place, ''));
    expect(vault.get(place)).toEqual({ type: 'value', value: '' });
  });

  it('that another machine encrypted are told from those that are not there', async () => {
    const storage = new MemoryStorage();
    valueOf(await (await loaded(storage)).set(place, 's3cret'));
    const elsewhere = await loaded(storage, new FakeCipher('system', 'another machine'));
    expect(elsewhere.known('/room', place.path)).toEqual(['token']);
    expect(elsewhere.get(place)).toEqual({ type: 'unreadable' });
    expect(elsewhere.known('/room', place.path)).toEqual([]);
    valueOf(await elsewhere.set(place, 'anew'));
    expect(elsewhere.get(place)).toEqual({ type: 'value', value: 'anew' });
    expect(elsewhere.known('/room', place.path)).toEqual(['token']);
  });

  it('can be read again when the key store is unlocked', async () => {
    const cipher = new FakeCipher();
    const vault = await loaded(new MemoryStorage(), cipher);
    valueOf(await vault.set(place, 's3cret'));
    cipher.isLocked = true;
    expect(vault.get(place).type).toBe('unreadable');
    cipher.isLocked = false;
    expect(vault.get(place).type).toBe('value');
  });

  it('hold for this run when the key store refuses, and the error says nothing of them', async () => {
    const cipher = new FakeCipher();
    cipher.isLocked = true;
    const storage = new MemoryStorage();
    const vault = await loaded(storage, cipher);
    const error = errorOf(await vault.set(place, 's3cret'));
    expect(error.code).toBe('storage-failed');
    expect(JSON.stringify(error)).not.toContain('s3cret');
    expect(vault.get(place)).toEqual({ type: 'value', value: 's3cret' });
    expect(storage.text).toBeNull();
  });

  it('hold for this run when the disk refuses', async () => {
    const storage = new MemoryStorage();
    const vault = await loaded(storage);
    storage.write = () => Promise.resolve(failure('storage-failed', 'The disk is full.'));
    expect(errorOf(await vault.set(place, 's3cret')).code).toBe('storage-failed');
    expect(vault.get(place)).toEqual({ type: 'value', value: 's3cret' });
  });
});

describe('secrets without a key store of the system', () => {
  it('are in memory only, and gone with the next start', async () => {
    for (const cipher of [null, new FakeCipher('none'), new FakeCipher('weak')]) {
      const storage = new MemoryStorage();
      const vault = await loaded(storage, cipher);
      expect(vault.store).toBe('memory');
      expect(vault.hasWeak).toBe(cipher?.level === 'weak');
      valueOf(await vault.set(place, 's3cret'));
      expect(vault.get(place)).toEqual({ type: 'value', value: 's3cret' });
      expect(vault.known('/room', place.path)).toEqual(['token']);
      expect(storage.text).toBeNull();
      expect((await loaded(storage, cipher)).get(place)).toEqual({ type: 'none' });
    }
  });

  it('go to the weaker store when the person accepts it, and come back from it', async () => {
    const storage = new MemoryStorage();
    const cipher = new FakeCipher('weak');
    const vault = await loaded(storage, cipher);
    valueOf(await vault.set(place, 's3cret'));
    valueOf(await vault.acceptWeak(true));
    expect(vault.store).toBe('weak');
    const next = await loaded(storage, cipher);
    expect(next.isWeakAccepted).toBe(true);
    expect(next.get(place)).toEqual({ type: 'value', value: 's3cret' });
    valueOf(await next.acceptWeak(false));
    expect(next.store).toBe('memory');
    expect(next.get(place)).toEqual({ type: 'value', value: 's3cret' });
    expect((await loaded(storage, cipher)).get(place)).toEqual({ type: 'none' });
  });

  it('that were kept before do not come back after they were changed', async () => {
    const storage = new MemoryStorage();
    valueOf(await (await loaded(storage)).set(place, 'old'));
    const vault = await loaded(storage, null);
    valueOf(await vault.set(place, 'new'));
    expect((await loaded(storage)).get(place)).toEqual({ type: 'none' });
  });
});

describe('a document of secrets', () => {
  it('keeps what could not be taken out of it', async () => {
    const storage = new MemoryStorage();
    const vault = await loaded(storage);
    valueOf(await vault.set(place, 's3cret'));
    storage.write = () => Promise.resolve(failure('storage-failed', 'The disk is full.'));
    errorOf(await vault.take('/room', place.path));
    expect(vault.get(place).type).toBe('value');
  });

  it('that is damaged is set aside, and the person is told', async () => {
    const storage = new MemoryStorage('{"secrets": [');
    const vault = await loaded(storage);
    expect(vault.notice).toContain('The secrets could not be read.');
    expect(storage.aside.size).toBe(1);
    valueOf(await vault.set(place, 's3cret'));
    expect((await loaded(storage)).get(place).type).toBe('value');
  });

  it('that cannot be read is not written over', async () => {
    const storage = new MemoryStorage('{}');
    storage.read = () => Promise.resolve(failure('storage-failed', 'Permission denied.'));
    const vault = await loaded(storage);
    expect(vault.notice).toContain('Permission denied.');
    expect(errorOf(await vault.set(place, 's3cret')).code).toBe('storage-failed');
    expect(storage.text).toBe('{}');
    expect(vault.get(place)).toEqual({ type: 'value', value: 's3cret' });
  });

  it('gives up what belongs to an environment, and takes it back', async () => {
    const storage = new MemoryStorage();
    const vault = await loaded(storage);
    valueOf(await vault.set(place, 's3cret'));
    valueOf(await vault.set({ ...place, path: '' }, 'other'));
    const taken = valueOf(await vault.take('/room', place.path));
    expect(vault.get(place)).toEqual({ type: 'none' });
    expect((await loaded(storage)).get(place)).toEqual({ type: 'none' });
    expect(vault.get({ ...place, path: '' }).type).toBe('value');
    valueOf(await vault.put(taken, 'environments/local 2.wb.yaml'));
    expect(vault.get({ ...place, path: 'environments/local 2.wb.yaml' })).toEqual({ type: 'value', value: 's3cret' });
  });
});
