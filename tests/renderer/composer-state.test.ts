import { beforeEach, describe, expect, it } from 'vitest';
import { failure, success } from '../../src/shared/errors.ts';
import { composerSchema, type ComposerDraft } from '../../src/shared/workspace.ts';
import { Composer } from '../../src/renderer/state/composer.svelte.ts';
import { FakeCalls } from '../support/fake-calls.ts';
import { sampleSpec } from '../support/sample-spec.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('Composer', () => {
  let client: FakeCalls;
  let canSend: boolean;
  let target: number | null;

  beforeEach(() => {
    client = new FakeCalls().answer('session.send', ({ source }) =>
      success({ bytes: source.type === 'bytes' ? source.bytes.length : 5, peers: 1, ms: 0.21 }),
    );
    canSend = true;
    target = null;
  });

  function composer(draft: Partial<ComposerDraft>): Composer {
    return new Composer({
      client,
      session: () => 's1',
      spec: sampleSpec,
      draft: { ...composerSchema.parse({}), ...draft },
      canSend: () => canSend,
      target: () => target,
    });
  }

  it('counts the bytes with the line ending', () => {
    const message = composer({ text: 'hello\\x00' });
    expect(message.byteCount).toBe(7);
    message.draft.lineEnding = '\\r\\n';
    expect(message.byteCount).toBe(8);
    message.typed = 'hé';
    expect(message.byteCount).toBe(5);
  });

  it('sends the encoded bytes to the target and says how it went', async () => {
    target = 7;
    const message = composer({ text: 'hello world' });
    await message.send(null);
    expect(client.callsOf('session.send')).toEqual([
      { session: 's1', peer: 7, source: { type: 'bytes', bytes: bytesOf('hello world\n') }, then: null },
    ]);
    expect(message.done).toBe('12 B handed to the system in 0.2 ms');
    expect(message.problem).toBeNull();
  });

  it('passes on the action that follows the bytes', async () => {
    await composer({ text: 'bye' }).send('end');
    expect(client.callsOf('session.send')).toMatchObject([{ then: 'end' }]);
  });

  it('sends to all whatever the target is, and says to how many', async () => {
    target = 7;
    client.answer('session.send', () => success({ bytes: 1200, peers: 200, ms: 12.4 }));
    const message = composer({ text: 'x' });
    await message.sendToAll();
    expect(client.callsOf('session.send')).toMatchObject([{ peer: null }]);
    expect(message.done).toBe('1\u2009200 B handed to the system for each of 200 connections in 12 ms');
  });

  it('keeps quiet about a mistake while a person types, and names it after a pause', () => {
    const message = composer({ format: 'Hex' });
    message.typed = '123';
    expect(message.problem).toBeNull();
    expect(message.byteCount).toBeNull();
    message.settle();
    expect(message.problem?.message).toBe('The hex text has 3 digits; two make a byte.');
    message.typed = '1234';
    expect(message.problem).toBeNull();
  });

  it('names a mistake at once when asked to send, and sends nothing', async () => {
    const message = composer({ format: 'Hex', hex: '123' });
    await message.send(null);
    expect(message.problem?.code).toBe('bad-message');
    expect(client.callsOf('session.send')).toEqual([]);
  });

  it('does not send what is empty', async () => {
    const message = composer({ lineEnding: 'none' });
    await message.send(null);
    expect(message.problem?.message).toBe('The message is empty, so nothing was sent.');
    expect(client.callsOf('session.send')).toEqual([]);
  });

  it('does not send while nothing is open', async () => {
    canSend = false;
    const message = composer({ text: 'x' });
    await message.send(null);
    expect(message.problem?.code).toBe('not-open');
  });

  it('shows the refusal of the engine until something is typed', async () => {
    client.answer('session.send', () => failure('not-open', 'The connection 127.0.0.1:9 is closed.'));
    const message = composer({ text: 'x' });
    await message.send(null);
    expect(message.problem?.message).toBe('The connection 127.0.0.1:9 is closed.');
    expect(message.done).toBe('');
    message.typed = 'xy';
    expect(message.problem).toBeNull();
  });

  it('takes a cancelled sending as what the person wanted', async () => {
    client.answer('session.send', () =>
      failure('cancelled', 'Sending /tmp/big was cancelled: 1 of 2 bytes had been handed to the system.'),
    );
    const message = composer({ format: 'File', file: '/tmp/big' });
    await message.send(null);
    expect(message.problem).toBeNull();
    expect(message.done).toBe('Sending /tmp/big was cancelled: 1 of 2 bytes had been handed to the system.');
  });

  it('is pending until the system has taken the bytes', async () => {
    const message = composer({ text: 'x' });
    const sending = message.send(null);
    expect(message.pending).toBe(1);
    await sending;
    expect(message.pending).toBe(0);
  });

  it('keeps the text of each format apart and gives back the whole draft', () => {
    const message = composer({ text: 'a' });
    message.setFormat('Hex');
    message.typed = '00';
    message.setFormat('Text');
    expect(message.typed).toBe('a');
    expect(message.toDocument()).toEqual({ ...composerSchema.parse({}), text: 'a', hex: '00' });
  });

  describe('a change of format', () => {
    it('offers the same bytes in the words of the empty one', async () => {
      const message = composer({ text: 'hi', lineEnding: '\\r\\n' });
      message.setFormat('Hex');
      expect(message.offer).toMatchObject({ from: 'Text', bytes: 4 });
      message.acceptOffer();
      expect(message.typed).toBe('68 69 0d 0a');
      expect(message.offer).toBeNull();
      await message.send(null);
      expect(client.callsOf('session.send')).toMatchObject([{ source: { bytes: bytesOf('hi\r\n') } }]);
    });

    it('adds no line ending to bytes that came from hex', () => {
      const message = composer({ format: 'Hex', hex: 'ff 0a', encoding: 'latin1' });
      message.setFormat('Text');
      message.acceptOffer();
      expect(message.typed).toBe('\\xff\\n');
      expect(message.byteCount).toBe(2);
    });

    it('offers nothing where there is something already, or nothing to take', () => {
      const full = composer({ text: 'hi', hex: '00' });
      full.setFormat('Hex');
      expect(full.offer).toBeNull();
      const wrong = composer({ text: '\\q' });
      wrong.setFormat('Hex');
      expect(wrong.offer).toBeNull();
      const noJson = composer({ text: 'hi' });
      noJson.setFormat('JSON');
      expect(noJson.offer).toBeNull();
    });
  });

  describe('a file', () => {
    it('is sent by its path', async () => {
      await composer({ format: 'File', file: '/tmp/a' }).send(null);
      expect(client.callsOf('session.send')).toMatchObject([{ source: { type: 'file', path: '/tmp/a' } }]);
    });

    it('shows its size, and its error in place', async () => {
      client.answer('file.stat', ({ path }) =>
        path === '/tmp/a' ? success({ size: 1234 }) : failure('file-not-found', 'There is no file /tmp/b (ENOENT).'),
      );
      const message = composer({ format: 'File' });
      await message.file.look('/tmp/a');
      expect(message.byteCount).toBe(1234);
      await message.file.look('/tmp/b');
      expect(message.byteCount).toBeNull();
      expect(message.problem?.code).toBe('file-not-found');
    });

    it('ignores a late answer about another path', async () => {
      let answerFirst: (size: number) => void = () => undefined;
      client.answer('file.stat', ({ path }) =>
        path === '/slow'
          ? new Promise(
              (resolve) =>
                (answerFirst = (size) => {
                  resolve(success({ size }));
                }),
            )
          : success({ size: 2 }),
      );
      const message = composer({ format: 'File' });
      const slow = message.file.look('/slow');
      await message.file.look('/fast');
      answerFirst(1);
      await slow;
      expect(message.byteCount).toBe(2);
    });

    it('that has vanished is an error in place, and its size is forgotten', async () => {
      client.answer('file.stat', () => success({ size: 5 }));
      client.answer('session.send', () => failure('file-not-found', 'There is no file /tmp/a (ENOENT).'));
      const message = composer({ format: 'File', file: '/tmp/a' });
      await message.file.look('/tmp/a');
      await message.send(null);
      expect(message.problem?.code).toBe('file-not-found');
      expect(message.byteCount).toBeNull();
    });

    it('is missing until one is chosen', async () => {
      const message = composer({ format: 'File' });
      await message.send(null);
      expect(message.problem?.message).toBe('No file is chosen.');
    });

    it('comes from the dialog, unless the person cancels that', async () => {
      client.answer('file.choose', () => success({ path: null })).answer('file.stat', () => success({ size: 9 }));
      const message = composer({ format: 'File', file: '/before' });
      await message.chooseFile();
      expect(message.typed).toBe('/before');
      client.answer('file.choose', () => success({ path: '/chosen' }));
      await message.chooseFile();
      expect(message.typed).toBe('/chosen');
      expect(message.byteCount).toBe(9);
    });
  });

  describe('what was sent', () => {
    it('is called back from newest to oldest and forward to what was being typed', async () => {
      const message = composer({});
      for (const text of ['one', 'two', 'two']) {
        message.typed = text;
        await message.send(null);
      }
      message.typed = 'three, unsent';
      expect(message.recall('older')).toBe(true);
      expect(message.typed).toBe('two');
      message.recall('older');
      expect(message.typed).toBe('one');
      expect(message.recall('older')).toBe(false);
      expect(message.typed).toBe('one');
      message.recall('newer');
      message.recall('newer');
      expect(message.typed).toBe('three, unsent');
      expect(message.recall('newer')).toBe(false);
    });

    it('comes back in the format in which it was sent', async () => {
      const message = composer({ format: 'Hex', hex: '0102' });
      await message.send(null);
      message.setFormat('Text');
      message.recall('older');
      expect(message.draft.format).toBe('Hex');
      expect(message.typed).toBe('0102');
    });

    it('does not hold what failed', async () => {
      client.answer('session.send', () => failure('not-open', 'Closed.'));
      const message = composer({ text: 'lost' });
      await message.send(null);
      expect(message.recall('older')).toBe(false);
    });
  });
});
