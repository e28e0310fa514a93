import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, lastLines, withExitCode } from '../../scripts/lib/reports.mjs';

describe('counting a Vitest report', () => {
  it('counts what passed and what failed', () => {
    const report = {
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [
            { fullName: 'one', status: 'passed' },
            { fullName: 'two', status: 'failed' },
          ],
        },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 1, failed: 1, remarks: [], flaky: [] });
  });

  it.each(['skipped', 'pending', 'todo'])('counts a %s test as failed and names it', (status) => {
    const report = {
      testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{ fullName: 'one', status }] }],
    };
    expect(countVitest(report)).toEqual({ passed: 0, failed: 1, remarks: [`${status}: one (a.test.ts)`], flaky: [] });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const report = { testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }] };
    expect(countVitest(report)).toEqual({ passed: 0, failed: 1, remarks: ['failed as a whole: a.test.ts'], flaky: [] });
  });
});

describe('counting a Playwright report', () => {
  const spec = (status: string) => ({
    title: 'connects',
    file: 'a.e2e.ts',
    tests: [{ projectName: 'electron', status }],
  });

  it('counts tests of nested suites', () => {
    const inner = { title: 'inner', specs: [spec('unexpected')] };
    const report = { errors: [], suites: [{ title: 'a', specs: [spec('expected')], suites: [inner] }] };
    expect(countPlaywright(report)).toEqual({ passed: 1, failed: 1, remarks: [], flaky: [] });
  });

  it('counts a skipped test as failed and names it', () => {
    const report = { errors: [], suites: [{ title: 'a', specs: [spec('skipped')] }] };
    expect(countPlaywright(report)).toEqual({
      passed: 0,
      failed: 1,
      remarks: ['skipped: [electron] connects (a.e2e.ts)'],
      flaky: [],
    });
  });

  it('counts a test that passed at the second attempt as passed and names it', () => {
    const report = { errors: [], suites: [{ title: 'a', specs: [spec('flaky')] }] };
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: 0,
      remarks: [],
      flaky: ['[electron] connects (a.e2e.ts)'],
    });
  });

  it('counts an error outside of a test as failed', () => {
    const report = { errors: [{ message: 'no such file' }], suites: [] };
    expect(countPlaywright(report)).toEqual({ passed: 0, failed: 1, remarks: ['no such file'], flaky: [] });
  });
});

describe("a tool's exit code", () => {
  it('adds a failure when the report has none', () => {
    expect(withExitCode({ passed: 3, failed: 0, remarks: [] }, 1)).toMatchObject({ passed: 3, failed: 1 });
  });

  it('adds nothing to failures that the report has', () => {
    expect(withExitCode({ passed: 3, failed: 2, remarks: [] }, 1)).toMatchObject({ passed: 3, failed: 2 });
  });

  it('is not believed when no test ran', () => {
    expect(withExitCode({ passed: 0, failed: 0, remarks: [] }, 0)).toMatchObject({
      failed: 1,
      remarks: ['ran no test at all'],
    });
  });
});

describe('the last lines of a run', () => {
  it('name what needed a second attempt, and end with the counts', () => {
    expect(lastLines({ passed: 7, failed: 1, flaky: ['[electron] connects (a.e2e.ts)'] })).toEqual([
      'flaky: [electron] connects (a.e2e.ts)',
      'tests: 7 passed, 1 failed',
    ]);
    expect(lastLines({ passed: 7, failed: 0, flaky: [] })).toEqual(['tests: 7 passed, 0 failed']);
  });
});
