import { describe, expect, it } from 'vitest';
import { closeOf } from '../../src/renderer/format/close.ts';
import {
  frameFlags,
  frameHead,
  frameLengthBits,
  frameOf,
  lengthBits,
  maskNote,
  type FrameFacts,
} from '../../src/renderer/format/frame.ts';
import { plainText } from '../../src/renderer/format/preview.ts';
import { reconnectText } from '../../src/renderer/format/reconnect.ts';
import { rowText } from '../../src/renderer/format/row.ts';
import type { Meta, RecordView } from '../../src/shared/record.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function record(part: Partial<RecordView> & { readonly text?: string } = {}): RecordView {
  const { text = '', ...rest } = part;
  const payload = part.payload ?? bytesOf(text);
  return {
    kind: 1,
    direction: 'out',
    flags: 0,
    time: 0,
    seq: 3,
    peer: 1,
    meta: {},
    payload,
    payloadLength: payload.length,
    ...rest,
  };
}

function handFrame(meta: Meta): FrameFacts {
  const frame = frameOf(record({ meta }), 'frame', 'client');
  if (frame === null) throw new Error('a row of the kind frame is a frame');
  return frame;
}

describe('the frame of a record', () => {
  it('is derived for a message that was one plain frame', () => {
    expect(frameOf(record({ text: 'hello' }), 'text', 'client')).toEqual({
      opcode: 1,
      name: 'text',
      fin: true,
      rsv: 0,
      masked: true,
      length: 5,
      hand: null,
      plain: null,
    });
  });

  it.each([
    ['out', 'client', true],
    ['in', 'client', false],
    ['out', 'server', false],
    ['in', 'server', true],
  ] as const)('%s of a %s is masked: %s', (direction, role, masked) => {
    expect(frameOf(record({ direction, text: 'x' }), 'binary', role)?.masked).toBe(masked);
  });

  it('has RSV1 and the length on the wire when the message was compressed', () => {
    const frame = frameOf(record({ text: 'hello hello', meta: { frames: 1, compressed: 9 } }), 'text', 'client');
    expect(frame).toMatchObject({ rsv: 4, length: 9, plain: 11 });
  });

  it('is what the record says for a row of a frame', () => {
    const meta = { opcode: 11, fin: false, rsv: 3, masked: false, length: 300 };
    const frame = frameOf(record({ text: 'x', meta }), 'frame', 'client');
    expect(frame).toMatchObject({ ...meta, hand: null, plain: null });
  });

  it('says what was put together by hand as it was on the wire', () => {
    const meta = { opcode: 1, fin: true, rsv: 0, masked: true, length: 2, byHand: true, head: '81fe004d01020304' };
    const hand = { ...meta, declared: 77, mask: 'not-applied', splitAt: 3 };
    const frame = handFrame(hand);
    expect(frame.hand).toEqual({ head: '81fe004d01020304', declared: 77, mask: 'not-applied', splitAt: 3 });
    expect(frameHead(frame)).toBe('81 fe 00 4d 01 02 03 04');
    expect(frameLengthBits(frame)).toBe(16);
    expect(maskNote(frame)).toContain('not applied');
    expect(maskNote(handFrame(meta))).toBe('by a client; its key ends the head');
    expect(frameLengthBits(handFrame({ ...meta, head: '81ff000000000000000201020304' }))).toBe(64);
  });

  it('says no more than is known of one from before its head was recorded', () => {
    const frame = handFrame({ opcode: 1, fin: true, rsv: 0, masked: true, length: 130, byHand: true });
    expect(frame.hand).toEqual({ head: null, declared: 130, mask: null, splitAt: null });
    expect(frameLengthBits(frame)).toBe(16);
    expect(maskNote(frame)).toBe('by a client; its key is not recorded');
  });

  it.each([
    ['an event', 'open', { direction: 'none' }],
    ['a handshake', 'request', { text: 'GET / HTTP/1.1' }],
    ['a message in several frames', 'text', { text: 'x', meta: { frames: 2 } }],
  ] as const)('is none for %s', (_what, kind, part) => {
    expect(frameOf(record(part), kind, 'client')).toBeNull();
  });
});

