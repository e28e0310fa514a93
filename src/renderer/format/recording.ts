/** A recording of History in words. */
import { specOf } from '../../drivers/specs.ts';
import type { RecordingSummary } from '../../shared/contract.ts';
import { sentence } from '../../shared/errors.ts';
import { recordingName } from '../state/history-lines.ts';
import { formatCount, formatShortCount, formatSize } from './size.ts';
import { timeOfDay } from './time-of-day.ts';

/** With a shape, so that colour is never the only sign. */
export interface RecordingMark {
  readonly sign: string;
  readonly word: string;
  readonly tone: 'ok' | 'calm' | 'warn' | 'bad';
}

/** What a recording of this state is called; null: nothing to say. */
const stateMarks: Readonly<Record<RecordingSummary['state'], RecordingMark | null>> = {
  live: { sign: '●', word: 'live', tone: 'ok' },
  closed: null,
  interrupted: { sign: '◐', word: 'interrupted', tone: 'warn' },
  unreadable: { sign: '▲', word: 'unreadable', tone: 'bad' },
};

/** Its connection is over, and could go on in the same recording. */
const endedMark: RecordingMark = { sign: '○', word: 'open tab', tone: 'calm' };

export interface RecordingWords {
  /** `14:02:11 · 12 msg · 1.2 KB`; without the size where a mark needs the room. */
  readonly facts: string;
  readonly mark: RecordingMark | null;
  /** Why it is so, for the tooltip of the mark. */
  readonly reason: string;
  /** Everything, for screen readers. */
  readonly label: string;
}

function reasonOf(recording: RecordingSummary, isRunning: boolean): string {
  if (recording.error !== null) return sentence(recording.error);
  if (recording.state === 'interrupted')
    return 'Its writer was ended before it could close it. What was written is there.';
  if (recording.state === 'live') {
    if (recording.session === null) return 'Another window of Wirebench writes it.';
    return isRunning
      ? 'A session of this window writes it.'
      : 'Its session has ended; the tab is still open, and would go on in it.';
  }
  return '';
}

function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** @param isRunning of one that is `live` by a session of this window: whether that is going on */
export function recordingWords(recording: RecordingSummary, isRunning = true): RecordingWords {
  const { protocol, startedAt, messages, bytes, state, isPinned, session } = recording;
  const mark = state === 'live' && session !== null && !isRunning ? endedMark : stateMarks[state];
  const time = timeOfDay(startedAt);
  // Of one whose writer was killed the messages may not have been counted.
  const isCounted = state !== 'unreadable' && (state !== 'interrupted' || messages > 0);
  const words = [
    recordingName(recording),
    specOf(protocol)?.title ?? protocol,
    time,
    ...(isCounted ? [counted(messages, 'message', 'messages')] : []),
    formatSize(bytes),
    ...(isPinned ? ['pinned'] : []),
    ...(mark === null ? [] : [mark.word]),
  ];
  const facts = [
    time,
    ...(isCounted ? [`${formatShortCount(messages)} msg`] : []),
    ...(mark === null ? [formatSize(bytes)] : []),
  ];
  return { facts: facts.join(' · '), mark, reason: reasonOf(recording, isRunning), label: words.join(', ') };
}
