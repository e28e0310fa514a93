/** Short words in which the cases are written. */
import type { LengthForm } from '../raw-frame.ts';
import type { CheckGroup, DeflateSetup, Expected, FramePiece, FramesCase, Step } from './check-case.ts';

const encoder = new TextEncoder();

/** Text as UTF-8; bytes as they are. */
export type Content = string | Uint8Array;

export function bytesOf(content: Content): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

/** Bytes from hex, spaces between them. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(
    digits.split(' ').filter((part) => part !== ''),
    (part) => Number.parseInt(part, 16),
  );
}

export function joined(...parts: readonly Content[]): Uint8Array {
  const all = parts.map(bytesOf);
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** After so many bytes each of the two begins anew. */
const PATTERN = Uint8Array.from({ length: 65_536 }, (_, index) => index * 7 + (index >> 8));
const LETTERS = Uint8Array.from({ length: 26 * 256 }, (_, index) => 0x61 + ((index + (index >> 8)) % 26));

/** `length` bytes in which every value comes, so that a shift or a mask that is off shows. */
export function pattern(length: number): Uint8Array {
  return Buffer.alloc(length, PATTERN);
}

/** As many letters. */
export function letters(length: number): Uint8Array {
  return Buffer.alloc(length, LETTERS);
}

export type FrameMore = Partial<Omit<FramePiece, 'type' | 'opcode' | 'payload'>>;

export function frame(opcode: number, content: Content = '', more: FrameMore = {}): FramePiece {
  return {
    type: 'frame',
    opcode,
    payload: bytesOf(content),
    fin: true,
    rsv: 0,
    mask: 'right',
    lengthForm: 'shortest' satisfies LengthForm,
    declared: null,
    ...more,
  };
}

export const text = (content: Content, more: FrameMore = {}): FramePiece => frame(1, content, more);
export const binary = (content: Content, more: FrameMore = {}): FramePiece => frame(2, content, more);
export const ping = (content: Content = '', more: FrameMore = {}): FramePiece => frame(9, content, more);
export const pong = (content: Content = '', more: FrameMore = {}): FramePiece => frame(10, content, more);
/** The first frame of a message that goes on. */
export const textStart = (content: Content, more: FrameMore = {}): FramePiece =>
  frame(1, content, { fin: false, ...more });
export const binaryStart = (content: Content, more: FrameMore = {}): FramePiece =>
  frame(2, content, { fin: false, ...more });
/** A frame in the middle of a message. */
export const more = (content: Content, other: FrameMore = {}): FramePiece =>
  frame(0, content, { fin: false, ...other });
/** The last frame of a message. */
export const last = (content: Content, other: FrameMore = {}): FramePiece => frame(0, content, other);

/** @param code null: a close frame without payload */
export function close(code: number | null, reason: Content = '', other: FrameMore = {}): FramePiece {
  return frame(8, code === null ? '' : joined(Uint8Array.of(code >> 8, code & 0xff), reason), other);
}

export function send(...pieces: readonly FramePiece[]): Step {
  return { type: 'send', pieces, writes: 'one' };
}
export function sendEach(...pieces: readonly FramePiece[]): Step {
  return { type: 'send', pieces, writes: 'each' };
}
export function sendOctets(...pieces: readonly FramePiece[]): Step {
  return { type: 'send', pieces, writes: 'octets' };
}

function expect(expected: Expected): Step {
  return { type: 'expect', expected };
}
export const echoText = (content: Content): Step => echo(1, content, false);
export const echoBinary = (content: Content): Step => echo(2, content, false);
/** Unless the connection fails before. */
export const echoPerhaps = (content: Content): Step => echo(1, content, true);
function echo(opcode: 1 | 2, content: Content, mayBeLost: boolean): Step {
  return expect({ type: 'message', opcode, payload: bytesOf(content), mayBeLost });
}
/** @param before payloads of earlier pings, which need no pong of their own */
export function ponged(content: Content = '', before: readonly Content[] = []): Step {
  return expect({ type: 'pong', payload: bytesOf(content), before: before.map(bytesOf) });
}
export const closed = (...codes: readonly (number | null)[]): Step => expect({ type: 'closed', codes });
export const failed = (...codes: readonly number[]): Step => expect({ type: 'failed', codes, isCut: false });
/** The same where the stream ends within a frame. */
export const failedEarly = (...codes: readonly number[]): Step => expect({ type: 'failed', codes, isCut: true });
export const newKeys: Step = expect({ type: 'new-keys' });
export function echoOrClose(opcode: 1 | 2, content: Content, ...codes: readonly number[]): Step {
  return expect({ type: 'message-or-close', opcode, payload: bytesOf(content), codes });
}

type More = Partial<Pick<FramesCase, 'subject' | 'level' | 'deflate' | 'maxPayload'>>;

/** Makes the cases of one group. @param prefix of their ids */
export function caseMaker(
  group: CheckGroup,
  prefix: string,
): (name: string, title: string, section: string, steps: readonly Step[], more?: More) => FramesCase {
  return (name, title, section, steps, other = {}) => ({
    type: 'frames',
    id: `${prefix}.${name}`,
    group,
    title,
    rfc: section.startsWith('RFC') ? section : `RFC 6455 §${section}`,
    level: 'must',
    subject: 'both',
    deflate: null,
    maxPayload: null,
    ...other,
    steps,
  });
}

/** permessage-deflate as it is mostly agreed. */
export function deflateSetup(part: Partial<DeflateSetup> = {}): DeflateSetup {
  return {
    offer: 'permessage-deflate; client_max_window_bits',
    answer: 'permessage-deflate',
    needsContext: false,
    ...part,
  };
}
