/**
 * Variables as other tools write them, as `{{name}}`. What has no match here
 * stays as it is and is listed.
 *
 *   Postman    `{{name}}`, `{{$guid}}` (learning.postman.com, "Use variables", "Dynamic variables")
 *   Insomnia   `{{ _.name }}`, `{{ name }}`, `{% uuid 'v4' %}` (docs.insomnia.rest, "Template tags"; Nunjucks)
 *   Yaak       `${[ name ]}`, `${[ uuid.v4() ]}` (yaak.app/docs, "Template functions"; crates/yaak-templates)
 */
import type { Findings } from './findings.ts';
import { variableNameOf } from './found-variables.ts';

/** Two braces that begin no variable, as template.ts has them. */
export const PLAIN_BRACES = '{{"{{"}}';

function plainBraces(text: string): string {
  return text.replaceAll('{{', PLAIN_BRACES);
}

export type TemplateSyntax = 'postman' | 'insomnia' | 'yaak';

/** How a `{{` that means nothing to the other tool is written, so that it means nothing here either. */
type Guard = (literal: string) => string;

const generator = { uuid: '{{$uuid}}', timestamp: '{{$timestamp}}', iso: '{{$isoTimestamp}}' } as const;

const postmanGenerators: ReadonlyMap<string, string> = new Map([
  ['$guid', generator.uuid],
  ['$randomUUID', generator.uuid],
  ['$timestamp', generator.timestamp],
  ['$isoTimestamp', generator.iso],
  ['$randomInt', '{{$randomInt 0 1000}}'],
]);

function postmanVariable(inner: string): string | null {
  const name = inner.trim();
  if (name.startsWith('$')) return postmanGenerators.get(name) ?? null;
  return name === '' ? null : `{{${variableNameOf(name)}}}`;
}

function insomniaVariable(inner: string): string | null {
  const name = inner.trim();
  const quoted = /^_\[\s*(['"])([^'"\]]+)\1\s*\]$/.exec(name);
  if (quoted !== null) return `{{${variableNameOf(quoted[2] ?? '')}}}`;
  return /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name) ? `{{${variableNameOf(name.replace(/^_\./, ''))}}}` : null;
}

function insomniaTag(inner: string): string | null {
  const tag = inner.trim();
  if (/^uuid\b/.test(tag)) return generator.uuid;
  if (/^timestamp$/.test(tag) || /^now\s+['"]unix['"]/.test(tag)) return generator.timestamp;
  return /^now(\s+['"]iso-8601['"]|$)/.test(tag) ? generator.iso : null;
}

const yaakFunctions: ReadonlyMap<string, string> = new Map([
  ['uuid.v4()', generator.uuid],
  ['uuid()', generator.uuid],
  ['timestamp.unix()', generator.timestamp],
  ['timestamp.iso8601()', generator.iso],
]);

function yaakVariable(inner: string): string | null {
  const name = inner.trim();
  const known = yaakFunctions.get(name.replace(/\s+/g, ''));
  if (known !== undefined) return known;
  return /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name) ? `{{${variableNameOf(name)}}}` : null;
}

interface Brackets {
  /** What stands between them is of bounded length, so that no text takes longer than its length allows. */
  readonly pattern: RegExp;
  /** The first group that took part, here; null when it has no match. */
  readonly meaning: (inner: string, group: number) => string | null;
}

const brackets: Readonly<Record<TemplateSyntax, Brackets>> = {
  postman: { pattern: /\{\{([^{}]{0,1000})\}\}/g, meaning: postmanVariable },
  insomnia: {
    pattern: /\{\{([^{}]{0,1000})\}\}|\{%((?:(?!%\}|\{%)[^]){0,1000})%\}/g,
    meaning: (inner, group) => (group === 1 ? insomniaVariable(inner) : insomniaTag(inner)),
  },
  yaak: { pattern: /\$\{\[((?:(?!\]\}|\$\{\[)[^]){0,1000})\]\}/g, meaning: yaakVariable },
};

export class Templates {
  readonly #brackets: Brackets;
  readonly #findings: Findings;
  /** Whether `{{` of itself means a variable to the other tool. */
  readonly #isOurs: boolean;

  constructor(syntax: TemplateSyntax, findings: Findings) {
    this.#brackets = brackets[syntax];
    this.#findings = findings;
    this.#isOurs = syntax !== 'yaak';
  }

  /**
   * The text with variables as here.
   * @param where for what is listed
   * @param guard of a `{{` that is no variable there; as of templates when there is none
   */
  convert(text: string, where: string, guard?: Guard): string {
    let converted = '';
    let at = 0;
    for (const match of text.matchAll(this.#brackets.pattern)) {
      const [written, one, two] = match;
      converted += this.#literal(text.slice(at, match.index), guard);
      const meaning = one === undefined ? this.#brackets.meaning(two ?? '', 2) : this.#brackets.meaning(one, 1);
      if (meaning === null) this.#findings.leave(where, `${written} has no match here; it stays as it is.`);
      converted += meaning ?? written;
      at = match.index + written.length;
    }
    return converted + this.#literal(text.slice(at), guard);
  }

  #literal(text: string, guard: Guard | undefined): string {
    if (this.#isOurs || !text.includes('{{')) return text;
    return (guard ?? plainBraces)(text);
  }
}
