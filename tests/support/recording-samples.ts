/** Recordings as the engine lists and opens them, for tests of the window. */
import type { RecordingSettings, RecordingSummary, Result } from '../../src/shared/contract.ts';
import { success, type Outcome } from '../../src/shared/errors.ts';
import { commonKinds } from '../../src/shared/record.ts';
import { FakeCalls } from './fake-calls.ts';

/** A closed recording of a TCP client; its number names it and sets it apart in time, one minute for each. */
export function recordingSummary(number: number, part: Partial<RecordingSummary> = {}): RecordingSummary {
  const startedAt = part.startedAt ?? Date.now() - number * 60_000;
  return {
    recording: `20260101-000000-${String(number).padStart(8, '0')}`,
    name: '',
    preset: '',
    protocol: 'tcp-client',
    address: `device-${number}:9000`,
    endedAt: startedAt + 1000,
    records: 10,
    messages: 4,
    bytes: 1200,
    isPinned: false,
    state: 'closed',
    session: null,
    error: null,
    ...part,
    startedAt,
  };
}

export const recordingSettings: RecordingSettings = {
  sessionQuota: 8 * 1024 ** 3,
  totalQuota: 20 * 1024 ** 3,
  keepDays: 30,
  whenBehind: 'pause',
};

/** What `recordings.open` answers. */
export function openedRecording(part: Partial<Result<'recordings.open'>> = {}): Result<'recordings.open'> {
  return {
    session: 'read-1',
    title: 'device-1:9000',
    config: { protocol: 'tcp-client', address: 'device-1:9000', options: {} },
    kinds: [...commonKinds, 'connect', 'data'],
    ...part,
  };
}

/** An engine with these recordings, which renames, pins, deletes and restores them. */
export class FakeLibrary extends FakeCalls {
  recordings: RecordingSummary[];
  opened: Outcome<Result<'recordings.open'>> = success(openedRecording());
  #deleted: RecordingSummary[] = [];

  constructor(recordings: RecordingSummary[]) {
    super();
    this.recordings = recordings;
    this.answer('recordings.list', () =>
      success({
        recordings: this.recordings,
        total: this.recordings.length,
        bytes: this.recordings.reduce((sum, item) => sum + item.bytes, 0),
        folder: '/data/recordings',
        error: null,
      }),
    );
    this.answer('recordings.open', () => this.opened);
    this.answer('recordings.update', ({ recording, name, isPinned }) => {
      this.recordings = this.recordings.map((item) =>
        item.recording === recording ? { ...item, name: name ?? item.name, isPinned: isPinned ?? item.isPinned } : item,
      );
      return success({});
    });
    this.answer('recordings.delete', ({ recording }) => {
      this.#deleted = this.recordings.filter((item) => item.recording === recording);
      this.recordings = this.recordings.filter((item) => item.recording !== recording);
      return success({});
    });
    this.answer('recordings.restore', () => {
      this.recordings = [...this.recordings, ...this.#deleted];
      return success({});
    });
    this.answer('session.watch', () => success({}));
    this.answer('session.remove', () => success({}));
  }
}
