/**
 * Text with placeholders (docs/environments.md):
 *
 *     {{name}}  {{ name }}          a variable
 *     {{$uuid}}  {{$randomInt 1 6}} a generator, with whole numbers as arguments
 *     {{"{{"}}                      the two braces themselves
 *
 * Substitutes and never evaluates: there are no operators, paths or calls. A `{{` that is not closed on its line, or
 * that has braces inside, is plain text: `{"a":{"b":1}}` means what it says.
 */
import { isGenerator, generatorArguments, type GeneratorName } from './template-generators.ts';
import { PLACEHOLDER_CHARACTERS, VARIABLE_NAME_CHARACTERS } from './preset-limits.ts';

interface Place {
  /** UTF-16 index in the text. */
  readonly start: number;
  readonly end: number;
  /** As it is written. */
  readonly source: string;
}

/**
 * All parts of a text, one behind the other. `escape` stands for `{{`. `malformed` looks like a placeholder and is
 * none; `problem` is a sentence about it.
 */
export type TemplatePart = Place &
  (
    | { readonly type: 'text' | 'escape' }
    | { readonly type: 'variable'; readonly name: string }
    | { readonly type: 'generator'; readonly name: GeneratorName; readonly values: readonly number[] }
    | { readonly type: 'malformed'; readonly problem: string }
  );

const OPEN = '{{';

/** How `{{` is written where it shall not begin a placeholder. */
export const BRACES_ESCAPE = '{{"{{"}}';

/** Bounded, so that a long line without an end is no work for the engine of regular expressions. */
const PLACEHOLDER = new RegExp(`\\{\\{([^{}\\r\\n]{0,${PLACEHOLDER_CHARACTERS}})\\}\\}`, 'y');

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** Whether there is anything in the text that is not meant literally. */
export function hasTemplate(text: string): boolean {
  return text.includes(OPEN) && parseTemplate(text).some(({ type }) => type !== 'text');
}

/** Takes linear time, whatever the text. Sources of the parts, joined, are the text. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const addText = (start: number, end: number): void => {
    if (end > start) parts.push({ type: 'text', start, end, source: text.slice(start, end) });
  };
  let from = 0;
  for (let at = text.indexOf(OPEN); at !== -1;) {
    const part = placeholderAt(text, at);
    if (part === null) {
      at = text.indexOf(OPEN, at + 1);
      continue;
    }
    addText(from, at);
    parts.push(part);
    from = part.end;
    at = text.indexOf(OPEN, from);
  }
  addText(from, text.length);
  return parts;
}

function placeholderAt(text: string, start: number): TemplatePart | null {
  if (text.startsWith(BRACES_ESCAPE, start)) {
    return { type: 'escape', start, end: start + BRACES_ESCAPE.length, source: BRACES_ESCAPE };
  }
  PLACEHOLDER.lastIndex = start;
  const found = PLACEHOLDER.exec(text);
  if (found === null) return null;
  const [source, inside = ''] = found;
  const place = { start, end: start + source.length, source };
  const content = inside.trim();
  if (content.startsWith('$')) return { ...place, ...generatorIn(content.slice(1)) };
  if (NAME.test(content) && content.length <= VARIABLE_NAME_CHARACTERS) {
    return { ...place, type: 'variable', name: content };
  }
  return { ...place, type: 'malformed', problem: nameProblem(source, content) };
}

type GeneratorPart =
  | { readonly type: 'generator'; readonly name: GeneratorName; readonly values: readonly number[] }
  | { readonly type: 'malformed'; readonly problem: string };

function generatorIn(content: string): GeneratorPart {
  const [name = '', ...words] = content.split(/\s+/u);
  if (!isGenerator(name)) return { type: 'malformed', problem: `There is no generator {{$${name}}}.` };
  const values = generatorArguments(name, words);
  return values.ok
    ? { type: 'generator', name, values: values.value }
    : { type: 'malformed', problem: values.error.message };
}

function nameProblem(source: string, content: string): string {
  if (content === '') return `${source} has no name in it.`;
  if (content.length > VARIABLE_NAME_CHARACTERS) {
    return `A name has at most ${VARIABLE_NAME_CHARACTERS} characters; {{${content.slice(0, 20)}…}} has ${content.length}.`;
  }
  return `${source} is no name of a variable: those have letters, digits, “_”, “.” and “-”, and begin with a letter.`;
}
