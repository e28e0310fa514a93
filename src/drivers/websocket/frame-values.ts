/** The fields of the action `frame` as the bytes that go out. Pure: the window shows them while they are typed. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { parseHex } from '../../shared/hex-text.ts';
import type { Meta } from '../../shared/record.ts';
import type { Options } from '../spec.ts';
import { readClosePayload, type MakeKey } from './frame-writer.ts';
import { CONTROL_BYTES, OPCODE } from './frame.ts';
import { encodeRawFrame, rawMasks, type LengthForm, type RawFrame, type RawMask } from './raw-frame.ts';

const lengthForms: Readonly<Record<string, LengthForm>> = { auto: 'shortest', '7': 7, '16': 16, '64': 64 };

function maskOf(value: Options[string] | undefined): RawMask {
  return rawMasks.find((mask) => mask === value) ?? 'none';
}

function bit(value: Options[string] | undefined, worth: number): number {
  return value === true ? worth : 0;
}

/** @returns errors `bad-message` with `field` */
export function rawFrameOf(values: Options): Outcome<RawFrame> {
  const payload = parseHex(typeof values.payload === 'string' ? values.payload : '');
  if (!payload.ok) return failure('bad-message', payload.error.message, payload.error.hint, { field: 'payload' });
  const { opcode, declaredLength, lengthForm } = values;
  return success({
    opcode: typeof opcode === 'number' ? opcode : Number(opcode),
    fin: values.fin !== false,
    rsv: bit(values.rsv1, 4) | bit(values.rsv2, 2) | bit(values.rsv3, 1),
    mask: maskOf(values.mask),
    lengthForm: lengthForms[String(lengthForm)] ?? 'shortest',
    declaredLength: typeof declaredLength === 'number' ? declaredLength : null,
    payload: payload.value,
  });
}

/**
 * The bytes of the frame, in as many writes as `splitAt` asks for.
 * @returns errors `bad-message` with `field`
 */
export function frameWrites(values: Options, makeKey: MakeKey): Outcome<readonly Uint8Array[]> {
  const frame = rawFrameOf(values);
  if (!frame.ok) return frame;
  const encoded = encodeRawFrame(frame.value, makeKey);
  if (!encoded.ok) return encoded;
  const { splitAt } = values;
  if (typeof splitAt !== 'number' || splitAt <= 0 || splitAt >= encoded.value.length) return success([encoded.value]);
  return success([encoded.value.subarray(0, splitAt), encoded.value.subarray(splitAt)]);
}

/**
 * The meta of its row, see websocket-spec.ts.
 * @param writes of `frameWrites`
 */
export function handMeta(frame: RawFrame, writes: readonly Uint8Array[]): Meta {
  const { opcode, fin, rsv, mask, payload, declaredLength } = frame;
  const [first] = writes;
  const total = writes.reduce((sum, { length }) => sum + length, 0);
  const { code } = opcode === OPCODE.close ? readClosePayload(payload) : { code: null };
  return {
    opcode,
    fin,
    rsv,
    masked: hasMaskFlag(mask),
    length: payload.length,
    byHand: true,
    head: hexOfFirst(writes, total - payload.length),
    ...(declaredLength === null || Number(declaredLength) === payload.length
      ? {}
      : { declared: Number(declaredLength) }),
    ...(mask === 'none' || mask === 'random' ? {} : { mask }),
    ...(writes.length > 1 && first !== undefined ? { splitAt: first.length } : {}),
    ...(code === null ? {} : { code }),
  };
}

/** Whether a peer has to take this for a close frame (RFC 6455 §5.1, §5.5, §5.5.1), not for a violation. */
export function isRightClose(frame: RawFrame, role: 'client' | 'server'): boolean {
  const { opcode, fin, rsv, mask, lengthForm, declaredLength, payload } = frame;
  if (opcode !== OPCODE.close || !fin || rsv !== 0 || payload.length > CONTROL_BYTES || payload.length === 1)
    return false;
  const isMasked = mask === 'random' || mask === 'zero';
  if (isMasked ? role === 'server' : mask !== 'none' || role === 'client') return false;
  const hasRightLength = declaredLength === null || Number(declaredLength) === payload.length;
  return hasRightLength && (lengthForm === 'shortest' || lengthForm === 7);
}

/** @param count of bytes, of all writes together */
function hexOfFirst(writes: readonly Uint8Array[], count: number): string {
  const bytes = writes.flatMap((part) => Array.from(part.subarray(0, count))).slice(0, count);
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function hasMaskFlag(mask: RawMask): boolean {
  return mask !== 'none' && mask !== 'not-flagged';
}
