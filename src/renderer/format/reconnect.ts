/** A session that waits to connect again, in words. */
import type { SessionStatus } from '../../shared/contract.ts';

type Waiting = NonNullable<SessionStatus['reconnect']>;

/** `Reconnecting in 3 s (attempt 2 of 10)` */
export function reconnectText({ attempt, limit }: Waiting, seconds: number): string {
  const when = seconds === 0 ? 'now' : `in ${seconds} s`;
  return `Reconnecting ${when} (attempt ${attempt}${limit === 0 ? '' : ` of ${limit}`})`;
}
