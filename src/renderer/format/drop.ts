/** Why a connection is over that nobody here has ended: who did it, how, and what to look at. */
import { closeMeaning, closeName } from '../../drivers/websocket/close-codes.ts';
import type { Spec } from '../../drivers/spec.ts';
import type { SessionStatus } from '../../shared/contract.ts';
import type { MetaValue } from '../../shared/record.ts';
import { formatSize } from './size.ts';

export interface Drop {
  /** `info`: that is how many servers end. `warn`, `bad`: somebody expected something else. */
  readonly tone: 'info' | 'warn' | 'bad';
  /** The name of it that can be looked up: a close code, or `FIN`. */
  readonly code: string;
  /** Who ended it and with what, as a sentence. */
  readonly message: string;
  /** What that means and what to look at. */
  readonly hint: string;
}

/** Something in what was sent is to blame, by the words of the peer: so look there. */
const COMPLAINTS: ReadonlyMap<number, string> = new Map([
  [1002, 'Look at the frames that were sent last.'],
  [1003, 'Look at the kind of the message that was sent last: text or binary.'],
  [1007, 'Look at the bytes of the message that was sent last.'],
  [1008, 'Look at what was sent last, and at the login: token, subprotocol, Origin.'],
  [1009, 'Look at the length of the message that was sent last.'],
  [1010, 'Look at the extensions among the options.'],
  [1011, 'Look at what was sent last; the log of the server says more.'],
  [1014, 'Look at the server behind the gateway.'],
  [3000, 'Look at the login: token, headers, subprotocol.'],
  [3003, 'Look at the login: what this account may do.'],
]);

const LATER = 'Connect again later; the option reconnect does so by itself.';

/** The peer goes, and says that it is not about this connection. */
const CALLS_BACK: ReadonlyMap<number, string> = new Map([
  [1001, LATER],
  [1012, LATER],
  [1013, LATER],
  [3008, 'Look at how long it was quiet before; the option ping interval keeps a connection busy.'],
]);

function closeHint(code: number): string {
  const said = COMPLAINTS.get(code) ?? CALLS_BACK.get(code);
  if (said !== undefined) return said;
  return code >= 4000 && code <= 4999 ? 'Its documentation says what it means.' : 'Look at the last rows.';
}

function byCloseFrame(who: string, code: number, reason: string): Drop {
  const said = reason === '' ? '' : `: “${reason}”`;
  if (code === 1005) {
    const message = `${who} closed the connection without giving a code.`;
    return { tone: 'info', code: '1005', message, hint: 'A close frame may be empty: then nobody says why.' };
  }
  return {
    tone: COMPLAINTS.has(code) ? 'bad' : 'warn',
    code: String(code),
    message: `${who} closed the connection with ${code} ${closeName(code)}${said}${/[.!?]$/.test(said) ? '' : '.'}`,
    hint: `${closeMeaning(code)} ${closeHint(code)}`,
  };
}

function byFin(who: string, isHalfOpen: boolean, unanswered: number, read: number): Drop {
  const message = `${who} ended the connection (FIN)${isHalfOpen ? '; this side may still send' : ''}.`;
  if (unanswered > 0) {
    const hint = `No answer came to the last ${formatSize(unanswered)} that were sent: look at them, and at the log of the server.`;
    return { tone: 'warn', code: 'FIN', message, hint };
  }
  const hint =
    read === 0
      ? 'Nothing had been said by either side: it may wait for a first message only so long, or want others than you.'
      : 'Nothing that was sent is without an answer, so this may be how it ends; its log says more.';
  return { tone: 'info', code: 'FIN', message, hint };
}

/**
 * What has ended the connection of a client, when the peer did and said so properly. Null when it lives, when this side
 * ended it, when nothing needs to be said (1000), and when it failed: then the error says it.
 */
export function dropOf(spec: Spec, status: SessionStatus): Drop | null {
  const { facts, state, remote } = status;
  const isHalfOpen = state === 'open' && facts.readyState === 'writeOnly';
  if (spec.role !== 'client' || facts.endedBy !== 'peer' || (state !== 'closed' && !isHalfOpen)) return null;
  const who = remote ?? 'The peer';
  const { closeCode, closeReason, unanswered, bytesRead } = facts;
  const number = (value: MetaValue | undefined): number => (typeof value === 'number' ? value : 0);
  if (typeof closeCode === 'number') {
    return closeCode === 1000 ? null : byCloseFrame(who, closeCode, typeof closeReason === 'string' ? closeReason : '');
  }
  return byFin(who, isHalfOpen, number(unanswered), number(bytesRead));
}
