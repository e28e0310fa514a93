/** The recordings of History as lines of a list: by day, and within a day by preset or address. */
import type { RecordingSummary } from '../../shared/contract.ts';
import { maskCredentials } from '../../shared/credentials.ts';

/** One line. `units`: how high it is, in units of the list. `key` stays the same while the line stands for the same. */
export type HistoryLine = { readonly key: string; readonly units: 1 | 2 } & (
  | { readonly type: 'day'; readonly label: string }
  | {
      readonly type: 'group';
      readonly label: string;
      readonly protocol: string;
      readonly recordings: readonly RecordingSummary[];
    }
  | {
      readonly type: 'recording';
      readonly recording: RecordingSummary;
      /** False below the head of its group, which has said it already. */
      readonly isNamed: boolean;
    }
);

/** What a recording goes by: its name, else its preset, else its address. */
export function recordingName(recording: RecordingSummary): string {
  return recording.name || placeOf(recording) || recording.protocol;
}

/** Where it was, without a password that is in the address. */
function placeOf(recording: RecordingSummary): string {
  return recording.preset || maskCredentials(recording.address);
}

/** Number of a local day: days that follow each other differ by one. */
function dayNumber(ms: number): number {
  const at = new Date(ms);
  return Math.round(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000);
}

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short' });

/** `Today`, `Yesterday`, `Mon 23 Nov`, and with the year when that is another one. */
export function dayLabel(ms: number, now: number): string {
  const days = dayNumber(now) - dayNumber(ms);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  const at = new Date(ms);
  const words = [weekday.format(at), String(at.getDate()), month.format(at)];
  return [...words, ...(at.getFullYear() === new Date(now).getFullYear() ? [] : [String(at.getFullYear())])].join(' ');
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** @param recordings newest first */
export function historyLines(recordings: readonly RecordingSummary[], now: number): readonly HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (const [day, members] of grouped(recordings, ({ startedAt }) => String(dayNumber(startedAt)))) {
    lines.push({ type: 'day', key: `day ${day}`, units: 1, label: dayLabel(members[0]?.startedAt ?? now, now) });
    for (const [place, group] of grouped(members, (item) => `${item.protocol} ${placeOf(item)}`)) {
      const [first] = group;
      if (first === undefined) continue;
      const isGroup = group.length > 1;
      if (isGroup) {
        const label = placeOf(first) || first.protocol;
        const key = `group ${day} ${place}`;
        lines.push({ type: 'group', key, units: 1, label, protocol: first.protocol, recordings: group });
      }
      for (const recording of group) {
        const isNamed = !isGroup || recording.name !== '';
        lines.push({ type: 'recording', key: recording.recording, units: isNamed ? 2 : 1, recording, isNamed });
      }
    }
  }
  return lines;
}

/** The recordings that have every word of a query in their name, preset, address, protocol or day. */
export function matchingRecordings(
  recordings: readonly RecordingSummary[],
  query: string,
  now: number,
): readonly RecordingSummary[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return recordings;
  return recordings.filter((item) => {
    const text = [item.name, item.preset, item.address, item.protocol, dayLabel(item.startedAt, now)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
