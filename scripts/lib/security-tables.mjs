/** What `npm run security-check` prints. */

/**
 * @typedef {object} Report as Playwright writes it
 * @property {readonly Suite[]} suites
 *
 * @typedef {object} Suite
 * @property {readonly Suite[]} [suites]
 * @property {readonly { title: string, ok: boolean, tests: readonly { annotations?: readonly { description?: string }[] }[] }[]} [specs]
 */

/**
 * The tests whose titles begin with the number of an item: `7 · Define a Content Security Policy`.
 * @param {unknown} report @returns {string[][]} number, title, `yes` or `NO`, and a note
 */
export function checklistRows(report) {
  const { suites } = /** @type {Report} */ (report ?? { suites: [] });
  const todo = [...suites];
  /** @type {string[][]} */
  const rows = [];
  for (let suite = todo.shift(); suite !== undefined; suite = todo.shift()) {
    todo.push(...(suite.suites ?? []));
    for (const { title, ok, tests } of suite.specs ?? []) {
      const [, number, item] = /^(\d+) · (.*)$/.exec(title) ?? [];
      if (number === undefined || item === undefined) continue;
      rows.push([number, item, ok ? 'yes' : 'NO', tests.flatMap(notes).join(' ')]);
    }
  }
  return rows.sort(([left], [right]) => Number(left) - Number(right));
}

/** @param {{ annotations?: readonly { description?: string }[] }} test */
function notes({ annotations = [] }) {
  return annotations.map(({ description = '' }) => description);
}

/** @param {readonly string[]} heading @param {readonly (readonly string[])[]} rows @returns {string} */
export function table(heading, rows) {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return ['', line(heading), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line), ''].join('\n');
}
