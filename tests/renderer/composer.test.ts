import '@testing-library/jest-dom/vitest';
import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Result } from '../../src/shared/contract.ts';
import { success, type Outcome } from '../../src/shared/errors.ts';
import { PATH_CHARACTERS, TARGETS_SHOWN } from '../../src/shared/limits.ts';
import { composerSchema, type ComposerDraft } from '../../src/shared/workspace.ts';
import { Composer } from '../../src/renderer/state/composer.svelte.ts';
import { Connections } from '../../src/renderer/state/connections.svelte.ts';
import ComposerView from '../../src/renderer/views/Composer.svelte';
import { FakeCalls } from '../support/fake-calls.ts';
import { sampleSpec } from '../support/sample-spec.ts';
import { peerStatus, sessionStatus } from '../support/status-samples.ts';

function show(
  draft: Partial<ComposerDraft>,
  { canSend = true, server = false, fileDialogs = false, spec = sampleSpec } = {},
) {
  const onact = vi.fn();
  const client = new FakeCalls()
    .answer('session.send', () => success({ bytes: 6, peers: 1, ms: 0.2 }))
    .answer('file.stat', () => success({ size: 1_234_567 }))
    .answer('peers', () => success({ total: 2, peers: [peerStatus({ peer: 1 }), peerStatus({ peer: 2 })] }));
  const session = (): string => 's1';
  const connections = new Connections({ client, session });
  const composer = new Composer({
    client,
    session,
    spec,
    draft: { ...composerSchema.parse({}), ...draft },
    canSend: () => canSend,
    target: () => connections.target,
  });
  render(ComposerView, { composer, spec, connections: server ? connections : null, onact, fileDialogs });
  return { client, composer, connections, onact, user: userEvent.setup() };
}

const message = (): HTMLElement => screen.getByRole('textbox', { name: 'Message' });
const send = (): HTMLElement => screen.getByRole('button', { name: 'Send' });

