/** What the placeholders of a text stand for, as a person is shown it, and how one is completed while it is typed. */
import { generatorNames, generators } from '../../../shared/template-generators.ts';
import { parseTemplate, type TemplatePart } from '../../../shared/template.ts';
import type { KnownVariable } from '../environments/environments.svelte.ts';

export type Scope = ReadonlyMap<string, KnownVariable>;

export type Mark = TemplatePart & {
  /** `text` is plain; `unset` is a secret without a value on this machine. */
  readonly tone: 'text' | 'known' | 'unset' | 'unknown';
};

/** Longer texts are not marked: that would cost at each key. Characters. */
const MARKED_CHARACTERS = 50_000;

/** Of a value that is shown. Characters. */
const VALUE_SHOWN = 200;

function toneOf(part: TemplatePart, scope: Scope): Mark['tone'] {
  switch (part.type) {
    case 'text':
      return 'text';
    case 'escape':
    case 'generator':
      return 'known';
    case 'malformed':
      return 'unknown';
    case 'variable': {
      const variable = scope.get(part.name);
      if (variable === undefined) return 'unknown';
      return variable.isSecret && !variable.isSet ? 'unset' : 'known';
    }
  }
}

/** The parts of a text; empty when there is nothing to mark. */
export function marksOf(text: string, scope: Scope): readonly Mark[] {
  if (!text.includes('{{') || text.length > MARKED_CHARACTERS) return [];
  const marks = parseTemplate(text).map((part) => ({ ...part, tone: toneOf(part, scope) }));
  return marks.some(({ tone }) => tone !== 'text') ? marks : [];
}

export interface Hint {
  readonly name: string;
  /** A secret stays hidden. */
  readonly value: string;
  /** Where the value is from, or what is wrong. */
  readonly origin: string;
  readonly tone: Mark['tone'];
}

export function hintOf(mark: Mark, scope: Scope): Hint | null {
  const { tone } = mark;
  switch (mark.type) {
    case 'text':
      return null;
    case 'escape':
      return { name: mark.source, value: '{{', origin: 'the two braces themselves', tone };
    case 'generator':
      return { name: generators[mark.name].usage, value: '', origin: generators[mark.name].help, tone };
    case 'malformed':
      return { name: mark.source, value: '', origin: mark.problem, tone };
    case 'variable': {
      const variable = scope.get(mark.name);
      if (variable === undefined) {
        return { name: mark.name, value: '', origin: 'No variable of this name: nothing can be sent with it.', tone };
      }
      const { isSecret, isSet, value, origin } = variable;
      if (isSecret && !isSet) return { name: mark.name, value: 'not set on this machine', origin, tone };
      const shown = value.length > VALUE_SHOWN ? `${value.slice(0, VALUE_SHOWN)}…` : value;
      return { name: mark.name, value: isSecret ? '•••' : shown, origin, tone };
    }
  }
}

/** Names that mean nothing, as a sentence for who cannot see the marks; '' when there are none. */
export function unknownWords(marks: readonly Mark[]): string {
  const names = new Set(marks.filter(({ tone }) => tone === 'unknown').map(({ source }) => source));
  return names.size === 0 ? '' : `Unknown: ${[...names].join(', ')}`;
}

export interface Completion {
  /** Where the placeholder begins and where what is replaced ends. */
  readonly start: number;
  readonly end: number;
  readonly options: readonly { readonly insert: string; readonly label: string; readonly hint: string }[];
}

/** Options that are offered at once. */
const OFFERED = 50;

/** What could be meant by a placeholder that is being typed at the caret; null: none is, or nothing fits. */
export function completionAt(text: string, caret: number, scope: Scope): Completion | null {
  const start = text.lastIndexOf('{{', caret - 2);
  if (start < 0) return null;
  const typed = text.slice(start + 2, caret);
  if (/[{}\r\n"]/.test(typed)) return null;
  const wanted = typed.trim().toLowerCase();
  const names = [...scope.values()].map(({ name, value, isSecret, origin }) => ({
    name,
    insert: `{{${name}}}`,
    label: name,
    hint: isSecret ? `••• · ${origin}` : `${value.slice(0, VALUE_SHOWN)} · ${origin}`,
  }));
  const made = generatorNames.map((name) => ({
    name: `$${name}`,
    insert: generators[name].count.includes(0) ? `{{$${name}}}` : generators[name].usage,
    label: `$${name}`,
    hint: generators[name].help,
  }));
  const fitting = [...names, ...made].filter(({ name }) => name.toLowerCase().includes(wanted));
  const begins = ({ name }: { name: string }): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  const options = fitting.sort((left, right) => begins(left) - begins(right)).slice(0, OFFERED);
  if (options.length === 0) return null;
  // What stands behind the caret of the same name, and the braces that close it, are replaced, too.
  const rest = /^[\p{L}\p{N}_.$-]*\s*(?:\}\})?/u.exec(text.slice(caret))?.[0] ?? '';
  const end = caret + (rest.endsWith('}}') ? rest.length : 0);
  if (options.length === 1 && text.slice(start, end) === options[0]?.insert) return null;
  return { start, end, options };
}
