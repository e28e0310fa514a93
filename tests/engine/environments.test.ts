import { describe, expect, it } from 'vitest';
import { Environments } from '../../src/engine/environments/environments.ts';
import { SecretVault } from '../../src/engine/environments/secret-vault.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import type { Result } from '../../src/shared/contract.ts';
import type { Environment } from '../../src/shared/environment.ts';
import { failure } from '../../src/shared/errors.ts';
import { resolveTemplate } from '../../src/shared/template-resolve.ts';
import { FakeCipher } from '../support/fake-cipher.ts';
import { MemoryFolders } from '../support/memory-folders.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const LOCAL = 'environments/local.wb.yaml';
const texts = {
  'wirebench.yaml': 'wirebench: 1\nvariables:\n  host: example.com\n  path: /\n',
  [LOCAL]: 'wirebench: 1\nvariables:\n  host: 127.0.0.1\n  token: { secret: true }\n',
  'environments/staging.wb.yaml': 'wirebench: 1\nname: Staging\n',
};

interface Setup {
  readonly environments: Environments;
  readonly folders: MemoryFolders;
  readonly cipher: FakeCipher;
}

function setup(files: Readonly<Record<string, string>> = texts, cipher = new FakeCipher()): Setup {
  const folders = new MemoryFolders(files);
  const vault = new SecretVault(new MemoryStorage(), cipher);
  return { environments: new Environments({ folders, vault }), folders, cipher };
}

async function list(environments: Environments): Promise<Result<'environments.list'>> {
  return valueOf(await environments.list());
}

async function environmentAt(
  environments: Environments,
  path: string,
): Promise<{ environment: Environment; revision: string }> {
  const found = await list(environments);
  const entry = path === '' ? found.shared : found.environments.find((one) => one.path === path);
  if (entry?.environment == null) throw new Error(`there is no ${path}`);
  return { environment: entry.environment, revision: entry.revision };
}

/** What a text is now. */
async function resolved(environments: Environments, text: string): Promise<string> {
  const none = { uuid: () => '', now: () => 0, counter: () => 0, randomInt: () => 0, randomHex: () => '' };
  const outcome = resolveTemplate(text, await environments.lookup(), none);
  return outcome.ok ? outcome.value : `${outcome.error.code}: ${outcome.error.message}`;
}

