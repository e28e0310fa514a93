/** Placeholders in fields: what is marked, said, and offered. */
import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import {
  completionAt,
  hintOf,
  marksOf,
  unknownWords,
  type Scope,
} from '../../../src/renderer/state/templates/template-marks.ts';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import AddressField from '../../../src/renderer/views/AddressField.svelte';
import { FakeFolder } from '../../support/fake-folder.ts';

function variable(
  name: string,
  value: string,
  isSecret = false,
  isSet = true,
): [string, ReturnType<Scope['get']> & object] {
  return [name, { name, value, isSecret, isSet, path: 'e', origin: 'local' }];
}

const scope: Scope = new Map([
  variable('host', '10.0.0.1'),
  variable('token', '', true),
  variable('key', '', true, false),
]);

describe('marks', () => {
  it('tell known, unset and unknown names apart', () => {
    const marks = marksOf('{{host}} {{key}} {{nowhere}} {{$uuid}} {{$nothing}}', scope).filter(
      ({ type }) => type !== 'text',
    );
    expect(marks.map(({ tone }) => tone)).toEqual(['known', 'unset', 'unknown', 'known', 'unknown']);
  });

  it('are none where there is nothing to mark', () => {
    expect(marksOf('{"a":{"b":1}}', scope)).toEqual([]);
    expect(marksOf('plain', scope)).toEqual([]);
  });

  it('say value and origin, and never a secret', () => {
    const hints = marksOf('{{host}}{{token}}{{key}}{{nowhere}}', scope).map((mark) => hintOf(mark, scope));
    expect(hints).toMatchObject([
      { name: 'host', value: '10.0.0.1', origin: 'local' },
      { name: 'token', value: '•••' },
      { name: 'key', value: 'not set on this machine' },
      { name: 'nowhere', value: '' },
    ]);
  });

  it('are told in words, too', () => {
    expect(unknownWords(marksOf('{{host}} {{nowhere}} {{nowhere}}', scope))).toBe('Unknown: {{nowhere}}');
  });
});

describe('the completion', () => {
  it('offers what fits, what begins so first', () => {
    const found = completionAt('{{to', 4, scope);
    expect(found?.options.map(({ label }) => label)).toEqual(['token']);
    expect(completionAt('{{', 2, scope)?.options.length).toBeGreaterThan(3);
  });

  it('replaces the braces behind it, and the rest of the name', () => {
    expect(completionAt('a {{ho}} b', 6, scope)).toMatchObject({ start: 2, end: 8 });
    expect(completionAt('a {{ho b', 6, scope)).toMatchObject({ start: 2, end: 6 });
  });

  it('is none behind a closed placeholder, in plain braces, and once it is written', () => {
    expect(completionAt('{{host}} ', 9, scope)).toBeNull();
    expect(completionAt('{"a":{"b', 8, scope)).toBeNull();
    expect(completionAt('{{host}}', 6, scope)).toBeNull();
  });
});

describe('the address', () => {
  const user = userEvent.setup();

  async function shown(address: string): Promise<{ workbench: Workbench; field: HTMLElement }> {
    const folder = new FakeFolder().environment('', [
      { name: 'host', value: '10.0.0.1', isSecret: false },
      { name: 'home', value: 'here', isSecret: false },
    ]);
    const workbench = new Workbench(folder);
    await workbench.folder.load();
    const tab = workbench.newTab('tcp-client', { address });
    if (tab === null) throw new Error('there is no tab');
    render(AddressField, { workbench, tab, note: '', onkeydown: () => undefined });
    return { workbench, field: screen.getByRole('textbox', { name: 'Address' }) };
  }

  it('completes a variable by keys', async () => {
    const { workbench, field } = await shown('');
    await user.click(field);
    await user.keyboard('{{{{ho');
    expect(screen.getByRole('listbox', { name: 'Variables' })).toBeInTheDocument();
    expect(field).toHaveAttribute('aria-activedescendant');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(workbench.active?.address).toBe('{{home}}');
    expect(screen.queryByRole('listbox')).toBeNull();
    await user.keyboard(':9');
    expect(workbench.active?.address).toBe('{{home}}:9');
  });

  it('says which names are unknown', async () => {
    await shown('{{host}}:{{port}}');
    expect(screen.getByRole('status')).toHaveTextContent('Unknown: {{port}}');
  });

  it('offers to import a command line, and only that', async () => {
    const { field } = await shown('nc.example:80');
    expect(screen.queryByRole('button', { name: 'Import this command' })).toBeNull();
    await user.clear(field);
    await user.type(field, '$ nc -v 10.0.0.1 80');
    expect(screen.getByRole('button', { name: 'Import this command' })).toBeInTheDocument();
  });
});