describe('Composer', () => {
  it('has the names that tests and screen readers rely on', () => {
    show({}, { server: true });
    for (const name of ['Format', 'Line ending', 'Encoding', 'Send to']) {
      expect(screen.getByRole('combobox', { name })).toBeEnabled();
    }
    for (const name of ['Send', 'Send to all', 'More ways to send']) {
      expect(screen.getByRole('button', { name })).toBeEnabled();
    }
    expect(message()).toHaveAttribute('spellcheck', 'false');
  });

  it('sends what was typed by the button and says how it went', async () => {
    const { client, user } = show({});
    await user.type(message(), 'hello');
    expect(screen.getByText('6 bytes')).toBeVisible();
    await user.click(send());
    expect(await screen.findByText('6 B handed to the system in 0.2 ms')).toBeVisible();
    expect(client.callsOf('session.send')).toHaveLength(1);
  });

  it('sends with the command key and Enter, and not with Enter alone', async () => {
    const { client, user } = show({ text: 'x' });
    await user.type(message(), '{Enter}');
    expect(client.callsOf('session.send')).toHaveLength(0);
    await user.type(message(), '{Control>}{Enter}{/Control}');
    expect(client.callsOf('session.send')).toHaveLength(1);
    expect(message()).toHaveValue('x\n');
  });

  it('offers to send and end where the protocol can', async () => {
    const { client, user } = show({ text: 'bye' });
    await user.click(screen.getByRole('button', { name: 'More ways to send' }));
    await user.click(screen.getByRole('menuitem', { name: /Send and end \(FIN\)/ }));
    expect(client.callsOf('session.send')).toMatchObject([{ then: 'end' }]);
  });

  it('tells the keys of its button', () => {
    show({});
    expect(send()).toHaveAttribute('title', 'Send (Ctrl+⏎)');
  });

  it('cannot send while nothing is open', () => {
    show({ text: 'x' }, { canSend: false });
    expect(send()).toBeDisabled();
    expect(send()).toHaveAttribute('title', 'Nothing is connected yet');
  });

  it('says in place what is wrong with the hex, and takes the message back from the alert', async () => {
    const { user } = show({ format: 'Hex', hex: '68 65 6' });
    expect(screen.queryByRole('combobox', { name: 'Line ending' })).toBeNull();
    await user.click(send());
    expect(screen.getByRole('alert')).toHaveTextContent('The hex text has 5 digits; two make a byte.');
    expect(message()).toBeInvalid();
    expect(message()).toHaveAccessibleDescription(/5 digits/);
    await user.type(message(), 'c');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('waits for a pause before it says what is wrong', async () => {
    vi.useFakeTimers();
    try {
      const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
      show({ format: 'Hex' });
      await user.type(message(), '6');
      expect(screen.queryByRole('alert')).toBeNull();
      await vi.advanceTimersByTimeAsync(1000);
      expect(screen.getByRole('alert')).toHaveTextContent('The hex text has 1 digit');
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes the bytes over to another format when asked', async () => {
    const { user } = show({ text: 'hi' });
    await user.click(screen.getByRole('combobox', { name: 'Format' }));
    await user.click(screen.getByRole('option', { name: 'Hex' }));
    await user.click(screen.getByRole('button', { name: 'Use the 3 bytes of Text' }));
    expect(message()).toHaveValue('68 69 0a');
  });

  it('calls back what was sent with Alt and the arrows', async () => {
    const { user } = show({ text: 'first' });
    await user.click(send());
    await user.clear(message());
    await user.type(message(), 'second');
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(message()).toHaveValue('first');
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(message()).toHaveValue('second');
  });

  it('sends a server message to the chosen connection, or to all', async () => {
    const { client, user } = show({ text: 'x' }, { server: true });
    await user.click(screen.getByRole('combobox', { name: 'Send to' }));
    await user.click(await screen.findByRole('option', { name: '127.0.0.1:50002' }));
    await user.click(send());
    await user.click(screen.getByRole('button', { name: 'Send to all' }));
    expect(client.callsOf('session.send')).toMatchObject([{ peer: 2 }, { peer: null }]);
    expect(screen.getByRole('combobox', { name: 'Send to' })).toHaveTextContent('127.0.0.1:50002');
  });

  it('finds one of many connections by its address, and sends there', async () => {
    const { client, connections, user } = show({ text: 'x' }, { server: true });
    const far = peerStatus({ peer: 4310, remote: '10.0.0.7:51000' });
    client.answer('peers.find', ({ query }) => {
      return success(query === '0.7' ? { total: 1, peers: [far] } : { total: 4310, peers: [peerStatus({ peer: 1 })] });
    });
    await user.click(screen.getByRole('combobox', { name: 'Send to' }));
    expect(screen.queryByRole('option', { name: /Find a connection/ })).toBeNull();
    await user.keyboard('{Escape}');
    connections.open = TARGETS_SHOWN + 1;
    await user.click(screen.getByRole('combobox', { name: 'Send to' }));
    await user.click(await screen.findByRole('option', { name: /Find a connection/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Send to a connection' });
    expect(await within(dialog).findByText('4 310 open connections, of which the first 1 are shown')).toBeVisible();
    await user.type(within(dialog).getByRole('textbox', { name: 'Address or number' }), '0.7');
    expect(await within(dialog).findByText('1 open connection')).toBeVisible();
    await user.keyboard('{Enter}');
    expect(connections.target).toBe(4310);
    expect(screen.getByRole('combobox', { name: 'Send to' })).toHaveTextContent('10.0.0.7:51000');
  });

  describe('with a file', () => {
    it('shows its size and a dialog only where the host has one', async () => {
      show({ format: 'File', file: '/tmp/a' }, { fileDialogs: true });
      expect(screen.getByRole('textbox', { name: 'File path' })).toHaveValue('/tmp/a');
      expect(screen.getByRole('button', { name: 'Choose file…' })).toBeVisible();
      expect(screen.getByRole('textbox', { name: 'File path' })).toHaveAttribute('maxlength', String(PATH_CHARACTERS));
      expect(await screen.findByText('1.2 MB')).toBeVisible();
    });

    it('has no dialog button in a browser', () => {
      show({ format: 'File' });
      expect(screen.queryByRole('button', { name: 'Choose file…' })).toBeNull();
    });

    it('shows how far a slow sending is, and cancels it', async () => {
      const { client, composer, user } = show({ format: 'File', file: '/tmp/a' });
      let finish: (outcome: Outcome<Result<'session.send'>>) => void = () => undefined;
      client
        .answer('session.send', () => new Promise((resolve) => (finish = resolve)))
        .answer('session.cancelSend', () => success({}));
      await user.click(send());
      composer.update(sessionStatus({ sending: { sent: 500_000, total: 1_000_000 } }));
      const bar = await screen.findByRole('progressbar', { name: 'Sent so far' });
      expect(bar).toHaveAttribute('value', '500000');
      expect(send()).toBeDisabled();
      await user.click(screen.getByRole('button', { name: 'Cancel' }));
      expect(client.callsOf('session.cancelSend')).toEqual([{ session: 's1' }]);
      composer.update(sessionStatus());
      finish(success({ bytes: 1_000_000, peers: 1, ms: 900 }));
      await waitFor(() => {
        expect(screen.queryByRole('progressbar')).toBeNull();
      });
    });
  });
});
