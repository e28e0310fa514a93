/** The hot path of reading: nothing here makes an object or a call for each message. */
import type { Batch } from '../driver.ts';
import { OPCODE } from './frame.ts';
import type { MaskedBytes } from './mask.ts';
import { advanceUtf8, isAscii, UTF8_ACCEPT } from './utf8.ts';

export type LookFast = (view: DataView, from: number, to: number) => boolean | null;

/**
 * Takes plain messages (one frame, FIN, RSV 0, text or binary, valid, whole within the bytes) into the batch, until there
 * is something else or the batch is full. They are unmasked in place; what is behind them is left as it was.
 * @param start where a frame starts, with no message begun before it
 * @param masked the same bytes, when they come from a client; null when they come from a server
 * @param most bytes that a message may have
 * @param lookFast asked first whether a text is ASCII; null: it cannot tell
 * @returns where the first frame starts that was not taken
 */
export function takePlainMessages(
  batch: Batch,
  view: DataView,
  start: number,
  end: number,
  masked: MaskedBytes | null,
  most: number,
  lookFast: LookFast,
): number {
  const { kinds, starts, lengths } = batch;
  const room = kinds.length;
  const maskBit = masked !== null ? 0x80 : 0;
  let at = start;
  let count = 0;
  while (end - at >= 2 && count < room) {
    // FIN and nothing else before the opcode.
    const opcode = view.getUint8(at) ^ 0x80;
    if (opcode !== OPCODE.text && opcode !== OPCODE.binary) break;
    let length = view.getUint8(at + 1) ^ maskBit;
    let payload = at + 2;
    if (length === 126) {
      if (end - at < 4) break;
      length = view.getUint16(payload);
      payload += 2;
      if (length < 126) break;
    } else if (length > 126) {
      // Above 127 the mask bit is not as it should be.
      if (length > 127 || end - at < 10 || view.getUint32(payload) !== 0) break;
      length = view.getUint32(payload + 4);
      payload += 8;
      if (length < 0x1_0000) break;
    }
    if (masked !== null) payload += 4;
    const next = payload + length;
    if (next > end || length > most) break;
    const isText = opcode === OPCODE.text;
    const key = masked !== null ? view.getInt32(payload - 4) : 0;
    const isSure =
      masked !== null
        ? masked.apply(payload, next, key)
        : !isText || (lookFast(view, payload, next) ?? isAscii(view, payload, next));
    if (!isSure && isText && advanceUtf8(UTF8_ACCEPT, view, payload, next) !== UTF8_ACCEPT) {
      masked?.apply(payload, next, key);
      break;
    }
    kinds[count] = opcode - 1;
    starts[count] = payload;
    lengths[count] = length;
    count += 1;
    at = next;
  }
  batch.count = count;
  return at;
}
