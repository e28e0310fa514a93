import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { AddressInspector } from '../../src/renderer/state/addresses/address-inspector.svelte.ts';
import View from '../../src/renderer/views/addresses/AddressInspector.svelte';

function show(text: string): {
  inspector: AddressInspector;
  onlookup: ReturnType<typeof vi.fn<(address: string) => void>>;
} {
  const inspector = new AddressInspector();
  inspector.show(text);
  const onlookup = vi.fn<(address: string) => void>();
  render(View, { inspector, onlookup });
  return { inspector, onlookup };
}

const dialog = (): HTMLElement => screen.getByRole('dialog', { name: 'Address inspector' });
const value = (table: string, row: string): HTMLElement =>
  within(screen.getByRole('table', { name: table })).getByRole('row', { name: new RegExp(`^${row} `) });

describe('the address inspector', () => {
  it('shows the forms of an address and what it is for', () => {
    show('2130706433');
    expect(value('Forms', 'Dotted')).toHaveTextContent('127.0.0.1');
    expect(value('Forms', 'Hex')).toHaveTextContent('0x7f000001');
    expect(within(dialog()).getByText('Loopback')).toBeInTheDocument();
    expect(within(dialog()).getByText('RFC 1122')).toBeInTheDocument();
    expect(within(dialog()).getByText(/Read as the number of an IPv4 address/)).toBeInTheDocument();
    expect(screen.queryByRole('table', { name: 'Network' })).not.toBeInTheDocument();
  });

  it('shows the ends of a network, and says whether an address is in it', async () => {
    show('10.1.0.0/16');
    expect(value('Network', 'Broadcast')).toHaveTextContent('10.1.255.255');
    expect(value('Network', 'Hosts')).toHaveTextContent('65534');
    const field = screen.getByRole('textbox', { name: 'Address to find in the network' });
    await userEvent.type(field, '10.1.2.3');
    expect(field).toHaveAccessibleDescription('✓ Yes. 10.1.2.3 is in 10.1.0.0/16.');
    await userEvent.clear(field);
    await userEvent.type(field, '10.2.0.0');
    expect(field).toHaveAccessibleDescription('✗ No. 10.2.0.0 is not in 10.1.0.0/16.');
    await userEvent.type(field, '.0');
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(/has 5 parts/);
  });

  it('says what is wrong with what is no address, and asks for one when there is none', async () => {
    show('');
    const field = screen.getByRole('textbox', { name: 'Address or network' });
    expect(field).toBeValid();
    expect(field).toHaveAccessibleDescription(/Paste an address/);
    await userEvent.type(field, '10.0.0.256');
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(/The part “256” of “10.0.0.256” is more than 255/);
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('copies a value and says so', async () => {
    show('127.0.0.1');
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    await userEvent.click(screen.getByRole('button', { name: 'Copy Integer: 2130706433' }));
    expect(write).toHaveBeenCalledWith('2130706433');
    expect(await screen.findByText('Integer copied')).toBeInTheDocument();
    write.mockRestore();
  });

  it('has the name of an address looked up in DNS', async () => {
    const { inspector, onlookup } = show('::ffff:192.0.2.1');
    await userEvent.click(screen.getByRole('button', { name: 'Look up its name in DNS' }));
    expect(onlookup).toHaveBeenCalledWith('::ffff:192.0.2.1');
    expect(inspector.isOpen).toBe(false);
  });

  it('keeps what was looked at, and begins anew with another address', () => {
    const inspector = new AddressInspector();
    inspector.show('10.0.0.0/8');
    inspector.other = '10.1.1.1';
    inspector.show();
    expect([inspector.text, inspector.other]).toEqual(['10.0.0.0/8', '10.1.1.1']);
    inspector.show('::1');
    expect([inspector.text, inspector.other]).toEqual(['::1', '']);
  });
});
