/**
 * Counts from the JSON reports of Vitest and Playwright. A skipped test is a failure:
 * nothing is skipped silently.
 */

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} remarks what the tool's own output may not say: skipped tests, files without tests
 * @property {string[]} flaky tests that passed only at the second attempt, by name
 */

/**
 * @typedef {object} VitestFile
 * @property {string} name
 * @property {string} status
 * @property {{ fullName: string, status: string }[]} assertionResults
 */

/** @param {{ testResults: VitestFile[] }} report @returns {Counts} */
export function countVitest(report) {
  const counts = emptyCounts();
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else counts.failed += 1;
      if (test.status !== 'passed' && test.status !== 'failed')
        counts.remarks.push(`${test.status}: ${test.fullName} (${file.name})`);
    }
    const alreadyFailed = file.assertionResults.some((test) => test.status !== 'passed');
    if (file.status !== 'passed' && !alreadyFailed) {
      counts.failed += 1;
      counts.remarks.push(`failed as a whole: ${file.name}`);
    }
  }
  return counts;
}

/**
 * @typedef {object} PlaywrightSuite
 * @property {string} title
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ title: string, file: string, tests: { projectName: string, status: string }[] }[]} [specs]
 */

/** @param {{ suites: PlaywrightSuite[], errors: { message?: string }[] }} report @returns {Counts} */
export function countPlaywright(report) {
  const counts = emptyCounts();
  for (const error of report.errors) {
    counts.failed += 1;
    counts.remarks.push(error.message ?? 'an error outside of a test');
  }
  const todo = [...report.suites];
  for (let suite = todo.pop(); suite !== undefined; suite = todo.pop()) {
    todo.push(...(suite.suites ?? []));
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = `[${test.projectName}] ${spec.title} (${spec.file})`;
        if (test.status === 'expected' || test.status === 'flaky') counts.passed += 1;
        else counts.failed += 1;
        if (test.status === 'flaky') counts.flaky.push(name);
        if (test.status === 'skipped') counts.remarks.push(`skipped: ${name}`);
      }
    }
  }
  return counts;
}

/**
 * The last lines of `npm test`: a test that needed a second attempt counts as passed, but never goes unseen.
 * @param {{ passed: number, failed: number, flaky: readonly string[] }} totals
 * @returns {readonly string[]}
 */
export function lastLines({ passed, failed, flaky }) {
  return [...flaky.map((name) => `flaky: ${name}`), `tests: ${String(passed)} passed, ${String(failed)} failed`];
}

/** @returns {Counts} */
function emptyCounts() {
  return { passed: 0, failed: 0, remarks: [], flaky: [] };
}

/**
 * What a tool's exit code adds to its report: a tool that failed without a failed test,
 * or ran no test at all, has failed once.
 * @template {Pick<Counts, 'passed' | 'failed' | 'remarks'>} Some
 * @param {Some} counts
 * @param {number} code
 * @returns {Some}
 */
export function withExitCode(counts, code) {
  if (counts.failed > 0) return counts;
  if (code !== 0) return { ...counts, failed: 1, remarks: [...counts.remarks, `ended with exit code ${String(code)}`] };
  if (counts.passed === 0) return { ...counts, failed: 1, remarks: [...counts.remarks, 'ran no test at all'] };
  return counts;
}
