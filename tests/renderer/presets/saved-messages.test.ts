/** Messages that are kept with a tab, and what the composer makes of them. */
import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { success } from '../../../src/shared/errors.ts';
import { savedMessageSchema, type SavedMessage } from '../../../src/shared/preset.ts';
import { composerSchema } from '../../../src/shared/workspace.ts';
import { Composer } from '../../../src/renderer/state/composer.svelte.ts';
import { draftOf, messageOf } from '../../../src/renderer/state/message-source.ts';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';
import { messageName, SavedMessages } from '../../../src/renderer/state/presets/saved-messages.svelte.ts';
import SavedMessagesView from '../../../src/renderer/views/presets/SavedMessages.svelte';
import { FakeCalls } from '../../support/fake-calls.ts';

function message(part: Partial<SavedMessage>): SavedMessage {
  return savedMessageSchema.parse(part);
}

function composer(kinds: readonly string[] = ['data']): { client: FakeCalls; composer: Composer } {
  const client = new FakeCalls().answer('session.send', () => success({ bytes: 1, peers: 1, ms: 1 }));
  return {
    client,
    composer: new Composer({
      client,
      session: () => 's1',
      spec: { messageKinds: kinds, actions: [] },
      draft: composerSchema.parse({}),
      canSend: () => true,
      target: () => null,
    }),
  };
}

describe('a saved message', () => {
  it('is called by its name, else by its beginning', () => {
    expect(messageName(message({ name: 'login', content: 'x' }))).toBe('login');
    expect(messageName(message({ content: '  LOGIN\n7 ' }))).toBe('LOGIN 7');
    expect(messageName(message({ content: 'a'.repeat(100) }))).toBe(`${'a'.repeat(23)}…`);
    expect(messageName(message({ format: 'Frame' }))).toBe('Frame');
  });

  it('becomes a draft and the same message again', () => {
    for (const part of [
      { format: 'Text', content: 'hi', lineEnding: '\\r\\n', encoding: 'latin1', kind: 'text' },
      { format: 'Hex', content: '00 ff' },
      { format: 'Base64', content: 'aGk=' },
      { format: 'JSON', content: '{}', lineEnding: '\\n' },
      { format: 'File', content: '/tmp/x' },
      { format: 'Frame', frame: { opcode: 'ping' } },
    ] as const) {
      const kept = message({ name: 'n', ...part });
      expect(messageOf(draftOf(kept), 'n')).toEqual(kept);
    }
  });

  it('is sent without a change to the draft', async () => {
    const { client, composer: made } = composer();
    made.typed = 'half a sentence';
    await made.sendSaved(message({ content: 'LOGIN', lineEnding: '\\n' }));
    const bytes = new TextEncoder().encode('LOGIN\n');
    expect(client.callsOf('session.send')).toEqual([
      { session: 's1', peer: null, source: { type: 'bytes', bytes }, then: null },
    ]);
    expect(made.typed).toBe('half a sentence');
  });

  it('is sent as the kind that is usual for it, or that it says', async () => {
    const { client, composer: made } = composer(['text', 'binary']);
    await made.sendSaved(message({ content: 'LOGIN' }));
    await made.sendSaved(message({ format: 'Hex', content: '00' }));
    await made.sendSaved(message({ content: 'LOGIN', kind: 'binary' }));
    expect(client.callsOf('session.send')).toMatchObject([{ kind: 'text' }, { kind: 'binary' }, { kind: 'binary' }]);
  });

  it('goes to the engine as it was typed when there are variables in it', async () => {
    const { client, composer: made } = composer();
    await made.sendSaved(message({ format: 'Hex', content: '00 {{id}}' }));
    expect(client.callsOf('session.send')).toMatchObject([
      { source: { type: 'draft', format: 'Hex', content: '00 {{id}}', lineEnding: 'none', encoding: 'utf8' } },
    ]);
  });

  it('is taken into the composer, where texts of other formats stay', () => {
    const { composer: made } = composer();
    made.typed = 'a text';
    made.load(message({ format: 'Hex', content: '00 ff' }));
    expect(made.draft.format).toBe('Hex');
    expect(made.typed).toBe('00 ff');
    made.setFormat('Text');
    expect(made.typed).toBe('a text');
  });
});

describe('a draft with variables', () => {
  it('is no fault while it is typed, and has no size', () => {
    const { composer: made } = composer();
    made.setFormat('JSON');
    made.typed = '{ "a": {{value}} }';
    made.settle();
    expect(made.problem).toBeNull();
    expect(made.byteCount).toBeNull();
    expect(made.hasTemplate).toBe(true);
  });

  it('is bytes where braces mean only themselves', async () => {
    const { client, composer: made } = composer();
    made.setFormat('JSON');
    made.typed = '{"a":{"b":1}}';
    await made.send(null);
    expect(client.callsOf('session.send')).toMatchObject([{ source: { type: 'bytes' } }]);
  });
});

describe('the row of saved messages', () => {
  const user = userEvent.setup();

  function shown(...names: string[]): { messages: SavedMessages; client: FakeCalls; notices: Notices } {
    const notices = new Notices();
    const messages = new SavedMessages(
      notices,
      names.map((name) => message({ name, content: `${name}!` })),
    );
    const { client, composer: made } = composer();
    render(SavedMessagesView, { messages, composer: made });
    return { messages, client, notices };
  }

  const names = (messages: SavedMessages): string[] => messages.values.map(({ name }) => name);
  const load = (name: string): HTMLElement => screen.getByRole('button', { name: `Load ${name}` });

  it('sends by one click', async () => {
    const { client } = shown('login', 'stop');
    await user.click(screen.getByRole('button', { name: 'Send stop' }));
    expect(client.callsOf('session.send')).toHaveLength(1);
  });

  it('is one stop of the Tab key: arrow keys go on, with Alt they move the message', async () => {
    const { messages } = shown('a', 'b', 'c');
    load('a').focus();
    await user.keyboard('{ArrowRight}');
    expect(load('b')).toHaveFocus();
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    expect(names(messages)).toEqual(['a', 'c', 'b']);
    expect(load('b')).toHaveFocus();
  });

  it('renames in place, and Escape leaves the name', async () => {
    const { messages } = shown('a');
    load('a').focus();
    await user.keyboard('{F2}renamed{Enter}');
    expect(names(messages)).toEqual(['renamed']);
    load('renamed').focus();
    await user.keyboard('{F2}never{Escape}');
    expect(names(messages)).toEqual(['renamed']);
  });

  it('removes with Undo', async () => {
    const { messages, notices } = shown('a', 'b');
    load('a').focus();
    await user.keyboard('{Delete}');
    expect(names(messages)).toEqual(['b']);
    notices.list[0]?.action?.run();
    expect(names(messages)).toEqual(['a', 'b']);
  });

  it('says by which keys a message is sent', () => {
    shown('a');
    const list = screen.getByRole('list', { name: 'Saved messages' });
    expect(within(list).getByRole('button', { name: 'Send a' })).toHaveAttribute('title', 'Send a (Alt+1)');
  });
});
