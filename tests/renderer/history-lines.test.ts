import { describe, expect, it } from 'vitest';
import { dayLabel, historyLines, matchingRecordings, recordingName } from '../../src/renderer/state/history-lines.ts';
import { recordingWords } from '../../src/renderer/format/recording.ts';
import { recordingSummary } from '../support/recording-samples.ts';

const now = new Date(2026, 10, 23, 15, 0).getTime();
const at = (day: number, hour: number): number => new Date(2026, 10, day, hour, 5, 9).getTime();

describe('the lines of History', () => {
  it('are headed by Today, Yesterday and dates', () => {
    expect(dayLabel(at(23, 0), now)).toBe('Today');
    expect(dayLabel(at(22, 23), now)).toBe('Yesterday');
    expect(dayLabel(at(21, 12), now)).toBe('Sat 21 Nov');
    expect(dayLabel(new Date(2025, 0, 2).getTime(), now)).toBe('Thu 2 Jan 2025');
  });

  it('stand together by address within a day, the newest first', () => {
    const address = 'localhost:9000';
    const list = [
      recordingSummary(1, { startedAt: at(23, 14), address }),
      recordingSummary(2, { startedAt: at(23, 13) }),
      recordingSummary(3, { startedAt: at(23, 12), address, name: 'the good one' }),
      recordingSummary(4, { startedAt: at(22, 12), address }),
    ];
    const lines = historyLines(list, now).map((line) =>
      line.type === 'recording' ? `${line.recording.recording.slice(-1)} ${line.units}` : line.label,
    );
    expect(lines).toEqual(['Today', address, '1 1', '3 2', '2 2', 'Yesterday', '4 2']);
  });

  it('stand together by preset, whatever its address was', () => {
    const list = [1, 2].map((number) => recordingSummary(number, { startedAt: at(23, 9), preset: 'handshake' }));
    expect(historyLines(list, now)[1]).toMatchObject({ type: 'group', label: 'handshake' });
  });

  it('keep the addresses of two protocols apart', () => {
    const list = ['tcp-client', 'tcp-server'].map((protocol, index) =>
      recordingSummary(index, { startedAt: at(23, 9), address: ':1', protocol }),
    );
    expect(historyLines(list, now).filter(({ type }) => type === 'group')).toEqual([]);
  });

  it('go by the name, else the preset, else the address, else the protocol', () => {
    expect(recordingName(recordingSummary(1, { name: 'a', preset: 'b' }))).toBe('a');
    expect(recordingName(recordingSummary(1, { preset: 'b' }))).toBe('b');
    expect(recordingName(recordingSummary(1))).toBe('device-1:9000');
    expect(recordingName(recordingSummary(1, { address: '' }))).toBe('tcp-client');
  });

  it('never go by a password', () => {
    expect(recordingName(recordingSummary(1, { address: 'ws://anna:secret@host/' }))).toBe('ws://anna:•••@host/');
  });

  it('are found by all words of a query, in any order', () => {
    const list = [1, 2, 12].map((number) => recordingSummary(number, { startedAt: at(22, 9) }));
    const found = (query: string): number => matchingRecordings(list, query, now).length;
    expect([found(''), found('device-1'), found('YESTERDAY device-12'), found('tomorrow')]).toEqual([3, 2, 1, 0]);
  });
});

describe('a recording in words', () => {
  it('says everything to a screen reader and the most of it to the eye', () => {
    const words = recordingWords(recordingSummary(1, { startedAt: at(23, 14), messages: 1_234_567, isPinned: true }));
    expect(words.facts).toBe('14:05:09 · 1.2M msg · 1.2 KB');
    expect(words.label).toBe('device-1:9000, TCP client, 14:05:09, 1\u2009234\u2009567 messages, 1.2 KB, pinned');
    expect(words.mark).toBeNull();
  });

  it('marks by shape and word what is the matter, with the reason', () => {
    const error = { code: 'newer-recording', message: 'It is of version 2.', hint: 'Get a newer Wirebench.' } as const;
    const unreadable = recordingWords(recordingSummary(1, { state: 'unreadable', error }));
    expect(unreadable).toMatchObject({
      mark: { sign: '▲', word: 'unreadable' },
      reason: 'It is of version 2. Get a newer Wirebench.',
    });
    expect(unreadable.label).not.toContain('messages');
    expect(recordingWords(recordingSummary(1, { state: 'interrupted' }))).toMatchObject({
      mark: { word: 'interrupted' },
    });
    expect(recordingWords(recordingSummary(1, { state: 'interrupted', messages: 0 })).label).not.toContain('messages');
    expect(recordingWords(recordingSummary(1, { state: 'live' })).reason).toBe(
      'Another window of Wirebench writes it.',
    );
  });

  it('calls one live only while its session goes on', () => {
    const open = recordingSummary(1, { state: 'live', session: 's1' });
    expect(recordingWords(open, true)).toMatchObject({ mark: { sign: '●', word: 'live' } });
    expect(recordingWords(open, false)).toMatchObject({ mark: { sign: '○', word: 'open tab' } });
    expect(recordingWords(open, false).reason).toContain('has ended');
    expect(recordingWords(open, false).label).toMatch(/, open tab$/);
  });
});
