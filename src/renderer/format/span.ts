/** Lengths of time as a player shows them. */

/** `0:04.2`, `12:30.0`, `1:02:03.4`: hours, minutes, seconds and tenths. @param ms at least 0 */
export function formatSpan(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const seconds = `${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}
