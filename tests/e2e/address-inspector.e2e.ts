import type { Locator } from '@playwright/test';
import type { Bench } from './support/bench.ts';
import { expect, test } from './support/test.ts';

async function inspect(bench: Bench, text: string): Promise<Locator> {
  await bench.button('New session').click();
  await bench.page.getByRole('menuitem', { name: 'Address inspector' }).click();
  const dialog = bench.page.getByRole('dialog', { name: 'Address inspector' });
  await dialog.getByRole('textbox', { name: 'Address or network' }).fill(text);
  return dialog;
}

test('an address is shown in every form, and copied', async ({ bench, host }) => {
  const dialog = await inspect(bench, '0x7f000001');
  const forms = dialog.getByRole('table', { name: 'Forms' });
  await expect(forms.getByRole('row', { name: 'Dotted' })).toContainText('127.0.0.1');
  await expect(forms.getByRole('row', { name: 'Binary' })).toContainText('01111111.00000000.00000000.00000001');
  await expect(dialog).toContainText('Loopback');
  await expect(dialog).toContainText('RFC 1122');
  await forms.getByRole('button', { name: /^Copy Reverse name/ }).click();
  await expect(dialog.getByText('Reverse name copied')).toHaveCount(1);
  const field = dialog.getByRole('textbox', { name: 'Address or network' });
  await field.fill('');
  await field.focus();
  await host.page.keyboard.press('ControlOrMeta+V');
  await expect(field).toHaveValue('1.0.0.127.in-addr.arpa');
  await expect(forms.getByRole('row', { name: 'Dotted' })).toContainText('127.0.0.1');
});

test('a network has its ends, and says what lies in it', async ({ bench }) => {
  const dialog = await inspect(bench, '2001:db8:ff00::/40');
  const network = dialog.getByRole('table', { name: 'Network' });
  await expect(network.getByRole('row', { name: 'Last address' })).toContainText(
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  );
  await expect(network.getByRole('row', { name: 'Hosts' })).toContainText('309485009821345068724781056');
  const member = dialog.getByRole('textbox', { name: 'Address to find in the network' });
  await member.fill('2001:db8:ff12::1');
  await expect(dialog).toContainText('✓ Yes. 2001:db8:ff12::1 is in 2001:db8:ff00::/40.');
  await member.fill('2001:db8:f012::1');
  await expect(dialog).toContainText('✗ No.');
});

test('what is no address says why, and an address leads to the lookup of its name', async ({ bench }) => {
  const dialog = await inspect(bench, '10.0.0.256');
  await expect(dialog).toContainText('The part “256” of “10.0.0.256” is more than 255.');
  await dialog.getByRole('textbox', { name: 'Address or network' }).fill('10.0.0.25');
  await dialog.getByRole('button', { name: 'Look up its name in DNS' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bench.tab(/^DNS lookup 10\.0\.0\.25/)).toHaveAttribute('aria-selected', 'true');
  await expect(bench.page.getByText('An address is asked for its name (PTR).')).toBeVisible();
});
