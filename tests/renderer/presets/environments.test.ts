/** Environments: what is chosen, what a name stands for, and the form of their variables. */
import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/shared/errors.ts';
import { NEW_ENVIRONMENT } from '../../../src/renderer/state/environments/variables-form.svelte.ts';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import VariablesDialog from '../../../src/renderer/views/environments/VariablesDialog.svelte';
import { FakeFolder } from '../../support/fake-folder.ts';

const plain = (name: string, value: string) => ({ name, value, isSecret: false });
const secret = (name: string) => ({ name, value: '', isSecret: true });

async function window(): Promise<{ folder: FakeFolder; workbench: Workbench }> {
  const folder = new FakeFolder()
    .environment('', [plain('host', 'shared'), plain('path', '/')])
    .environment('blue', [plain('host', 'blue.test'), secret('token')], ['token'])
    .environment('green', [plain('host', 'green.test'), secret('token')]);
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  return { folder, workbench };
}

describe('what a name stands for', () => {
  it('is that of the chosen environment, else of the workspace', async () => {
    const { workbench } = await window();
    const { environments } = workbench.folder;
    expect(environments.scope.get('host')).toMatchObject({ value: 'shared', origin: 'Workspace' });
    await environments.choose('blue');
    expect(environments.scope.get('host')).toMatchObject({ value: 'blue.test', origin: 'blue' });
    expect(environments.scope.get('path')).toMatchObject({ value: '/', origin: 'Workspace' });
    expect(environments.scope.get('token')).toMatchObject({ isSecret: true, isSet: true, value: '' });
    await environments.choose('green');
    expect(environments.scope.get('token')).toMatchObject({ isSet: false });
  });
});

describe('the form of variables', () => {
  it('saves the file without the secret, and the secret by itself', async () => {
    const { folder, workbench } = await window();
    const { variables: form } = workbench.folder;
    form.show('green');
    expect(form.isChanged).toBe(false);
    const line = form.lines[1];
    if (line === undefined) throw new Error('there is no token');
    line.value = 'hush';
    expect(form.isChanged).toBe(true);
    expect(await form.save()).toBe(true);
    expect(JSON.stringify(folder.callsOf('environments.save'))).not.toContain('hush');
    expect(folder.callsOf('secrets.set')).toEqual([{ path: 'green', name: 'token', value: 'hush' }]);
    expect(form.lines[1]).toMatchObject({ value: '', isSet: true });
    expect(form.isChanged).toBe(false);
  });

  it('says what is wrong with a name, and does not save it', async () => {
    const { folder, workbench } = await window();
    const { variables: form } = workbench.folder;
    form.show('blue');
    form.lines.push({ key: 100, name: '9lives', value: '', isSecret: false, isSet: false });
    form.lines.push({ key: 101, name: 'host', value: '', isSecret: false, isSet: false });
    expect(form.lines.map((line) => form.problem(line) !== null)).toEqual([false, false, false, true, true]);
    expect(await form.save()).toBe(false);
    expect(folder.callsOf('environments.save')).toEqual([]);
  });

  it('keeps what was typed when the engine refuses, and when it is closed', async () => {
    const { folder, workbench } = await window();
    folder.answer('environments.save', () => failure('conflict', 'The file was changed.'));
    const { variables: form } = workbench.folder;
    form.show('blue');
    const [line] = form.lines;
    if (line === undefined) throw new Error('there is no host');
    line.value = 'typed';
    expect(await form.save()).toBe(false);
    expect(form.error?.code).toBe('conflict');
    form.isOpen = false;
    form.show('green');
    expect(form.path).toBe('blue');
    expect(form.lines[0]?.value).toBe('typed');
    form.discard();
    form.show('green');
    expect(form.path).toBe('green');
  });

  it('makes an environment and chooses it', async () => {
    const { folder, workbench } = await window();
    const { variables: form, environments } = workbench.folder;
    form.show(NEW_ENVIRONMENT);
    form.name = 'red';
    const [line] = form.lines;
    if (line === undefined) throw new Error('there is no line');
    line.name = 'host';
    expect(await form.save()).toBe(true);
    expect(folder.callsOf('environments.save')).toMatchObject([{ path: null, base: null }]);
    expect(environments.chosen).toBe('environments/red.wb.yaml');
  });
});

describe('the dialog of variables', () => {
  const user = userEvent.setup();

  it('shows secrets as set or not, asks before what was typed is lost, and tells of a weak store', async () => {
    const { folder, workbench } = await window();
    folder.store = 'memory';
    await workbench.folder.environments.load();
    render(VariablesDialog, { workbench });
    workbench.folder.variables.show('blue');
    const dialog = await screen.findByRole('dialog', { name: 'Variables' });
    const value = within(dialog).getByLabelText('Value of token');
    expect(value).toHaveAttribute('placeholder', 'set on this machine');
    expect(value).toHaveAttribute('type', 'password');
    expect(within(dialog).getByText(/no key store/)).toBeInTheDocument();
    await user.click(within(dialog).getByRole('switch', { name: /weak cipher/ }));
    expect(folder.isWeakAccepted).toBe(true);

    await user.type(within(dialog).getByLabelText('Value of host'), '!');
    await user.click(within(dialog).getByRole('button', { name: /^green/ }));
    expect(workbench.folder.variables.path).toBe('blue');
    await user.click(within(dialog).getByRole('button', { name: 'Save it' }));
    await expect.poll(() => workbench.folder.variables.path).toBe('green');
    expect(folder.environments.find(({ path }) => path === 'blue')?.environment?.variables[0]?.value).toBe(
      'blue.test!',
    );
  });
});
