/** A command line that somebody pasted, as presets. It is taken apart, never run. */
import { COMMAND_CHARACTERS } from './exchange-limits.ts';
import { readNetcat } from './command-nc.ts';
import type { Command } from './command-parts.ts';
import { readSocat } from './command-socat.ts';
import { readWebsocat } from './command-websocat.ts';
import { readWscat } from './command-wscat.ts';
import { Findings, type Look } from './findings.ts';
import { printedBytes } from './shell-quote.ts';
import { readShellLine, type ShellCommand } from './shell-words.ts';

const tools: ReadonlyMap<string, (command: Command, findings: Findings) => void> = new Map([
  ['websocat', readWebsocat],
  ['wscat', readWscat],
  ['nc', readNetcat],
  ['nc.openbsd', readNetcat],
  ['nc.traditional', readNetcat],
  ['netcat', readNetcat],
  ['ncat', readNetcat],
  ['socat', readSocat],
]);

/** Words before the program that change nothing of what it says. */
const before = new Set(['sudo', 'env', 'npx', 'exec', 'time', 'command', 'nohup', '-y', '--yes', '--']);

function programOf({ words }: ShellCommand): {
  readonly program: string;
  readonly args: readonly string[];
  readonly skipped: readonly string[];
} {
  const texts = words.map(({ text }) => text);
  const start = texts.findIndex((text) => !before.has(text) && !/^[A-Za-z_]\w*=/.test(text));
  const found = start === -1 ? texts.length : start;
  const program = /^[a-z]+:\/\//i.test(texts[found] ?? '')
    ? ''
    : (texts[found] ?? '').replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  return { program, args: texts.slice(found + 1), skipped: texts.slice(0, found) };
}

/** What a terminal shows before the line. */
const prompt = /^\s*(?:[$%>]\s+)+/;

/** Whether the text is a command line of one of the programs that are understood; cheap enough for every paste. */
export function isCommandLine(text: string): boolean {
  const start = text.slice(0, 4096).replace(prompt, '');
  if (!/websocat|wscat|nc|netcat|socat/.test(start)) return false;
  const { commands } = readShellLine(start);
  for (const command of commands) {
    const { program } = programOf(command);
    if (tools.has(program)) return true;
    // Only what is piped into them may stand before them.
    if (!(command.then === '|' && /^(echo|printf|cat)$/.test(program))) return false;
  }
  return false;
}

/** @param text a whole line, or several that are joined by backslashes */
export function readCommandLine(text: string): Look {
  const findings = new Findings();
  const line = readShellLine(text.slice(0, COMMAND_CHARACTERS).replace(prompt, ''));
  if (text.length > COMMAND_CHARACTERS)
    findings.leave('command line', `Only its first ${COMMAND_CHARACTERS} characters are read.`);
  for (const { what, why } of line.left) findings.leave(what, why);
  if (line.isCut) findings.leave('command line', 'A quote is not closed.');
  let input: Uint8Array | null = null;
  let kind = '';
  for (const command of line.commands) {
    const { program, args, skipped } = programOf(command);
    for (const word of skipped) findings.leave(word, 'It stands before the command and is not needed here.');
    const read = tools.get(program);
    if (read !== undefined) {
      kind ||= program.replace(/[.].*$/, '');
      read({ program, args, input }, findings);
      input = null;
      continue;
    }
    input = command.then === '|' ? printedBytes([program, ...args]) : null;
    if (input === null) findings.leave([program, ...args].join(' '), 'It is not run.');
  }
  return findings.look(`${kind || 'Shell'} command line`, 'Command line');
}
