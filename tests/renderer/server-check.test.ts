import '@testing-library/jest-dom/vitest';
import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Notices } from '../../src/renderer/state/notices.svelte.ts';
import { ServerCheck, type CheckTarget } from '../../src/renderer/state/server-check.svelte.ts';
import ServerCheckDialog from '../../src/renderer/views/ServerCheck.svelte';
import type { CheckedCase, CheckProgress } from '../../src/shared/checks.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { FakeCalls } from '../support/fake-calls.ts';

const address = 'ws://anna:secret@127.0.0.1:8080/';
const target: CheckTarget = {
  config: { protocol: 'websocket-client', address, options: {} },
  standards: 'RFC 6455 and RFC 7692',
};
const masked = 'ws://anna:•••@127.0.0.1:8080/';

function one(place: number, more: Partial<CheckedCase> = {}): CheckedCase {
  return {
    id: `framing.case-${place}`,
    group: 'Framing',
    title: `Case ${place}`,
    rfc: 'RFC 6455 §5.2',
    sent: 'text “a”',
    expected: 'echo “a”',
    verdict: 'passed',
    why: '',
    happened: '→ text “a” · ← text “a”',
    place,
    ...more,
  };
}

const failed = one(1, { verdict: 'failed', why: 'No message came within 3 s.', happened: '→ text “a”' });
const remark = one(9, { id: 'utf8.early', group: 'UTF-8', title: 'Early', verdict: 'remark', why: 'It is late.' });

interface Bench {
  readonly calls: FakeCalls;
  readonly notices: Notices;
  readonly check: ServerCheck;
  readonly emit: (progress?: Partial<CheckProgress>) => void;
}

function bench(hasDialogs = () => false): Bench {
  const calls = new FakeCalls()
    .answer('check.start', () => success({ check: 7 }))
    .answer('check.cancel', () => success({}));
  const notices = new Notices();
  const emit = (progress: Partial<CheckProgress> = {}): void => {
    const base: CheckProgress = {
      check: 7,
      state: 'running',
      total: 3,
      address: masked,
      about: 'It echoes.',
      results: [],
      error: null,
    };
    calls.emit('check.progress', { ...base, ...progress });
  };
  return { calls, notices, check: new ServerCheck(calls, notices, hasDialogs), emit };
}

async function running(): Promise<Bench> {
  const made = bench();
  made.check.ask(target);
  await made.check.start();
  return made;
}

