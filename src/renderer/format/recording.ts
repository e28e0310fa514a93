/** A recording of History in words. */
import { specOf } from '../../drivers/specs.ts';
import type { RecordingSummary } from '../../shared/contract.ts';
import { sentence } from '../../shared/errors.ts';
import { recordingName } from '../state/history-lines.ts';
import { formatCount, formatShortCount, formatSize } from './size.ts';
import { timeOfDay } from './time-of-day.ts';

/** What a recording of this state is called, with a shape so that colour is never the only sign; null: nothing to say. */
const stateMarks: Readonly<Record<RecordingSummary['state'], { readonly sign: string; readonly word: string } | null>> =
  {
    live: { sign: '●', word: 'live' },
    closed: null,
    interrupted: { sign: '◐', word: 'interrupted' },
    unreadable: { sign: '▲', word: 'unreadable' },
  };

export interface RecordingWords {
  /** `14:02:11 · 12 msg · 1.2 KB`; without the size where a mark needs the room. */
  readonly facts: string;
  readonly mark: { readonly sign: string; readonly word: string } | null;
  /** Why it is so, for the tooltip of the mark. */
  readonly reason: string;
  /** Everything, for screen readers. */
  readonly label: string;
}

function reasonOf(recording: RecordingSummary): string {
  if (recording.error !== null) return sentence(recording.error);
  if (recording.state === 'interrupted')
    return 'Its writer was ended before it could close it. What was written is there.';
  if (recording.state === 'live') {
    return recording.session === null
      ? 'Another window of Wirebench writes it.'
      : 'A session of this window writes it.';
  }
  return '';
}

function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function recordingWords(recording: RecordingSummary): RecordingWords {
  const { protocol, startedAt, messages, bytes, state, isPinned } = recording;
  const mark = stateMarks[state];
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
  return { facts: facts.join(' · '), mark, reason: reasonOf(recording), label: words.join(', ') };
}
