import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { ADDRESS_CHARACTERS } from '../../src/shared/limits.ts';
import QueryEditor from '../../src/renderer/views/QueryEditor.svelte';
import { queryTable } from './query-table.svelte.ts';

function show(address: string, locked = false) {
  const made = queryTable(address);
  render(QueryEditor, { table: made.table, locked });
  return { made, user: userEvent.setup() };
}

const field = (name: string): HTMLElement => screen.getByRole('textbox', { name });
const values = (): string[] =>
  within(screen.getByRole('table', { name: 'Query' }))
    .getAllByRole('textbox')
    .map((input) => (input instanceof HTMLInputElement ? input.value : ''));

describe('the query editor', () => {
  it('shows names and values in their order, decoded, with a row for a new pair', () => {
    show('ws://h/?tag=a%20b&tag=c&flag');
    expect(values()).toEqual(['tag', 'a b', 'tag', 'c', 'flag', '', '', '']);
    expect(field('Name of a new pair')).toHaveValue('');
  });

  it('writes what is typed into the address, and nothing else', async () => {
    const { made, user } = show('ws://h/%7e?tag=a+b&%74ag=c#f');
    await user.type(field('Value 2'), ' d');
    expect(made.address).toBe('ws://h/%7e?tag=a+b&%74ag=c%20d#f');
    expect(field('Value 2')).toHaveValue('c d');
    await user.clear(field('Name 1'));
    await user.type(field('Name 1'), '{{{{name}}');
    expect(made.address).toBe('ws://h/%7e?{{name}}=a+b&%74ag=c%20d#f');
  });

  it('goes on with a new pair in the row where its first letter was typed', async () => {
    const { made, user } = show('ws://h/');
    await user.type(field('Name of a new pair'), 'room');
    await user.tab();
    await user.keyboard('blue');
    expect(made.address).toBe('ws://h/?room=blue');
    expect(values()).toEqual(['room', 'blue', '', '']);
  });

  it('takes a pair out and goes on where it was', async () => {
    const { made, user } = show('ws://h/?a=1&b=2');
    await user.click(screen.getByRole('button', { name: 'Remove a' }));
    expect(made.address).toBe('ws://h/?b=2');
    expect(field('Name 1')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Remove b' }));
    expect(made.address).toBe('ws://h/');
  });

  it('says why an address that is too long is not written, until it is another one', async () => {
    const long = `ws://h/?a=${'x'.repeat(ADDRESS_CHARACTERS - 10)}`;
    const { made, user } = show(long);
    await user.type(field('Name 1'), 'b');
    expect(made.address).toBe(long);
    expect(screen.getByRole('alert')).toHaveTextContent(`${ADDRESS_CHARACTERS} are the limit`);
    await user.click(screen.getByRole('button', { name: 'Remove a' }));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('can only be read while the session is open', () => {
    show('ws://h/?a=1', true);
    expect(values()).toEqual(['a', '1']);
    expect(field('Value 1')).toBeDisabled();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});
