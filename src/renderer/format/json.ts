/**
 * JSON laid out in lines and coloured, every literal exactly as it was sent:
 * a number too large for JavaScript, a doubled name and `1.0` stay what they are.
 */
import { jsonProblem } from '../../shared/json-syntax.ts';
import { position } from '../../shared/text-position.ts';

export type TokenKind = 'name' | 'string' | 'number' | 'literal' | 'sign';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

export interface JsonLine {
  readonly depth: number;
  readonly tokens: readonly Token[];
}

export type JsonText =
  | { readonly ok: true; readonly lines: readonly JsonLine[]; readonly documents: number }
  | { readonly ok: false; readonly reason: string };

const tokenPattern = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** Lays out a text that is known to be one JSON value. */
class Layout {
  readonly lines: JsonLine[] = [];
  #depth = 0;
  #line: Token[] = [];

  add(text: string): void {
    const tokens = text.match(tokenPattern) ?? [];
    for (const [index, token] of tokens.entries()) this.#put(token, tokens[index - 1], tokens[index + 1]);
    this.#break();
  }

  #put(token: string, before: string | undefined, after: string | undefined): void {
    switch (token) {
      case '{':
      case '[':
        this.#push('sign', token);
        if (after === '}' || after === ']') return;
        this.#break();
        this.#depth += 1;
        return;
      case '}':
      case ']':
        if (before !== '{' && before !== '[') {
          this.#break();
          this.#depth -= 1;
        }
        this.#push('sign', token);
        return;
      case ',':
        this.#push('sign', token);
        this.#break();
        return;
      case ':':
        this.#push('sign', ': ');
        return;
      default:
        this.#push(kindOf(token, after), token);
    }
  }

  #push(kind: TokenKind, text: string): void {
    this.#line.push({ kind, text });
  }

  #break(): void {
    if (this.#line.length > 0) this.lines.push({ depth: this.#depth, tokens: this.#line });
    this.#line = [];
  }
}

function kindOf(token: string, after: string | undefined): TokenKind {
  if (token.startsWith('"')) return after === ':' ? 'name' : 'string';
  return /^[-0-9]/.test(token) ? 'number' : 'literal';
}

/** One JSON value, or several with a line for each (JSON Lines). */
export function layOutJson(text: string): JsonText {
  const body = text.replace(/^\ufeff/, '');
  const problem = jsonProblem(body);
  const layout = new Layout();
  if (problem === null) {
    layout.add(body);
    return { ok: true, lines: layout.lines, documents: 1 };
  }
  const documents = body.split('\n').filter((line) => line.trim() !== '');
  if (documents.length > 1 && documents.every((line) => jsonProblem(line) === null)) {
    for (const line of documents) layout.add(line);
    return { ok: true, lines: layout.lines, documents: documents.length };
  }
  return { ok: false, reason: `Not JSON: ${problem.reason}, at ${position(body, problem.index)}.` };
}
