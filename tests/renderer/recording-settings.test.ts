import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure, success } from '../../src/shared/errors.ts';
import { Notices } from '../../src/renderer/state/notices.svelte.ts';
import { RecordingSettingsForm } from '../../src/renderer/state/recording-settings.svelte.ts';
import RecordingSettings from '../../src/renderer/views/RecordingSettings.svelte';
import { FakeCalls } from '../support/fake-calls.ts';
import { recordingSettings } from '../support/recording-samples.ts';

function form(): { calls: FakeCalls; notices: Notices; form: RecordingSettingsForm } {
  const calls = new FakeCalls()
    .answer('settings.load', () => success({ recordings: recordingSettings, notice: null }))
    .answer('settings.save', () => success({}));
  const notices = new Notices();
  return { calls, notices, form: new RecordingSettingsForm(calls, notices) };
}

describe('the settings of recordings', () => {
  it('are shown in GiB and saved in bytes', async () => {
    const { calls, form: settings } = form();
    await settings.open();
    expect([settings.sessionQuota, settings.totalQuota, settings.keepDays]).toEqual(['8', '20', '30']);
    settings.sessionQuota = '0,5';
    settings.keepDays = '0';
    settings.whenBehind = 'drop';
    expect(await settings.save()).toBe(true);
    expect(calls.callsOf('settings.save')).toEqual([
      { recordings: { sessionQuota: 512 * 1024 ** 2, totalQuota: 20 * 1024 ** 3, keepDays: 0, whenBehind: 'drop' } },
    ]);
    expect(settings.isOpen).toBe(false);
  });

  it.each([
    ['sessionQuota', 'much', /number of GiB/],
    ['sessionQuota', '0.0001', /The least/],
    ['sessionQuota', '21', null],
    ['totalQuota', '7', /not be less than what one session/],
    ['totalQuota', '99999999999', /No disk/],
    ['keepDays', '1.5', /whole days/],
    ['keepDays', '99999', /whole days/],
  ] as const)('refuse %s = %s before the engine is asked', async (field, text, problem) => {
    const { calls, form: settings } = form();
    await settings.open();
    settings[field] = text;
    if (problem !== null) expect(settings.problems[field]).toMatch(problem);
    expect(await settings.save()).toBe(false);
    expect(calls.callsOf('settings.save')).toEqual([]);
  });

  it('say when their file was set aside because it could not be read', async () => {
    const { calls, notices, form: settings } = form();
    calls.answer('settings.load', () => success({ recordings: recordingSettings, notice: 'It was set aside.' }));
    await settings.load();
    expect(notices.list[0]).toMatchObject({ text: 'It was set aside.', tone: 'bad' });
  });

  it('stay open with the reason when the engine refuses', async () => {
    const { calls, form: settings } = form();
    await settings.open();
    calls.answer('settings.save', () => failure('storage-failed', 'Read-only disk.'));
    expect(await settings.save()).toBe(false);
    expect([settings.isOpen, settings.error?.message]).toEqual([true, 'Read-only disk.']);
  });

  it('are a dialog with a problem at its field', async () => {
    const { calls, form: settings } = form();
    render(RecordingSettings, { form: settings, folder: '/data/recordings' });
    await settings.open();
    const user = userEvent.setup();
    const field = await screen.findByRole('textbox', { name: 'One session may take' });
    await user.clear(field);
    await user.type(field, 'x');
    expect(field).toHaveAccessibleDescription(/Write a number of GiB/);
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await user.clear(field);
    await user.type(field, '4');
    await user.click(screen.getByRole('radio', { name: 'Drop and count' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(calls.callsOf('settings.save')).toMatchObject([{ recordings: { whenBehind: 'drop' } }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
