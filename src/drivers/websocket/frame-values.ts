/** The fields of the action `frame` as the bytes that go out. Pure: the window shows them while they are typed. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { parseHex } from '../../shared/hex-text.ts';
import type { Options } from '../spec.ts';
import type { MakeKey } from './frame-writer.ts';
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
