/**
 * YAML files of the workspace folder as documents: what is in them besides our own keys survives, comments too. The
 * library is lenient about time: what a hostile file could make it do for long is refused before (tokens, aliases) or
 * done here instead (keys that are there twice).
 */
import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  type Alias,
  type Node,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { PRESET_FORMAT, YAML_ALIASES, YAML_TOKENS } from '../../shared/preset-limits.ts';

/** A file that was read: its document, and where things are in it. */
export interface YamlFile {
  readonly document: Document.Parsed;
  /** For messages: the path inside of the workspace. */
  readonly place: string;
  readonly lines: LineCounter;
  /** Aliases that may still be followed. */
  aliases: number;
}

/** Numbers that nobody changed stay as they were written: `0102` is no `102` to the person who wrote it. */
const keepNumbers = (tags: Tags): Tags =>
  tags.map((tag) => {
    if (typeof tag === 'string' || !('resolve' in tag) || !/:(?:int|float)$/.test(tag.tag) || tag.collection)
      return tag;
    const number: ScalarTag = {
      ...tag,
      stringify: (node, context, onComment, onChompKeep) => {
        const { source, value } = node;
        const isUnchanged = source !== undefined && tag.test?.test(source) === true && asNumber(tag, source) === value;
        if (isUnchanged) return source;
        return tag.stringify?.(node, context, onComment, onChompKeep) ?? String(value);
      },
    };
    return number;
  });

function asNumber(tag: ScalarTag, source: string): unknown {
  const found: unknown = tag.resolve(source, () => undefined, {});
  return isScalar(found) ? found.value : found;
}

const options = { uniqueKeys: false, prettyErrors: false, customTags: keepNumbers };

/** An empty document, to be filled. */
export function newDocument(value: unknown): Document {
  return new Document(value, options);
}

/** Lines are not folded: a message stays in one piece. */
export function yamlText(document: Document): string {
  // Text with escapes stays on one line: over several, the library writes a line of spaces so that it is read as another.
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
}

/** Errors: `bad-preset` with line and column. */
export function parseYaml(text: string, place: string): Outcome<YamlFile> {
  try {
    if (hasTooMuch(text)) {
      return failure('bad-preset', `${place} has more in it than a file of Wirebench can have.`);
    }
    const lines = new LineCounter();
    const document = parseDocument(text, { ...options, lineCounter: lines });
    const file: YamlFile = { document, place, lines, aliases: YAML_ALIASES };
    const [error] = document.errors;
    return error === undefined ? success(file) : bad(file, error.pos[0], yamlWords(error.code, error.message));
  } catch (problem) {
    // The stack: the library descends into nested values.
    if (problem instanceof RangeError) return failure('bad-preset', `${place} is nested too deeply.`);
    throw problem;
  }
}

function hasTooMuch(text: string): boolean {
  const tokens = new Lexer().lex(text);
  for (let count = 0; count <= YAML_TOKENS; count += 1) if (tokens.next().done === true) return false;
  return true;
}

function yamlWords(code: string, message: string): string {
  return code === 'MULTIPLE_DOCS' ? 'a second document begins here' : message.replace(/[.:]?\s*$/, '');
}

/** Error `bad-preset` at a place of the text. @param what completes "line 3, column 5: …" */
export function bad(file: YamlFile, offset: number, what: string): ReturnType<typeof failure> {
  const { line, col } = file.lines.linePos(offset);
  return failure('bad-preset', `${file.place}, line ${line === 0 ? 1 : line}, column ${col === 0 ? 1 : col}: ${what}.`);
}

/** Where a value begins in the text; where that is not known, the beginning of the file. */
export function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Follows an alias to what it stands for. Error `bad-preset` when there are too many. */
export function followed(file: YamlFile, node: unknown): Outcome<Node | null> {
  if (!isAlias(node)) return success(isNode(node) ? node : null);
  file.aliases -= 1;
  if (file.aliases < 0) return bad(file, offsetOf(node), `more than ${YAML_ALIASES} aliases are used`);
  const target = resolved(node, file.document);
  if (target === null) return bad(file, offsetOf(node), `there is no anchor &${node.source}`);
  return success(target);
}

function resolved(alias: Alias, document: Document): Node | null {
  return alias.resolve(document) ?? null;
}

/**
 * The values of a map by their keys; null when it is something else. Errors `bad-preset`: a key that is there twice,
 * that is no text, or that JavaScript takes for something else.
 */
export function entriesOf(file: YamlFile, node: unknown): Outcome<ReadonlyMap<string, unknown> | null> {
  const target = followed(file, node);
  if (!target.ok) return target;
  if (!isMap(target.value)) return success(null);
  const entries = new Map<string, unknown>();
  for (const { key, value } of target.value.items) {
    const name = followed(file, key);
    if (!name.ok) return name;
    const at = offsetOf(key);
    if (!isScalar(name.value)) return bad(file, at, 'a key must be a text');
    const text = plainText(name.value.value, name.value.source);
    if (text === null) return bad(file, at, 'a key must be a text');
    if (text === '__proto__') return bad(file, at, 'a key cannot be "__proto__"');
    if (entries.has(text)) return bad(file, at, `"${shortened(text)}" is there twice`);
    entries.set(text, value);
  }
  return success(entries);
}

/** Text as it was written, also when it looks like a number (`0102`) or like true or false; null when there is none. */
export function plainText(value: unknown, source: string | undefined): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return source ?? String(value);
  return null;
}

export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Checks `wirebench: 1`. Errors `newer-preset`, `bad-preset`. */
export function checkFormat(file: YamlFile, entries: ReadonlyMap<string, unknown>): Outcome {
  if (!entries.has('wirebench')) {
    return failure(
      'bad-preset',
      `${file.place}, line 1, column 1: it does not say which version of the format it has.`,
      `Add the line "wirebench: ${PRESET_FORMAT}".`,
    );
  }
  const node = entries.get('wirebench');
  const value = isScalar(node) ? node.value : null;
  if (value === PRESET_FORMAT) return success();
  if (typeof value === 'number' && value > PRESET_FORMAT) {
    const message = `${file.place} has version ${value} of the format; this Wirebench knows version ${PRESET_FORMAT}.`;
    return failure('newer-preset', message, 'A newer Wirebench can open it.');
  }
  return bad(file, offsetOf(node), `the version of the format must be ${PRESET_FORMAT}`);
}
