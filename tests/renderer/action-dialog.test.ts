import '@testing-library/jest-dom/vitest';
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { webSocketClientSpec } from '../../src/drivers/websocket/client-spec.ts';
import { AskedAction, type AskedActionSource, type LastValues } from '../../src/renderer/state/asked-action.svelte.ts';
import ActionDialog from '../../src/renderer/views/ActionDialog.svelte';
import { failure, success } from '../../src/shared/errors.ts';

function show(id: string, { last = {}, peer = null, whom = '' }: Partial<Asking> = {}) {
  const run = vi.fn<AskedActionSource['run']>(() => Promise.resolve(success({})));
  const asked = new AskedAction({ last, run });
  const action = webSocketClientSpec.actions.find((one) => one.id === id);
  if (action === undefined) throw new Error(`no ${id}`);
  render(ActionDialog, { asked, hasCloseCodes: true });
  asked.ask(action, peer, whom);
  return { run, asked, action, user: userEvent.setup() };
}

interface Asking {
  readonly last: LastValues;
  readonly peer: number | null;
  readonly whom: string;
}

const dialog = (name: string): Promise<HTMLElement> => screen.findByRole('dialog', { name });

describe('ActionDialog', () => {
  it('asks for the fields of the action and does it on Enter', async () => {
    const { run, asked, user } = show('ping', { peer: 7, whom: '127.0.0.1:50007' });
    expect(await dialog('Ping')).toHaveTextContent('127.0.0.1:50007');
    await user.type(screen.getByRole('textbox', { name: 'payload' }), 'are you there{Enter}');
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
    expect(run.mock.calls).toEqual([['ping', 7, { payload: 'are you there' }]]);
    expect(asked.last).toEqual({ ping: { payload: 'are you there' } });
  });

  it('begins with what was given last, without what the action has no more', async () => {
    const { run, user } = show('ping', { last: { ping: { payload: 'again', gone: 1 } } });
    await dialog('Ping');
    expect(screen.getByRole('textbox', { name: 'payload' })).toHaveValue('again');
    await user.click(screen.getByRole('button', { name: 'Ping' }));
    expect(run.mock.calls).toEqual([['ping', null, { payload: 'again' }]]);
  });

  it('stays with the reason while it is refused', async () => {
    const { run, asked, user } = show('ping');
    run.mockResolvedValueOnce(failure('bad-option', 'The payload is 126 bytes long.', '', { field: 'payload' }));
    await dialog('Ping');
    await user.click(screen.getByRole('button', { name: 'Ping' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The payload is 126 bytes long.');
    expect(screen.getByRole('textbox', { name: 'payload' })).toBeInvalid();
    expect(asked.last).toEqual({});
    await user.type(screen.getByRole('textbox', { name: 'payload' }), 'x');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('does nothing when it is cancelled', async () => {
    const { run, user } = show('ping');
    await dialog('Ping');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
    expect(run).not.toHaveBeenCalled();
  });

  it('offers the known codes of a close and says what the typed one means', async () => {
    const { run, user } = show('close');
    const shown = await dialog('Close with a code');
    expect(shown).toHaveTextContent('RFC 6455 §7.4.1');
    await user.click(screen.getByRole('combobox', { name: 'Known codes' }));
    await user.click(screen.getByRole('option', { name: /^1001 / }));
    expect(screen.getByRole('spinbutton', { name: 'code' })).toHaveValue('1001');
    await user.click(screen.getByRole('button', { name: 'Close with a code' }));
    expect(run.mock.calls).toEqual([['close', null, { code: 1001, reason: '' }]]);
  });

  it('warns of a code that no close frame may have, but lets it be sent', async () => {
    const { user } = show('close');
    const shown = await dialog('Close with a code');
    const code = screen.getByRole('spinbutton', { name: 'code' });
    await user.clear(code);
    expect(screen.getByRole('button', { name: 'Close with a code' })).toBeDisabled();
    await user.type(code, '1006');
    expect(shown).toHaveTextContent('No close frame may have it');
    expect(screen.getByRole('button', { name: 'Close with a code' })).toBeEnabled();
  });
});
