import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { failure, success } from '../../src/shared/errors.ts';
import { composerSchema, type ComposerDraft } from '../../src/shared/workspace.ts';
import { Composer } from '../../src/renderer/state/composer.svelte.ts';
import ComposerView from '../../src/renderer/views/Composer.svelte';
import { FakeCalls } from '../support/fake-calls.ts';
import { messageSpec } from '../support/message-spec.ts';
import { sampleSpec } from '../support/sample-spec.ts';

function make(draft: Partial<ComposerDraft> = {}, spec = messageSpec) {
  const client = new FakeCalls()
    .answer('session.send', () => success({ bytes: 5, peers: 1, ms: 0.2 }))
    .answer('session.act', () => success({}));
  const composer = new Composer({
    client,
    session: () => 's1',
    spec,
    draft: { ...composerSchema.parse({}), ...draft },
    canSend: () => true,
    target: () => null,
  });
  return { client, composer };
}

function show(draft: Partial<ComposerDraft> = {}) {
  const { client, composer } = make(draft);
  const onact = vi.fn();
  render(ComposerView, { composer, spec: messageSpec, connections: null, onact, fileDialogs: false });
  return { client, composer, onact, user: userEvent.setup() };
}

const option = (name: string): HTMLElement => screen.getByRole('option', { name });
const box = (name: string): HTMLElement => screen.getByRole('combobox', { name });

describe('what a message is sent as', () => {
  it('is text for formats of text and binary for those of bytes', () => {
    const { composer } = make();
    const kinds = composer.formats
      .filter((format) => format !== 'Frame')
      .map((format) => {
        composer.setFormat(format);
        return [format, composer.kind];
      });
    expect(kinds).toEqual([
      ['Text', 'text'],
      ['Hex', 'binary'],
      ['Base64', 'binary'],
      ['JSON', 'text'],
      ['File', 'binary'],
    ]);
  });

  it('can be chosen, and goes with the message', async () => {
    const { client, user } = show({ text: 'hello' });
    await user.click(box('Send as'));
    await user.click(option('Binary'));
    expect(box('Send as')).toHaveTextContent('as binary');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(client.callsOf('session.send')).toMatchObject([{ kind: 'binary' }]);
  });

  it('has the encoding of text only where it is not UTF-8 anyhow', async () => {
    const { user } = show({ text: 'é', encoding: 'latin1', lineEnding: 'none' });
    expect(screen.queryByRole('combobox', { name: 'Encoding' })).toBeNull();
    expect(screen.getByText(/^\d bytes$/)).toHaveTextContent('2 bytes');
    await user.click(box('Send as'));
    await user.click(option('Binary'));
    expect(box('Encoding')).toBeVisible();
    expect(screen.getByText(/^\d bytes?$/)).toHaveTextContent('1 byte');
  });

  it('is no question where there is one kind', async () => {
    const { client, composer } = make({ text: 'x', lineEnding: 'none' }, sampleSpec);
    expect([composer.kinds, composer.kind, composer.frame]).toEqual([[], '', null]);
    expect(composer.formats).not.toContain('Frame');
    await composer.send(null);
    expect(client.callsOf('session.send')[0]).not.toHaveProperty('kind');
  });

  it('lets an empty message go where messages are a matter of the protocol', async () => {
    const { client, composer } = make({ lineEnding: 'none' });
    await composer.send(null);
    expect(client.callsOf('session.send')).toMatchObject([{ source: { bytes: new Uint8Array(0) }, kind: 'text' }]);
  });

  it('goes back to Text when a draft has a format that the protocol has not', () => {
    expect(make({ format: 'Frame' }, sampleSpec).composer.draft.format).toBe('Text');
  });
});

describe('actions beside the message', () => {
  it('are done by the owner', async () => {
    const { onact, user } = show();
    await user.click(screen.getByRole('button', { name: 'Ping…' }));
    await user.click(screen.getByRole('button', { name: 'More ways to send' }));
    await user.click(screen.getByRole('menuitem', { name: /^Ping…/ }));
    expect(onact.mock.calls).toEqual([['ping'], ['ping']]);
  });
});

describe('a frame put together by hand', () => {
  const bytes = (): HTMLElement => screen.getByRole('status', { name: 'Bytes of the frame' });

  it('shows the bytes that would go out', async () => {
    const { composer, user } = show({ format: 'Frame' });
    expect(bytes()).toHaveTextContent(/^81 80 00 00 00 00$/);
    await user.type(screen.getByRole('textbox', { name: 'payload' }), '00 ff');
    await user.click(screen.getByRole('button', { name: 'FIN' }));
    await user.click(screen.getByRole('button', { name: 'RSV1' }));
    expect(bytes()).toHaveTextContent(/^41 82 00 00 00 00 00 ff$/);
    await user.type(screen.getByRole('spinbutton', { name: 'split at' }), '3');
    expect(bytes()).toHaveTextContent(/^41 82 00 ‖ 00 00 00 00 ff$/);
    expect(composer.byteCount).toBe(8);
    expect(composer.draft.frame).toEqual({ payload: '00 ff', fin: false, rsv1: true, splitAt: 3 });
  });

  it('says that a masking key is not known before it is sent', async () => {
    const { user } = show({ format: 'Frame', frame: { payload: 'ff' } });
    expect(bytes()).not.toHaveTextContent('before masking');
    await user.click(box('mask'));
    await user.click(option('random'));
    expect(bytes()).toHaveTextContent(/^81 81 00 00 00 00 ff before masking/);
  });

  it('is sent as an action with all its fields', async () => {
    const { client, user } = show({ format: 'Frame', frame: { opcode: 11, payload: 'ff' } });
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText('A frame of 7 B is sent')).toBeVisible();
    const values = { opcode: 11, fin: true, rsv1: false, mask: 'zero', payload: 'ff', splitAt: null };
    expect(client.callsOf('session.act')).toEqual([{ session: 's1', action: 'frame', peer: null, values }]);
  });

  it('says what is wrong with it, and is not sent', async () => {
    const { client, composer, user } = show({ format: 'Frame' });
    await user.type(screen.getByRole('textbox', { name: 'payload' }), 'f');
    expect(screen.getByRole('textbox', { name: 'payload' })).toBeInvalid();
    expect(composer.problem).not.toBeNull();
    await composer.send(null);
    expect(client.callsOf('session.act')).toEqual([]);
  });

  it('says why it could not be sent', async () => {
    const { client, composer } = make({ format: 'Frame' });
    client.answer('session.act', () => failure('not-open', 'It is closing.'));
    await composer.send(null);
    expect(composer.problem?.message).toBe('It is closing.');
  });
});
