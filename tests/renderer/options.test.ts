import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { defaultOptions, type Options, type Spec } from '../../src/drivers/spec.ts';
import { webSocketClientSpec } from '../../src/drivers/websocket/client-spec.ts';
import type { WireError } from '../../src/shared/errors.ts';
import { OPTION_CHARACTERS } from '../../src/shared/limits.ts';
import { OptionsForm as OptionsState } from '../../src/renderer/state/options.svelte.ts';
import OptionsForm from '../../src/renderer/views/OptionsForm.svelte';
import { messageSpec } from '../support/message-spec.ts';
import { sampleSpec } from '../support/sample-spec.ts';

function show(changes: Options = {}, more: { locked?: boolean; error?: WireError; spec?: Spec } = {}) {
  const spec = more.spec ?? sampleSpec;
  const onchange = vi.fn();
  const values = { ...defaultOptions(spec), ...changes };
  render(OptionsForm, { spec, values, onchange, locked: more.locked ?? false, error: more.error ?? null });
  return { onchange, user: userEvent.setup() };
}

describe('OptionsForm', () => {
  it('makes groups and fields from the spec, named as Node names them', () => {
    show();
    const listening = screen.getByRole('region', { name: 'Listening' });
    expect(within(listening).getByRole('spinbutton', { name: 'backlog' })).toHaveValue('511');
    expect(within(listening).getByRole('switch', { name: 'exclusive' })).not.toBeChecked();
    const socket = screen.getByRole('region', { name: 'Socket' });
    expect(within(socket).getByRole('textbox', { name: 'localAddress' })).toHaveValue('');
    expect(within(socket).getByRole('combobox', { name: 'behaviour' })).toHaveTextContent('none');
    expect(screen.getByRole('spinbutton', { name: 'backlog' })).toHaveAccessibleDescription('Connections that wait.');
  });

  it('reports each change by the id of its field', async () => {
    const { onchange, user } = show();
    await user.type(screen.getByRole('spinbutton', { name: 'maxConnections' }), '7');
    await user.click(screen.getByRole('switch', { name: 'exclusive' }));
    await user.type(screen.getByRole('textbox', { name: 'localAddress' }), 'a');
    await user.click(screen.getByRole('combobox', { name: 'behaviour' }));
    await user.click(screen.getByRole('option', { name: 'echo' }));
    expect(onchange.mock.calls).toEqual([
      ['maxConnections', 7],
      ['exclusive', true],
      ['localAddress', 'a'],
      ['behaviour', 'echo'],
    ]);
  });

  it('has several lines for a field of several lines', async () => {
    const { onchange, user } = show({}, { spec: messageSpec });
    const field = screen.getByRole('textbox', { name: 'headers' });
    expect(field.tagName).toBe('TEXTAREA');
    await user.type(field, 'a');
    expect(onchange.mock.calls).toEqual([['headers', 'a']]);
  });

  describe('with many options', () => {
    const spec = webSocketClientSpec;

    it('has an index of the groups with what was changed in each, and shows the chosen one', async () => {
      const scrolled = vi.fn();
      Element.prototype.scrollIntoView = scrolled;
      const { user } = show({ pingInterval: 5000 }, { spec });
      const index = screen.getByRole('navigation', { name: 'Groups of options' });
      const groups = [...new Set(spec.fields.map(({ group }) => group))];
      expect(
        within(index)
          .getAllByRole('button')
          .map((button) => button.textContent.trim().replace(/\s*\d+$/, '')),
      ).toEqual(groups);
      expect(within(index).getAllByTitle('1 changed from the default')).toHaveLength(1);
      await user.click(within(index).getByRole('button', { name: /^Reconnect/ }));
      expect(scrolled).toHaveBeenCalledOnce();
      expect(within(index).getByRole('button', { name: /^Reconnect/ })).toHaveAttribute('aria-current', 'location');
    });

    it('finds options by their words, and those that were changed', async () => {
      const { user } = show({ pingInterval: 5000 }, { spec });
      await user.type(screen.getByRole('searchbox', { name: 'Filter options' }), 'longest delay');
      expect(screen.getAllByRole('region').map((region) => region.getAttribute('aria-labelledby'))).toHaveLength(1);
      expect(screen.getByRole('spinbutton', { name: 'longest delay' })).toBeVisible();
      await user.clear(screen.getByRole('searchbox', { name: 'Filter options' }));
      await user.type(screen.getByRole('searchbox', { name: 'Filter options' }), 'no such thing');
      expect(screen.getByText('No option has “no such thing”.')).toBeVisible();
      await user.click(screen.getByRole('button', { name: 'Show all' }));
      await user.click(screen.getByRole('button', { name: 'Only changed' }));
      expect(screen.getAllByRole('spinbutton')).toHaveLength(1);
      expect(screen.getByRole('button', { name: /^Reset .* to its default$/ })).toBeVisible();
    });
  });

  it('needs no index for a few options', () => {
    show();
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(screen.queryByRole('searchbox')).toBeNull();
  });

  it('hides a secret until it is asked to show it', async () => {
    const { user } = show({ token: 'abc' }, { spec: messageSpec });
    const field = screen.getByLabelText('token');
    expect(field).toHaveAttribute('type', 'password');
    await user.click(screen.getByRole('button', { name: 'Show token' }));
    expect(field).toHaveAttribute('type', 'text');
    await user.click(screen.getByRole('button', { name: 'Hide token' }));
    expect(field).toHaveAttribute('type', 'password');
  });

  it('takes no more text than the engine does', () => {
    show();
    for (const field of [
      screen.getByRole('textbox', { name: 'localAddress' }),
      screen.getByRole('spinbutton', { name: 'backlog' }),
    ]) {
      expect(field).toHaveAttribute('maxlength', String(OPTION_CHARACTERS));
    }
  });

  it('says at the field what is wrong with it', () => {
    show({ backlog: 99_999 });
    expect(screen.getByRole('alert')).toHaveTextContent('backlog must be from 1 to 65535, not 99999.');
    expect(screen.getByRole('spinbutton', { name: 'backlog' })).toBeInvalid();
  });

  it('shows a refusal of the engine at the field that it names', () => {
    const error = {
      code: 'bad-option',
      message: 'localAddress is not an address.',
      hint: '',
      field: 'localAddress',
    } as const;
    show({}, { error });
    expect(screen.getByRole('textbox', { name: 'localAddress' })).toHaveAccessibleDescription(
      'Where from. localAddress is not an address.',
    );
  });

  it('offers the default back only where something was changed', async () => {
    const { onchange, user } = show({ backlog: 1 });
    expect(screen.getByText('1 of 5 changed from the default.')).toBeVisible();
    expect(screen.getAllByRole('button', { name: /^Reset .* to its default$/ })).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Reset backlog to its default' }));
    await user.click(screen.getByRole('button', { name: 'Reset all' }));
    expect(onchange.mock.calls).toEqual([
      ['backlog', 511],
      ['backlog', 511],
    ]);
  });

  it('is locked while the session is open, and says why', () => {
    show({ backlog: 1 }, { locked: true });
    expect(screen.getByText(/Options apply when the session opens/)).toHaveTextContent('end it first');
    for (const name of ['backlog', 'maxConnections']) expect(screen.getByRole('spinbutton', { name })).toBeDisabled();
    expect(screen.getByRole('switch', { name: 'exclusive' })).toBeDisabled();
    expect(screen.getByRole('combobox', { name: 'behaviour' })).toBeDisabled();
    expect(screen.queryByRole('button', { name: /Reset/ })).toBeNull();
  });
});