describe('the head of a frame', () => {
  const frame = { opcode: 1, name: 'text', fin: true, rsv: 0, masked: false, length: 5, hand: null, plain: null };

  it.each([
    [5, '81 05'],
    [125, '81 7d'],
    [126, '81 7e 00 7e'],
    [65_535, '81 7e ff ff'],
    [65_536, '81 7f 00 00 00 00 00 01 00 00'],
    [2 ** 40 + 1, '81 7f 00 00 01 00 00 00 00 01'],
  ])('has a length of %i as %s', (length, hex) => {
    expect(frameHead({ ...frame, length })).toBe(hex);
  });

  it('has the bits, and the place of a key that is not recorded', () => {
    const other = { ...frame, opcode: 2, fin: false, rsv: 5, masked: true };
    expect(frameHead(other)).toBe('52 85 ·· ·· ·· ··');
    expect(frameFlags(other)).toBe('more follow · RSV1 · RSV3 · masked');
  });

  it('changes its form at the lengths of RFC 6455', () => {
    expect([0, 125, 126, 65_535, 65_536].map(lengthBits)).toEqual([7, 7, 16, 16, 64]);
  });
});

describe('a row', () => {
  const preview = (kind: string, part: Parameters<typeof record>[0], framesOf: 'client' | null = null): string =>
    plainText(rowText(record(part), kind, framesOf).parts);

  it('of a handshake shows its first line', () => {
    const text = 'GET /chat HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(preview('request', { text })).toBe('GET /chat HTTP/1.1');
  });

  it('of a close says what its code means, why, and who began', () => {
    const meta = { code: 1000, name: 'Normal Closure', reason: 'bye', began: 'peer' };
    expect(preview('close', { direction: 'in', payload: bytesOf('\u0003?bye'), meta })).toMatch(
      /^1000 Normal Closure · bye · began by the peer|^1000 Normal Closure · bye · begun by the peer/,
    );
  });

  it('of a message stays one when nothing is in it', () => {
    const row = rowText(record({ direction: 'in' }), 'text');
    expect([row.tone, row.sign, row.length]).toEqual(['in', '↓', '0']);
  });

  it.each([
    ['a refusal', 'response', { text: 'HTTP/1.1 403 Forbidden', meta: { status: 403 } }, 'bad'],
    ['a welcome', 'response', { text: 'HTTP/1.1 101 Switching Protocols', meta: { status: 101 } }, 'out'],
    ['a violation', 'violation', { direction: 'none', meta: { code: 1002, message: 'no' } }, 'bad'],
    ['an end without a close frame', 'socketClose', { direction: 'none', meta: { code: 1006 } }, 'bad'],
    ['a clean end', 'socketClose', { direction: 'none', meta: { code: 1000 } }, 'event'],
  ] as const)('of %s has its tone', (_what, kind, part, tone) => {
    expect(rowText(record(part), kind).tone).toBe(tone);
  });

  it('has the flags of its frame in front while frames are listed', () => {
    expect(preview('text', { text: 'hello' }, 'client')).toBe('FIN · masked  hello');
    expect(preview('text', { direction: 'in', text: 'hello' }, 'client')).toBe('FIN  hello');
    expect(preview('open', { direction: 'none', meta: { subprotocol: '', extensions: '' } }, 'client')).not.toContain(
      'FIN',
    );
  });
});

describe('the meaning of a close', () => {
  it.each([
    [1000, '1000 Normal Closure', 'RFC 6455 §7.4.1'],
    [1012, '1012 Service Restart', 'IANA, WebSocket Close Code Number Registry'],
    [4001, '4001', 'RFC 6455 §7.4.2'],
  ])('%i names its source', (code, title, source) => {
    const words = closeOf('close', { code });
    expect(words?.title).toContain(title);
    expect(words?.meaning).not.toBe('');
    expect(words?.source).toBe(source);
  });

  it('is of rows about the end only', () => {
    expect(closeOf('text', { code: 1000 })).toBeNull();
    expect(closeOf('close', {})).toBeNull();
    expect(closeOf('frame', { opcode: 1, code: 1000 })).toBeNull();
    expect(closeOf('frame', { opcode: 8, code: 1000 })?.title).toBe('1000 Normal Closure');
  });
});

describe('waiting to connect again', () => {
  it('says when, and which attempt of how many', () => {
    expect(reconnectText({ attempt: 2, limit: 10, at: 0 }, 3)).toBe('Reconnecting in 3 s (attempt 2 of 10)');
    expect(reconnectText({ attempt: 7, limit: 0, at: 0 }, 0)).toBe('Reconnecting now (attempt 7)');
  });
});
