/** A preset as text to compare, in the manner of its file. Not the file: that is written by the engine. */
import type { Options } from '../../../drivers/spec.ts';
import type { Preset } from '../../../shared/preset.ts';

function scalar(value: Options[string]): string {
  if (typeof value !== 'string') return String(value);
  return /^[\p{L}_/][^:#\n"']*$/u.test(value) && value.trim() === value ? value : JSON.stringify(value);
}

function block(name: string, text: string, indent: string): string[] {
  if (!text.includes('\n')) return [`${indent}${name}: ${scalar(text)}`];
  return [`${indent}${name}: |`, ...text.split('\n').map((line) => `${indent}  ${line}`)];
}

function entries(name: string, values: Options, indent: string): string[] {
  const lines = Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  if (lines.length === 0) return [];
  return [
    `${indent}${name}:`,
    ...lines.flatMap(([id, value]) =>
      typeof value === 'string' ? block(id, value, `${indent}  `) : [`${indent}  ${id}: ${scalar(value)}`],
    ),
  ];
}

/** Lines, with what has its default left out. */
export function presetLines(preset: Preset): readonly string[] {
  const { name, protocol, address, options, notes, messages } = preset;
  return [
    `name: ${scalar(name)}`,
    `protocol: ${scalar(protocol)}`,
    `address: ${scalar(address)}`,
    ...entries('options', options, ''),
    ...(notes === '' ? [] : block('notes', notes, '')),
    ...(messages.length === 0 ? [] : ['messages:']),
    ...messages.flatMap((message) => [
      `  - name: ${scalar(message.name)}`,
      `    format: ${message.format}`,
      ...block('content', message.content, '    '),
      ...(message.lineEnding === 'none' ? [] : [`    lineEnding: ${scalar(message.lineEnding)}`]),
      ...(message.encoding === 'utf8' ? [] : [`    encoding: ${message.encoding}`]),
      ...(message.kind === '' ? [] : [`    kind: ${message.kind}`]),
      ...entries('frame', message.frame, '    '),
    ]),
  ];
}

/** One line of two texts side by side; null: the other text has one there that this one has not. */
export interface ComparedLine {
  readonly left: string | null;
  readonly right: string | null;
}

/** Above so many pairs of lines, what differs is not looked for in the best way: the ends are compared only. */
const PAIRS = 4_000_000;

/** Pairs lines that are the same (longest common subsequence), so that what differs stands out. */
export function compareLines(left: readonly string[], right: readonly string[]): readonly ComparedLine[] {
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (
    tail < left.length - head &&
    tail < right.length - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (line: string): ComparedLine => ({ left: line, right: line });
  return [
    ...left.slice(0, head).map(same),
    ...middle(left.slice(head, left.length - tail), right.slice(head, right.length - tail)),
    ...left.slice(left.length - tail).map(same),
  ];
}

function middle(left: readonly string[], right: readonly string[]): readonly ComparedLine[] {
  const width = right.length + 1;
  const isLarge = left.length * right.length > PAIRS;
  // common[i * width + j]: how many lines the rests from i and from j have in common.
  const common = new Uint32Array(isLarge ? 0 : (left.length + 1) * width);
  if (!isLarge) {
    for (let i = left.length - 1; i >= 0; i -= 1) {
      for (let j = right.length - 1; j >= 0; j -= 1) {
        const at = i * width + j;
        common[at] =
          left[i] === right[j]
            ? (common[at + width + 1] ?? 0) + 1
            : Math.max(common[at + width] ?? 0, common[at + 1] ?? 0);
      }
    }
  }
  const lines: ComparedLine[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    const count = Math.max(removed.length, added.length);
    for (let k = 0; k < count; k += 1) lines.push({ left: removed[k] ?? null, right: added[k] ?? null });
    removed = [];
    added = [];
  };
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const [one, other] = [left[i], right[j]];
    const below = common[(i + 1) * width + j] ?? 0;
    const beside = common[i * width + j + 1] ?? 0;
    if (one !== undefined && one === other) {
      flush();
      lines.push({ left: one, right: other });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || below >= beside)) {
      removed.push(one);
      i += 1;
    } else if (other !== undefined) {
      added.push(other);
      j += 1;
    }
  }
  flush();
  return lines;
}