describe('the options state', () => {
  function state(values: Options) {
    const change = vi.fn();
    return { change, form: new OptionsState({ fields: () => sampleSpec.fields, values: () => values, change }) };
  }
  const numberField = sampleSpec.fields[0];

  it.each([
    ['42', 42],
    [' 42 ', 42],
    ['-1', -1],
    ['', null],
    ['abc', 'abc'],
    ['1.5', '1.5'],
    ['99999999999999999999', '99999999999999999999'],
  ])('takes %j as %j', (typed, value) => {
    const { change, form } = state({});
    if (numberField?.type !== 'number') throw new Error('the sample has changed');
    form.typeNumber(numberField, typed);
    expect(change).toHaveBeenCalledExactlyOnceWith('backlog', value);
  });

  it('keeps what is no number as text, and says so', () => {
    const { form } = state({ backlog: 'abc' });
    if (numberField === undefined) throw new Error('the sample has changed');
    expect(form.text(numberField)).toBe('abc');
    expect(form.problem(numberField)).toBe('backlog must be a whole number');
  });

  it('takes a field that an older document does not have as its default', () => {
    const { form } = state({});
    if (numberField === undefined) throw new Error('the sample has changed');
    expect(form.text(numberField)).toBe('511');
    expect(form.problem(numberField)).toBeNull();
    expect(form.changedCount).toBe(0);
  });
});