describe('a check of a server', () => {
  it('asks before it begins, and then sends the address and the options of the tab', async () => {
    const { calls, check } = bench();
    check.ask(target);
    expect(check).toMatchObject({ isOpen: true, state: 'asked', address: masked });
    expect(calls.callsOf('check.start')).toEqual([]);
    await check.start();
    expect(calls.callsOf('check.start')).toEqual([{ config: target.config }]);
    expect(check.state).toBe('running');
  });

  it('collects what comes in any order, by section and in the order of the matrix', async () => {
    const { check, emit } = await running();
    emit({ results: [remark, one(2)] });
    emit({ results: [failed] });
    expect(check).toMatchObject({ total: 3, about: 'It echoes.', tried: 3 });
    expect(check.counts).toEqual({ passed: 1, remark: 1, failed: 1, 'not-tried': 0 });
    expect(
      check.groups.map(({ name, cases, passed, tried }) => [name, cases.map(({ place }) => place), passed, tried]),
    ).toEqual([
      ['Framing', [1, 2], 1, 2],
      ['UTF-8', [9], 0, 1],
    ]);
    check.shown = 'others';
    expect(check.groups.map(({ cases }) => cases)).toEqual([[failed], [remark]]);
    expect(check.words).toBe('1 passed, 1 remark, 1 failed');
  });

  it('tells those that did not pass from those that were not tried', async () => {
    const { check, emit } = await running();
    emit({ state: 'done', results: [failed, one(2), one(3, { verdict: 'not-tried', why: 'It is no echo.' })] });
    check.shown = 'others';
    expect(check.groups.map(({ cases }) => cases)).toEqual([[failed]]);
    check.shown = 'not-tried';
    expect(check.groups).toMatchObject([{ cases: [{ place: 3 }], tried: 2, passed: 1, notTried: 1 }]);
    expect(check.report()).toContain('## Framing: 1 of 2 passed, 1 not tried');
  });

  it('goes by the address that the engine has resolved, without its secrets, once that is known', async () => {
    const { check, emit } = bench();
    check.ask({ ...target, config: { ...target.config, address: 'ws://{{host}}/?key={{key}}' } });
    await check.start();
    expect(check.address).toBe('ws://{{host}}/?key={{key}}');
    emit({ state: 'done', address: 'ws://device-1:9000/?key=•••', results: [one(0)] });
    expect(check.report()).toContain('# Check of ws://device-1:9000/?key=•••');
    check.reset();
    expect(check.address).toBe('ws://{{host}}/?key={{key}}');
  });

  it('saves its report where the person says, or lets the browser download it', async () => {
    const { calls, check, emit } = bench(() => true);
    calls.answer('file.chooseSave', () => success({ path: '/home/me/check.md' }));
    calls.answer('file.save', () => success({ bytes: 3 }));
    check.ask(target);
    await check.start();
    emit({ state: 'done', results: [one(0)] });
    await check.save();
    expect(calls.callsOf('file.save')).toEqual([{ path: '/home/me/check.md', text: check.report() }]);
    expect(check.said).toBe('Saved to /home/me/check.md');
    calls.answer('file.save', () => failure('disk-full', 'The disk is full.'));
    await check.save();
    expect(check.said).toBe('The disk is full.');
    calls.answer('file.chooseSave', () => success({ path: null }));
    check.said = '';
    await check.save();
    expect(check.said).toBe('');
  });

  it('takes what came before the engine said which check it is, and nothing of another one', async () => {
    const { calls, check, emit } = bench();
    let answer: () => void = () => undefined;
    calls.answer('check.start', () => new Promise((resolve) => (answer = () => resolve(success({ check: 7 })))));
    check.ask(target);
    const started = check.start();
    emit({ check: 6, state: 'done', results: [one(5)] });
    emit({ state: 'done', results: [one(0)] });
    answer();
    await started;
    expect(check).toMatchObject({ state: 'done', tried: 1 });
    emit({ results: [one(1)] });
    expect(check.tried).toBe(1);
  });

  it('says why it could not begin, and why there was nothing to check', async () => {
    const { calls, check, emit } = bench();
    calls.answer('check.start', () => failure('busy', '4 checks are running.'));
    check.ask(target);
    await check.start();
    expect(check).toMatchObject({ state: 'failed', error: { code: 'busy' } });
    calls.answer('check.start', () => success({ check: 7 }));
    check.reset();
    expect(check).toMatchObject({ state: 'asked', error: null });
    await check.start();
    const { error } = failure('connection-refused', 'Connection refused by 127.0.0.1:8080.');
    emit({ state: 'failed', total: 0, about: '', error });
    expect(check).toMatchObject({ state: 'failed', error });
  });

  it('keeps what was found out when it is cancelled', async () => {
    const { calls, check, emit } = await running();
    emit({ results: [one(0)] });
    await check.cancel();
    expect(calls.callsOf('check.cancel')).toEqual([{ check: 7 }]);
    emit({ state: 'cancelled' });
    expect(check).toMatchObject({ state: 'cancelled', tried: 1 });
    await check.cancel();
    expect(calls.callsOf('check.cancel')).toHaveLength(1);
  });

  it('goes on while its dialog is closed, and says so when it has ended', async () => {
    const { notices, check, emit } = await running();
    check.isOpen = false;
    emit({ state: 'done', results: [one(0), failed] });
    const [notice] = notices.list;
    expect(notice?.text).toBe(`Checked ${masked}: 1 passed, 1 failed.`);
    notice?.action?.run();
    expect(check.isOpen).toBe(true);
  });

  it('shows the running check, and the report of the same server; another one is asked for anew', async () => {
    const { check, emit } = await running();
    const other = { ...target, config: { ...target.config, address: 'ws://127.0.0.1:9/' } };
    check.ask(other);
    expect(check).toMatchObject({ state: 'running', address: masked });
    emit({ state: 'done', results: [one(0)] });
    check.ask({ ...target, config: { ...target.config } });
    expect(check).toMatchObject({ state: 'done', tried: 1 });
    check.ask(other);
    expect(check).toMatchObject({ state: 'asked', tried: 0, address: 'ws://127.0.0.1:9/' });
  });

  it('makes a report in Markdown in which nothing of the peer is markup', async () => {
    const { check, emit } = await running();
    emit({ results: [remark, one(0, { happened: '← text “|*<b>`”' })] });
    emit({ state: 'cancelled', total: 503 });
    const report = check.report();
    expect(report).toContain(`# Check of ${masked}\n\nRFC 6455 and RFC 7692, 503 cases.`);
    expect(report).toContain('Ended early: 2 of 503 cases were tried.');
    expect(report).toContain('**1 passed, 1 remark, 0 failed, 0 not tried**');
    expect(report).toContain('## Framing: 1 of 1 passed');
    expect(report).toContain(
      '| passed | Case 0 (framing.case-0) | echo “a” | ← text “\\|\\*\\<b\\>\\`” | RFC 6455 §5.2 |',
    );
    expect(report).toContain('| remark | Early (utf8.early) | echo “a” | It is late. → text “a” · ← text “a” |');
  });
});

