/** What came of checking a server, in words and as Markdown. */
import { checkVerdicts, type CheckResult, type CheckVerdict } from '../../shared/checks.ts';

export interface CheckReport {
  /** Without a password. */
  readonly address: string;
  /** What it was checked against: `RFC 6455 and RFC 7692`. */
  readonly standards: string;
  /** What was found out about the server before any case; '' when there was no time for it. */
  readonly about: string;
  /** False: it was ended before all cases had been tried. */
  readonly isWhole: boolean;
  /** How many cases there are. */
  readonly total: number;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly results: readonly CheckResult[];
}

/** One word or two for a case. */
export const verdictWords: Readonly<Record<CheckVerdict, string>> = {
  passed: 'passed',
  remark: 'remark',
  failed: 'failed',
  'not-tried': 'not tried',
};

/** `1 remark`, `22 remarks`. */
export function countWords(verdict: CheckVerdict, count: number): string {
  return `${count} ${verdictWords[verdict]}${verdict === 'remark' && count !== 1 ? 's' : ''}`;
}

export function verdictCounts(results: readonly CheckResult[]): Readonly<Record<CheckVerdict, number>> {
  const counts: Record<CheckVerdict, number> = { passed: 0, remark: 0, failed: 0, 'not-tried': 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** What happened: why it did not pass, and what went over the wire. */
export function happenedWords({ why, happened }: CheckResult): string {
  return [why, happened].filter((text) => text !== '').join(' ');
}

/** As the text of a cell: what the peer has sent must not become Markdown. */
function cell(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, '\\$&').replace(/\s+/g, ' ');
}

function row(one: CheckResult): string {
  const { verdict, title, id, expected, rfc } = one;
  const cells = [verdictWords[verdict], `${cell(title)} (${cell(id)})`, expected, happenedWords(one), rfc];
  return `| ${cells.map((text, index) => (index === 1 ? text : cell(text))).join(' | ')} |`;
}

const HEAD = ['| verdict | case | expectation | what happened | RFC |', '| --- | --- | --- | --- | --- |'];

function section(name: string, results: readonly CheckResult[]): string {
  const counts = verdictCounts(results);
  const notTried = counts['not-tried'];
  const rest = notTried === 0 ? '' : `, ${notTried} not tried`;
  return [
    `## ${name}: ${counts.passed} of ${results.length - notTried} passed${rest}`,
    '',
    ...HEAD,
    ...results.map(row),
    '',
  ].join('\n');
}

/** A table for each section, in the order of the results. */
export function checkReport({ address, standards, about, isWhole, total, startedAt, results }: CheckReport): string {
  const counts = verdictCounts(results);
  const groups = [...new Set(results.map(({ group }) => group))];
  const summary = checkVerdicts.map((verdict) => countWords(verdict, counts[verdict])).join(', ');
  return [
    `# Check of ${cell(address)}`,
    '',
    `${standards}, ${total} cases. ${new Date(startedAt).toISOString()}.`,
    ...(isWhole ? [] : ['', `Ended early: ${results.length} of ${total} cases were tried.`]),
    ...(about === '' ? [] : ['', cell(about)]),
    '',
    `**${summary}**`,
    '',
    ...groups.map((name) =>
      section(
        name,
        results.filter(({ group }) => group === name),
      ),
    ),
  ].join('\n');
}
