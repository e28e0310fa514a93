/** Puts values in the place of placeholders. Pure: what stands for what comes from the caller. */
import { failure, success, type Outcome, type WireError } from './errors.ts';
import { TEMPLATE_CHARACTERS, TEMPLATE_DEPTH, TEMPLATE_PROBLEMS } from './preset-limits.ts';
import { generate, type Sources } from './template-generators.ts';
import { BRACES_ESCAPE, parseTemplate, type TemplatePart } from './template.ts';

/** What a variable stands for, or a sentence that says why it stands for nothing now. */
export type Found =
  { readonly value: string; readonly isSecret: boolean } | { readonly problem: string; readonly hint: string };

/** Undefined: there is no such variable. */
export type Lookup = (name: string) => Found | undefined;

/** A part of a text, and what stands in its place. */
export interface Piece {
  readonly part: TemplatePart;
  /** What is put there; of plain text, the text itself. */
  readonly text: string;
  /** It came from a variable or a generator: nothing in it has a meaning of its own. */
  readonly isValue: boolean;
  /** A secret is in it. */
  readonly isSecret: boolean;
}

interface Worth {
  readonly text: string;
  readonly isSecret: boolean;
}

const EMPTY: Worth = { text: '', isSecret: false };

/**
 * The resolving of all texts of one message, or of one opening. Each variable is worked out once, however often it is
 * named: `{{id}}` stands for the same everywhere in a message, also when it is made by a generator, and variables in
 * variables cannot multiply the work. A secret is taken literally; other values may name variables in their turn.
 */
export class Resolution {
  /** The secrets that were put in, for masking. */
  readonly secrets = new Set<string>();
  readonly #lookup: Lookup;
  readonly #sources: Sources;
  readonly #known = new Map<string, Worth>();
  /** The variables that lead to the one that is being worked out. */
  readonly #way: string[] = [];
  readonly #unknown = new Set<string>();
  readonly #problems = new Map<string, string>();
  #left = TEMPLATE_CHARACTERS;

  constructor(lookup: Lookup, sources: Sources) {
    this.#lookup = lookup;
    this.#sources = steady(sources);
  }

  /**
   * Where something has no value its piece is empty, and `error` says so.
   * @param own names that mean something else here: they stay as they are written
   */
  pieces(text: string, own: readonly string[] = []): readonly Piece[] {
    const pieces: Piece[] = [];
    for (const part of parseTemplate(text)) {
      if (part.type === 'variable' && own.includes(part.name)) {
        pieces.push({ part, text: part.source, isValue: false, isSecret: false });
        continue;
      }
      const isValue = part.type === 'variable' || part.type === 'generator';
      const { text: inserted, isSecret } = this.#worth(part);
      if (part.type !== 'text' && !this.#spend(inserted.length + 1)) break;
      pieces.push({ part, text: inserted, isValue, isSecret });
    }
    return pieces;
  }

  /** The text with its values put in as they are. */
  text(text: string, own: readonly string[] = []): string {
    return this.pieces(text, own)
      .map((piece) => piece.text)
      .join('');
  }

  /** What went wrong so far: `unknown-variable`, or `message-too-long` when the values are too much. */
  get error(): WireError | null {
    if (this.#left < 0) {
      const message = `With the values of its variables this would have more than ${TEMPLATE_CHARACTERS} characters.`;
      return failure('message-too-long', message, 'Variables stand for variables too often.').error;
    }
    const sentences = [...this.#problems.keys()];
    if (this.#unknown.size > 0) sentences.unshift(unknownSentence([...this.#unknown]));
    if (sentences.length === 0) return null;
    const left = sentences.length - TEMPLATE_PROBLEMS;
    const shown = sentences.slice(0, TEMPLATE_PROBLEMS).join(' ');
    const hints = new Set([...this.#problems.values()].filter((hint) => hint !== ''));
    if (this.#unknown.size > 0) hints.add(`Add it to an environment, or write ${BRACES_ESCAPE} for braces.`);
    return failure(
      'unknown-variable',
      left > 0 ? `${shown} And ${left} more problems.` : shown,
      [...hints].slice(0, 2).join(' '),
    ).error;
  }

  #worth(part: TemplatePart): Worth {
    switch (part.type) {
      case 'text':
        return { text: part.source, isSecret: false };
      case 'escape':
        return { text: '{{', isSecret: false };
      case 'generator':
        return { text: generate(part.name, part.values, this.#sources), isSecret: false };
      case 'malformed':
        return this.#problem(part.problem, `Write ${BRACES_ESCAPE} for braces that are none of a placeholder.`);
      case 'variable':
        return this.#variable(part.name);
    }
  }

  #variable(name: string): Worth {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const worth = this.#workOut(name);
    this.#known.set(name, worth);
    return worth;
  }

  #workOut(name: string): Worth {
    const begin = this.#way.indexOf(name);
    if (begin !== -1) {
      const circle = [...this.#way.slice(begin), name].map((one) => `{{${one}}}`).join(' → ');
      return this.#problem(`A variable stands for itself: ${circle}.`, 'Change one of their values.');
    }
    const found = this.#lookup(name);
    if (found === undefined) {
      this.#unknown.add(name);
      return EMPTY;
    }
    if ('problem' in found) return this.#problem(found.problem, found.hint);
    if (found.isSecret) {
      if (found.value !== '') this.secrets.add(found.value);
      return { text: found.value, isSecret: true };
    }
    if (this.#way.length >= TEMPLATE_DEPTH) {
      const first = this.#way[0] ?? name;
      return this.#problem(`{{${first}}} leads through more than ${TEMPLATE_DEPTH} variables.`, '');
    }
    this.#way.push(name);
    const pieces = this.pieces(found.value);
    this.#way.pop();
    if (this.#left < 0) return EMPTY;
    return { text: pieces.map(({ text }) => text).join(''), isSecret: pieces.some(({ isSecret }) => isSecret) };
  }

  #problem(sentence: string, hint: string): Worth {
    this.#problems.set(sentence, hint);
    return EMPTY;
  }

  /** @returns false when there is no more */
  #spend(characters: number): boolean {
    this.#left -= characters;
    return this.#left >= 0;
  }
}

function unknownSentence(names: readonly string[]): string {
  const shown = names.slice(0, TEMPLATE_PROBLEMS).map((name) => `{{${name}}}`);
  if (names.length > shown.length) shown.push(`${names.length - shown.length} more`);
  const [first = ''] = shown;
  return names.length === 1
    ? `There is no variable ${first} in the chosen environment, nor in the workspace.`
    : `There are no such variables in the chosen environment, nor in the workspace: ${shown.join(', ')}.`;
}

/** The time and the counter stand still while one message is resolved, and are asked for only when they are needed. */
function steady(sources: Sources): Sources {
  let now: number | null = null;
  let counter: number | null = null;
  return {
    ...sources,
    now: () => (now ??= sources.now()),
    counter: () => (counter ??= sources.counter()),
  };
}

/** Errors: `unknown-variable`, which names all of them, and `message-too-long`. */
export function resolveTemplate(text: string, lookup: Lookup, sources: Sources): Outcome<string> {
  const resolution = new Resolution(lookup, sources);
  const resolved = resolution.text(text);
  const { error } = resolution;
  return error === null ? success(resolved) : { ok: false, error };
}