describe('its dialog', () => {
  it('warns and begins only when it is told to', async () => {
    const { calls, check } = bench();
    render(ServerCheckDialog, { check });
    check.ask(target);
    const dialog = await screen.findByRole('dialog', { name: 'Check this server' });
    expect(dialog).toHaveTextContent(masked);
    expect(dialog).toHaveTextContent('Check only servers that are your own');
    expect(calls.callsOf('check.start')).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Check this server' }));
    expect(calls.callsOf('check.start')).toHaveLength(1);
  });

  it('shows how far it is, and can be left or cancelled', async () => {
    const { calls, check, emit } = await running();
    render(ServerCheckDialog, { check });
    expect(await screen.findByText('Connecting…')).toBeVisible();
    emit({ results: [failed] });
    const bar = await screen.findByRole('progressbar', { name: 'Progress of the check' });
    await waitFor(() => {
      expect(bar).toHaveAttribute('value', '1');
    });
    expect(screen.getByText('1 of 3 cases')).toBeVisible();
    expect(screen.getByRole('group', { name: 'Summary' })).toHaveTextContent('1 failed');
    await userEvent.click(screen.getByRole('button', { name: 'Cancel check' }));
    expect(calls.callsOf('check.cancel')).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Go on in the background' }));
    expect(check).toMatchObject({ isOpen: false, state: 'running' });
  });

  it('shows the cases by section, those that did not pass alone, and all of one of them', async () => {
    const { check, emit } = await running();
    render(ServerCheckDialog, { check });
    emit({ state: 'done', results: [failed, one(2), remark] });
    const table = await screen.findByRole('table', { name: 'Cases' });
    expect(within(table).getByRole('rowheader', { name: 'Framing 1 of 2 passed' })).toBeVisible();
    expect(
      within(table).getByRole('row', { name: /failed Case 1 echo “a” No message came within 3 s\. RFC 6455 §5\.2/ }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('radio', { name: 'Did not pass · 2' }));
    expect(screen.queryByRole('button', { name: 'Case 2' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Case 1' }));
    expect(table).toHaveTextContent('framing.case-1');
    expect(screen.getByRole('button', { name: 'Case 1' })).toHaveAttribute('aria-expanded', 'true');
  });

  it('is walked through with the arrow keys, with one stop for Tab', async () => {
    const { check, emit } = await running();
    render(ServerCheckDialog, { check });
    emit({ state: 'done', results: [failed, one(2), remark] });
    const first = await screen.findByRole('button', { name: 'Case 1' });
    first.focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(screen.getByRole('button', { name: 'Case 2' })).toHaveFocus();
    await userEvent.keyboard('{End}{Enter}');
    const last = screen.getByRole('button', { name: 'Early' });
    expect(last).toHaveFocus();
    expect(last).toHaveAttribute('aria-expanded', 'true');
    expect(first).toHaveAttribute('tabindex', '-1');
    expect(last).toHaveAttribute('tabindex', '0');
  });

  it('copies the report, and says so', async () => {
    const user = userEvent.setup();
    const { check, emit } = await running();
    render(ServerCheckDialog, { check });
    emit({ state: 'done', results: [one(0)] });
    await user.click(await screen.findByRole('button', { name: 'Copy report' }));
    expect(await screen.findByText('Copied as Markdown')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(check.report());
  });
});
