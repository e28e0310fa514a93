/** A session as a command line or as a program: what a person pastes into a shell, an issue, or a test. */
import { failure, success, type Outcome } from '../errors.ts';
import { CopyOptions, commentText, type CopySource } from './copy-job.ts';
import { copyTargetsOf, type CopyTarget } from './copy-targets.ts';
import { copyAsNode } from './copy-node.ts';
import { copyAsPython } from './copy-python.ts';
import { copyAsNetcat, copyAsSocat } from './copy-tcp-tools.ts';
import { PLAIN_BRACES } from './templates.ts';
import { copyAsWebsocat, copyAsWscat } from './copy-websocket-tools.ts';

export type { CopySource } from './copy-job.ts';

/** Variables that are still in it, each once. */
function variablesIn(text: string): readonly string[] {
  return [...new Set(text.match(/\{\{[^{}\n]*\}\}/g) ?? [])].map(commentText).slice(0, 20);
}

/**
 * The text for the clipboard. Variables stay `{{name}}`, a comment names them; what the program cannot do is in
 * comments, too. Whatever the preset has in it, pasting the text into a shell runs the one command and nothing else.
 * @returns errors `bad-address`, and `not-supported` when the program has no such protocol
 */
export function copyAs(source: CopySource, target: CopyTarget): Outcome<string> {
  if (!copyTargetsOf(source.protocol).some(({ id }) => id === target)) {
    return failure('not-supported', `${target} cannot do what a session of ${source.protocol} does.`);
  }
  const plain = withPlainBraces(source);
  const options = new CopyOptions(plain.options);
  const copied = write(plain, options, target);
  if (!copied.ok) return copied;
  const { lines, notes } = copied.value;
  const sign = target === 'node' ? '//' : '#';
  const variables = variablesIn(lines.join('\n'));
  const comments = [
    ...(variables.length === 0 ? [] : [`Fill in first: ${variables.join(', ')}`]),
    ...notes.map((note) => `Not in it: ${note}`),
  ].map((comment) => `${sign} ${commentText(comment)}`);
  return success(`${[...comments, ...lines].join('\n')}\n`);
}

/** Two braces that were meant as such are no escape any more where there are no variables. */
function withPlainBraces(source: CopySource): CopySource {
  const plain = (text: string): string => text.replaceAll(PLAIN_BRACES, '{{');
  return {
    ...source,
    address: plain(source.address),
    options: Object.fromEntries(
      Object.entries(source.options).map(([name, value]) => [name, typeof value === 'string' ? plain(value) : value]),
    ),
    message: source.message === null ? null : { ...source.message, content: plain(source.message.content) },
  };
}

function write(
  source: CopySource,
  options: CopyOptions,
  target: CopyTarget,
): Outcome<{ readonly lines: readonly string[]; readonly notes: readonly string[] }> {
  switch (target) {
    case 'node':
      return copyAsNode(source, options);
    case 'python':
      return copyAsPython(source, options);
    case 'websocat':
      return asLines(copyAsWebsocat(source, options));
    case 'wscat':
      return asLines(copyAsWscat(source, options));
    case 'nc':
      return asLines(copyAsNetcat(source, options));
    case 'socat':
      return asLines(copyAsSocat(source, options));
  }
}

function asLines(
  copied: Outcome<{ readonly command: string; readonly notes: readonly string[] }>,
): Outcome<{ readonly lines: readonly string[]; readonly notes: readonly string[] }> {
  return copied.ok ? success({ lines: [copied.value.command], notes: copied.value.notes }) : copied;
}
