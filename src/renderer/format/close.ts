/** What the code of a close frame means, and where that is said. */
import { closeMeaning, closeName } from '../../drivers/websocket/close-codes.ts';
import { OPCODE } from '../../drivers/websocket/frame.ts';
import type { Meta } from '../../shared/record.ts';

export interface CloseWords {
  /** `1000 Normal Closure` */
  readonly title: string;
  /** A sentence. */
  readonly meaning: string;
  /** `RFC 6455 §7.4.1` */
  readonly source: string;
}

/** The codes of RFC 6455 itself; what is registered beside them is IANA's. */
const RFC_CODES = [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1015];

function sourceOf(code: number): string {
  if (RFC_CODES.includes(code)) return 'RFC 6455 §7.4.1';
  const isRegistered = code < 4000 && closeName(code) !== 'Unregistered' && closeName(code) !== 'Reserved';
  return code >= 1000 && isRegistered ? 'IANA, WebSocket Close Code Number Registry' : 'RFC 6455 §7.4.2';
}

export function closeWords(code: number): CloseWords {
  return { title: `${code} ${closeName(code)}`, meaning: closeMeaning(code), source: sourceOf(code) };
}

/** Of a row about the end of a WebSocket, also of a close frame sent by hand; null for any other. */
export function closeOf(kind: string, meta: Meta): CloseWords | null {
  const isClose = kind === 'close' || kind === 'socketClose' || (kind === 'frame' && meta.opcode === OPCODE.close);
  return isClose && typeof meta.code === 'number' ? closeWords(meta.code) : null;
}
