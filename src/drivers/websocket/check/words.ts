/** What is sent, expected and seen, in words. */
import { isUtf8 } from 'node:buffer';
import { closeName } from '../close-codes.ts';
import { opcodeName } from '../frame.ts';
import type { CheckCase, Expected, FramePiece, FramesCase, HeaderChange, RequestExpected, Step } from './check-case.ts';

/** Characters of a payload that are shown. */
const SHOWN = 24;

function sizeWords(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}

/** Printable text in quotes, else hex; long ones are cut. */
export function payloadWords(payload: Uint8Array): string {
  if (payload.length === 0) return 'empty';
  const head = payload.subarray(0, SHOWN);
  const more = payload.length > SHOWN ? `… ${sizeWords(payload.length)}` : '';
  // Not with a TextDecoder that is fatal: the one of Node 18.15 reads before the beginning of bytes that are no text, which
  // has ended Electron 25.
  const text = isUtf8(head) ? Buffer.from(head).toString('utf8') : '';
  if (/^[^\p{Cc}\p{Cn}\p{Co}]+$/u.test(text)) return `“${text}”${more}`;
  return `${[...head.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}${payload.length > 12 ? `… ${sizeWords(payload.length)}` : ''}`;
}

export function codeWords(code: number | null): string {
  return code === null ? 'no code' : `${code} ${closeName(code)}`;
}

function closePayloadWords(payload: Uint8Array): string {
  if (payload.length < 2) return payload.length === 0 ? 'without a code' : 'with one byte';
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  return payload.length === 2 ? String(code) : `${code} ${payloadWords(payload.subarray(2))}`;
}

const MASKS = { right: null, zero: 'masked with 0', ones: 'masked with ff ff ff ff', wrong: 'mask bit wrong' } as const;

export function pieceWords(piece: FramePiece): string {
  const { opcode, payload, fin, rsv, mask, lengthForm, declared } = piece;
  const name = opcodeName(opcode);
  const isClose = opcode === 8 && declared === null;
  const extras = [
    fin ? null : 'FIN 0',
    rsv === 0 ? null : `RSV ${rsv.toString(2).padStart(3, '0')}`,
    MASKS[mask],
    lengthForm === 'shortest' ? null : `length in ${lengthForm} bits`,
    declared === null ? null : `declared as ${declared} bytes`,
  ].filter((extra) => extra !== null);
  const what = isClose ? closePayloadWords(payload) : payloadWords(payload);
  return `${name === 'reserved' ? `opcode ${opcode}` : name} ${what}${extras.length === 0 ? '' : ` (${extras.join(', ')})`}`;
}

/** Many alike become one with their number. */
function listWords(parts: readonly string[]): string {
  const shown: string[] = [];
  for (let at = 0; at < parts.length;) {
    const part = parts[at] ?? '';
    let end = at + 1;
    while (end < parts.length && parts[end] === part) end += 1;
    shown.push(end - at > 1 ? `${end - at} × ${part}` : part);
    at = end;
  }
  return shown.length <= 6
    ? shown.join(' + ')
    : `${shown.slice(0, 3).join(' + ')} + … + ${shown.at(-1) ?? ''} (${parts.length} frames)`;
}

const WRITES = { one: '', each: ', a write for each frame', octets: ', a write for each octet' } as const;

function stepWords(step: Step): string | null {
  return step.type === 'send' ? `${listWords(step.pieces.map(pieceWords))}${WRITES[step.writes]}` : null;
}

function framesSent({ steps, deflate }: FramesCase): string {
  const sent = steps.map(stepWords).filter((words) => words !== null);
  return `${sent.join('; then ')}${deflate === null ? '' : ' · with permessage-deflate'}`;
}

function expectedWords(expected: Expected): string {
  switch (expected.type) {
    case 'message':
      return `echo ${payloadWords(expected.payload)}${expected.mayBeLost ? ' or nothing' : ''}`;
    case 'pong':
      return `pong ${payloadWords(expected.payload)}`;
    case 'closed':
      return `close ${codeWords(expected.codes[0] ?? null)}, then the end of TCP`;
    case 'failed':
      return `the connection fails with ${expected.codes.join(' or ')}`;
    case 'message-or-close':
      return `echo ${payloadWords(expected.payload)}, or close ${expected.codes.join(' or ')}`;
    case 'new-keys':
      return 'a new masking key for each frame';
  }
}

function framesExpected({ steps, level }: FramesCase): string {
  const all = steps.flatMap((step) => (step.type === 'expect' ? [expectedWords(step.expected)] : []));
  return `${level === 'should' ? 'Should: ' : ''}${listWords(all)}`;
}

/** Longest value of a header field that is shown. */
const VALUE_SHOWN = 60;

function shortened(text: string): string {
  const visible = text.replaceAll('\r\n', '⏎');
  return visible.length > VALUE_SHOWN ? `${visible.slice(0, VALUE_SHOWN)}… (${visible.length} characters)` : visible;
}

function changeWords({ start, remove = [], set = [], add = [], split = 0 }: HeaderChange): string {
  const parts = [
    ...(start === undefined ? [] : [`first line “${start.replace('%s', '/…')}”`]),
    ...remove.map((name) => `no ${name}`),
    ...set.map(([name, value]) => `${name}: ${shortened(value)}`),
    ...add.map(([name, value]) => `also ${name}: ${shortened(value)}`),
    ...(split === 0 ? [] : [`in writes of ${sizeWords(split)}`]),
  ];
  return parts.length === 0 ? 'as it should be' : parts.join(', ');
}

export function requestExpectedWords(expected: RequestExpected): string {
  if (expected.type === 'either') return '101 and a connection that works, or a refusal';
  const fields = expected.fields.map(([name, , words]) => ` with ${name} ${words}`).join(',');
  if (expected.type === 'accepted') return `101${fields}, and a connection that works`;
  return `${expected.statuses.length === 0 ? 'a refusal, not 101' : expected.statuses.join(' or ')}${fields}`;
}

export function caseWords(one: CheckCase): { readonly sent: string; readonly expected: string } {
  if (one.type === 'frames') return { sent: framesSent(one), expected: framesExpected(one) };
  const expected = requestExpectedWords(one.expected);
  return {
    sent: `Request ${changeWords(one.change)}`,
    expected: `${one.level === 'should' ? 'Should: ' : ''}${expected}`,
  };
}