describe('environments', () => {
  it('are listed with the variables of the workspace, and with what is known of their secrets', async () => {
    const { environments } = setup();
    valueOf(await environments.setSecret({ path: LOCAL, name: 'token', value: 's3cret' }));
    const found = await list(environments);
    expect(found.shared).toMatchObject({ path: '', error: null, known: [] });
    expect(found.shared.environment?.variables.map(({ name }) => name)).toEqual(['host', 'path']);
    expect(found.environments).toMatchObject([
      { path: LOCAL, environment: { name: 'local' }, known: ['token'] },
      { path: 'environments/staging.wb.yaml', environment: { name: 'Staging', variables: [] } },
    ]);
    expect(found).toMatchObject({ chosen: null, store: 'system', isWeakAccepted: false, hasWeak: false, notice: null });
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  it('that are broken are listed with the reason, and the others are there', async () => {
    const { environments } = setup({ ...texts, [LOCAL]: 'wirebench: 1\nvariables:\n  a: [\n' });
    const [broken, staging] = (await list(environments)).environments;
    expect(broken).toMatchObject({ path: LOCAL, environment: null, error: { code: 'bad-preset' } });
    expect(broken?.error?.message).toContain('line');
    expect(staging?.error).toBeNull();
  });

  it('have a workspace without a file of its own, until it has a variable', async () => {
    const { environments, folders } = setup({});
    const { environment, revision } = await environmentAt(environments, '');
    expect(environment).toEqual({ wirebench: 1, name: 'room', variables: [] });
    const variables = [{ name: 'a', value: '1', isSecret: false }];
    const saved = await environments.save({ path: '', environment: { ...environment, variables }, base: revision });
    expect(valueOf(saved).path).toBe('');
    expect(folders.texts.get('wirebench.yaml')).toContain('a: "1"');
  });

  it('are saved into their files, which keep the rest', async () => {
    const { environments, folders } = setup({ ...texts, [LOCAL]: `# mine\n${texts[LOCAL]}` });
    const { environment, revision } = await environmentAt(environments, LOCAL);
    const variables = environment.variables.map((one) => (one.name === 'host' ? { ...one, value: '::1' } : one));
    const saved = valueOf(
      await environments.save({ path: LOCAL, environment: { ...environment, variables }, base: revision }),
    );
    expect(folders.texts.get(LOCAL)).toBe(`# mine\n${texts[LOCAL].replace('127.0.0.1', '::1')}`);
    expect(saved.revision).toBe((await environmentAt(environments, LOCAL)).revision);
  });

  it('are not saved over what somebody else has written', async () => {
    const { environments, folders } = setup();
    const { environment, revision } = await environmentAt(environments, LOCAL);
    folders.edit(LOCAL, `${texts[LOCAL]}# theirs\n`);
    const changed = { ...environment, variables: [] };
    const refused = await environments.save({ path: LOCAL, environment: changed, base: revision });
    expect(errorOf(refused).code).toBe('conflict');
    expect(folders.texts.get(LOCAL)).toContain('# theirs');
    valueOf(await environments.save({ path: LOCAL, environment: changed, base: null }));
    expect((await environmentAt(environments, LOCAL)).environment.variables).toEqual([]);
  });

  it('are made, deleted and brought back with their secrets', async () => {
    const { environments, folders } = setup({});
    const environment = { wirebench: 1 as const, name: 'New', variables: [{ name: 'key', value: '', isSecret: true }] };
    const { path } = valueOf(await environments.save({ path: null, environment, base: null }));
    valueOf(await environments.setSecret({ path, name: 'key', value: 's3cret' }));
    valueOf(await environments.choose(path));
    const undo = valueOf(await environments.delete(path));
    expect(folders.texts.size).toBe(0);
    expect(await list(environments)).toMatchObject({ environments: [], chosen: null });
    valueOf(await environments.restore(undo));
    expect(await list(environments)).toMatchObject({ environments: [{ path, known: ['key'] }], chosen: path });
    expect(errorOf(await environments.restore('x')).code).toBe('not-found');
  });

  it('forget a secret that is none any more', async () => {
    const { environments } = setup();
    valueOf(await environments.setSecret({ path: LOCAL, name: 'token', value: 's3cret' }));
    const { environment, revision } = await environmentAt(environments, LOCAL);
    const variables = environment.variables.map((one) => ({ ...one, isSecret: false }));
    const { revision: next } = valueOf(
      await environments.save({ path: LOCAL, environment: { ...environment, variables }, base: revision }),
    );
    valueOf(await environments.save({ path: LOCAL, environment, base: next }));
    expect((await list(environments)).environments[0]?.known).toEqual([]);
  });

  it('are refused where a name is there twice, or the path is none of theirs', async () => {
    const { environments, folders } = setup();
    const twice = { name: 'a', value: '', isSecret: false };
    const environment = { wirebench: 1 as const, name: 'x', variables: [twice, twice] };
    expect(errorOf(await environments.save({ path: null, environment, base: null })).code).toBe('bad-preset');
    for (const path of [
      'room.wb.yaml',
      '../x.wb.yaml',
      'environments/../room.wb.yaml',
      'environments/a/b.wb.yaml',
      'environments/x.txt',
    ]) {
      const none = { ...environment, variables: [] };
      expect(errorOf(await environments.save({ path, environment: none, base: null })).code).toBe('not-found');
      expect(errorOf(await environments.delete(path)).code).toBe('not-found');
      expect(errorOf(await environments.choose(path)).code).toBe('not-found');
      expect(errorOf(await environments.setSecret({ path, name: 'a', value: 'b' })).code).toBe('not-found');
    }
    expect([...folders.texts.keys()].sort()).toEqual(Object.keys(texts).sort());
  });

  it('tell when something is different, whoever changed it', async () => {
    const { environments, folders } = setup();
    let events = 0;
    environments.changed.add(() => {
      events += 1;
    });
    valueOf(await environments.choose(LOCAL));
    expect(events).toBe(1);
    folders.edit(LOCAL, 'wirebench: 1');
    folders.onOpened.tell();
    expect(events).toBe(3);
    await environments.dispose();
    folders.edit(LOCAL, 'wirebench: 1');
    expect(events).toBe(3);
  });

  it('are none where there is no folder', async () => {
    const none = new Environments({ folders: null, vault: new SecretVault(new MemoryStorage(), null) });
    expect(errorOf(await none.list()).code).toBe('not-supported');
    expect(await resolved(none, '{{a}}')).toMatch(/^unknown-variable: There is no variable/);
    const { environments, folders } = setup();
    folders.error = failure('file-not-found', 'The folder has gone.').error;
    expect(errorOf(await environments.list()).message).toBe('The folder has gone.');
  });

  it('say that there is a weaker store, and use it when the person accepts that', async () => {
    const { environments } = setup(texts, new FakeCipher('weak'));
    expect(await list(environments)).toMatchObject({ store: 'memory', hasWeak: true, isWeakAccepted: false });
    // Nobody has to unlock anything for nothing.
    const without = setup({}, new FakeCipher('weak'));
    expect(await list(without.environments)).toMatchObject({ store: 'system', hasWeak: false });
    valueOf(await environments.acceptWeak(true));
    expect(await list(environments)).toMatchObject({ store: 'weak', hasWeak: true, isWeakAccepted: true });
  });
});

describe('the variables at a moment', () => {
  it('are those of the chosen environment, then those of the workspace', async () => {
    const { environments } = setup();
    expect(await resolved(environments, '{{host}}{{path}}')).toBe('example.com/');
    valueOf(await environments.choose(LOCAL));
    expect(await resolved(environments, '{{host}}{{path}}')).toBe('127.0.0.1/');
  });

  it('are those of the files now, also when somebody else has written them', async () => {
    const { environments, folders } = setup();
    valueOf(await environments.choose(LOCAL));
    folders.texts.set(LOCAL, 'wirebench: 1\nvariables: { host: other }\n');
    expect(await resolved(environments, '{{host}}')).toBe('other');
  });

  it('have secrets, and say when one has no value here or cannot be decrypted any more', async () => {
    const { environments, cipher } = setup();
    valueOf(await environments.choose(LOCAL));
    expect(await resolved(environments, '{{token}}')).toContain('The secret {{token}} has no value on this machine.');
    valueOf(await environments.setSecret({ path: LOCAL, name: 'token', value: 's3cret' }));
    expect(await resolved(environments, '{{token}}')).toBe('s3cret');
    cipher.key = 'another machine';
    expect(await resolved(environments, '{{token}}')).toContain('{{token}} can no longer be decrypted');
  });

  it('of a secret of the workspace do not stand in for the one of the chosen environment', async () => {
    const { environments } = setup({
      ...texts,
      'wirebench.yaml': 'wirebench: 1\nvariables: { token: { secret: true } }\n',
    });
    valueOf(await environments.setSecret({ path: '', name: 'token', value: 'shared' }));
    expect(await resolved(environments, '{{token}}')).toBe('shared');
    valueOf(await environments.choose(LOCAL));
    expect(await resolved(environments, '{{token}}')).toContain('has no value on this machine');
  });

  it('are nothing to guess at when the chosen environment cannot be read: another host may be meant', async () => {
    const { environments, folders } = setup();
    valueOf(await environments.choose(LOCAL));
    folders.texts.set(LOCAL, 'variables: [');
    expect(await resolved(environments, '{{host}}')).toMatch(/^unknown-variable: environments\/local.wb.yaml, line/);
    folders.texts.delete(LOCAL);
    expect(await resolved(environments, '{{host}}')).toContain('is not there any more');
    valueOf(await environments.choose(null));
    expect(await resolved(environments, '{{host}}')).toBe('example.com');
  });

  it('of the chosen environment count while those of the workspace cannot be read', async () => {
    const { environments } = setup({ ...texts, 'wirebench.yaml': 'a: [' });
    valueOf(await environments.choose(LOCAL));
    expect(await resolved(environments, '{{host}}')).toBe('127.0.0.1');
    expect(await resolved(environments, '{{path}}')).toMatch(/^unknown-variable: wirebench.yaml, line/);
  });

  it('are not there while the folder is not', async () => {
    const { environments, folders } = setup();
    folders.error = failure('file-not-found', 'The folder has gone.').error;
    expect(await resolved(environments, '{{host}}')).toContain('The folder has gone.');
  });
});
