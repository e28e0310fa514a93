import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { errorOf, valueOf } from '../support/outcome.ts';
import { LOCAL, VariablesBench } from '../support/variables-bench.ts';
import { Watch } from '../support/watch.ts';

const benches: VariablesBench[] = [];

async function bench(files: Readonly<Record<string, string>>): Promise<VariablesBench> {
  const made = await VariablesBench.make(files);
  benches.push(made);
  return made;
}

afterEach(async () => {
  for (const one of benches.splice(0)) {
    expect(one.bench.bugs).toEqual([]);
    await one.dispose();
  }
});

const text = '# mine\nwirebench: 1\nvariables:\n  host: 127.0.0.1\n  token: { secret: true }\n';

describe('environments in a workspace folder', () => {
  it('are files that a person can read, and a window changes them by calls', async () => {
    const { client, folder } = await bench({ [LOCAL]: text });
    const { environments } = valueOf(await client.call('environments.list', {}));
    const [entry] = environments;
    if (entry?.environment == null) throw new Error('there is none');
    const variables = entry.environment.variables.map((one) => (one.isSecret ? one : { ...one, value: '10.0.0.7' }));
    const environment = { ...entry.environment, variables };
    const saved = await client.call('environments.save', { path: LOCAL, environment, base: entry.revision });
    expect(await readFile(join(folder, LOCAL), 'utf8')).toBe(text.replace('127.0.0.1', '10.0.0.7'));
    expect(
      errorOf(
        await client.call('environments.save', { path: LOCAL, environment: entry.environment, base: entry.revision }),
      ).code,
    ).toBe('conflict');
    expect(valueOf(saved).revision).not.toBe(entry.revision);
    const made = valueOf(
      await client.call('environments.save', {
        path: null,
        environment: { ...environment, name: 'Café / 한국' },
        base: null,
      }),
    );
    expect(made.path).toMatch(/^environments\/Café.*한국\.wb\.yaml$/u);
    const { undo } = valueOf(await client.call('environments.delete', { path: made.path }));
    expect(valueOf(await client.call('environments.list', {})).environments).toHaveLength(1);
    expect(valueOf(await client.call('environments.restore', { undo })).path).toBe(made.path);
    expect(valueOf(await client.call('environments.list', {})).environments).toHaveLength(2);
  });

  it('have variables of the whole workspace in a file of its own', async () => {
    const { client, folder } = await bench({});
    const { shared } = valueOf(await client.call('environments.list', {}));
    if (shared.environment === null) throw new Error('there is none');
    const environment = { ...shared.environment, variables: [{ name: 'a', value: 'b', isSecret: false }] };
    valueOf(await client.call('environments.save', { path: '', environment, base: shared.revision }));
    expect(await readFile(join(folder, 'wirebench.yaml'), 'utf8')).toContain('variables:\n  a: b\n');
    expect(
      errorOf(await client.call('environments.save', { path: '', environment: shared.environment, base: '' })).code,
    ).toBe('conflict');
  });

  it('are told of in every window when somebody else edits a file', async () => {
    const window = await bench({ [LOCAL]: text });
    const watch = new Watch();
    let events = 0;
    window.client.on('environments.changed', () => {
      events += 1;
      watch.touch();
    });
    valueOf(await window.client.call('environments.list', {}));
    valueOf(await window.client.call('presets.list', {}));
    await window.edit(LOCAL, '{ host: other }');
    await watch.until(() => events > 0, 'the event');
    const { environments } = valueOf(await window.client.call('environments.list', {}));
    expect(environments[0]?.environment?.variables).toEqual([{ name: 'host', value: 'other', isSecret: false }]);
  });

  it('keep which one is chosen, by folder', async () => {
    const window = await bench({ [LOCAL]: text });
    await window.choose(LOCAL);
    expect(valueOf(await window.client.call('environments.list', {})).chosen).toBe(LOCAL);
    valueOf(await window.client.call('folder.open', { path: window.root }));
    expect(valueOf(await window.client.call('environments.list', {}))).toMatchObject({
      chosen: null,
      environments: [],
    });
    valueOf(await window.client.call('folder.open', { path: window.folder }));
    expect(valueOf(await window.client.call('environments.list', {})).chosen).toBe(LOCAL);
  });
});
