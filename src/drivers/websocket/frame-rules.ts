/** The single rules of RFC 6455 for frames. Each answers what is wrong, or null. */
import { WEBSOCKET_PAYLOAD_MOST_BYTES } from '../../shared/websocket-limits.ts';
import { isSendable } from './close-codes.ts';
import { CONTROL_BYTES, isControl, OPCODE, opcodeName, RSV1, type FrameHead, type Violation } from './frame.ts';
import { isUtf8Text } from './utf8.ts';

function broken(rfc: string, message: string): Violation {
  return { code: 1002, rfc, message };
}

/** What a head can tell by itself. */
export function headProblem(head: FrameHead, expectMasked: boolean, allowRsv1: boolean): Violation | null {
  const { fin, rsv, opcode, masked } = head;
  const name = opcodeName(opcode);
  if (name === 'reserved') return broken('5.2', `The opcode ${opcode} is reserved.`);
  if ((rsv & ~RSV1) !== 0) return broken('5.2', 'RSV2 or RSV3 is set, but no extension that uses it was agreed.');
  if (rsv === RSV1 && !allowRsv1) return broken('5.2', 'RSV1 is set, but permessage-deflate was not agreed.');
  if (rsv === RSV1 && opcode !== OPCODE.text && opcode !== OPCODE.binary) {
    return broken('RFC 7692 §6.1', `A ${name} frame has RSV1; only the first frame of a message may have it.`);
  }
  if (masked !== expectMasked) {
    return broken('5.1', masked ? 'A frame of the server is masked.' : 'A frame of the client is not masked.');
  }
  if (!isControl(opcode)) return lengthProblem(head);
  if (!fin) return broken('5.5', `A ${name} frame is fragmented.`);
  if (opcode === OPCODE.close && head.length === 1) {
    return broken('5.5.1', 'A close frame has 1 byte of payload; a code takes 2.');
  }
  if (lengthBytes(head) === 0) return null;
  return broken('5.5', `The length of a ${name} frame is written as if it could be more than ${CONTROL_BYTES} bytes.`);
}

function lengthBytes({ masked, headBytes }: FrameHead): number {
  return headBytes - (masked ? 6 : 2);
}

function lengthProblem(head: FrameHead): Violation | null {
  const { length } = head;
  const written = lengthBytes(head);
  if (length >= 2 ** 63) return broken('5.2', 'The highest bit of a length of 64 bits is set.');
  if ((written === 2 && length < 126) || (written === 8 && length < 0x1_0000)) {
    return broken('5.2', `A length of ${length} is written in ${written} bytes, which is not its shortest form.`);
  }
  return null;
}

/** @param isInMessage whether a message has begun that this frame could continue */
export function orderProblem({ opcode }: FrameHead, isInMessage: boolean): Violation | null {
  if (isControl(opcode)) return null;
  if (opcode === OPCODE.continuation) {
    return isInMessage ? null : broken('5.4', 'A continuation frame comes without a message to continue.');
  }
  return isInMessage
    ? broken('5.4', `A ${opcodeName(opcode)} frame comes before the message before it has ended.`)
    : null;
}

/**
 * @param bytes that a message has on the wire so far, with the frame that has just begun
 * @param most that it may have when it is not compressed
 */
export function sizeProblem(bytes: number, most: number, isCompressed: boolean): Violation | null {
  // What cannot be compressed grows, by the headers of its blocks (RFC 1951 §3.2.4). Its plain size is seen when it is inflated.
  const mostOnWire = isCompressed ? Math.min(most + Math.ceil(most / 4) + 1024, WEBSOCKET_PAYLOAD_MOST_BYTES) : most;
  if (bytes <= mostOnWire) return null;
  return { code: 1009, rfc: '7.4.1', message: `A message of at least ${bytes} bytes comes; the limit is ${most}.` };
}

export const notUtf8: Violation = { code: 1007, rfc: '8.1', message: 'A text message is not UTF-8.' };

/** @param payload of a close frame; not of one byte, which its head tells */
export function closeProblem(payload: Uint8Array): Violation | null {
  if (payload.length === 0) return null;
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  if (!isSendable(code)) return broken('7.4', `A close frame has the code ${code}, which must not be sent.`);
  if (isUtf8Text(payload.subarray(2))) return null;
  return { code: 1007, rfc: '5.5.1', message: 'The reason of a close frame is not UTF-8.' };
}
