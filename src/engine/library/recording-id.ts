/** Names of recordings: their folders', `20260131-142305-1f0c9a7e` (UTC, and what keeps them apart). */
import { randomBytes } from 'node:crypto';

const ID = /^[A-Za-z0-9-]{1,80}$/;
const OWN = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})-[0-9a-f]{8}$/;

/** @param now ms since 1970 */
export function makeRecordingId(now: number): string {
  const digits = new Date(now).toISOString().replaceAll(/[-:]/g, '').slice(0, 15).replace('T', '-');
  return `${digits}-${randomBytes(4).toString('hex')}`;
}

/** Whether a folder of this name can be a recording. */
export function isRecordingId(name: string): boolean {
  return ID.test(name);
}

/** When a recording with a name of ours began, in ms since 1970; null when the name is somebody else's. */
export function timeOfId(id: string): number | null {
  const found = OWN.exec(id);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second] = found;
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  return Number.isNaN(time) ? null : time;
}
