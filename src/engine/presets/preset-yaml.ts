/** A preset from the text of its file (docs/presets.md). */
import { isScalar, isSeq, type Document } from 'yaml';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { PRESET_BYTES } from '../../shared/preset-limits.ts';
import { presetSchema, savedMessageSchema, type Preset } from '../../shared/preset.ts';
import {
  bad,
  checkFormat,
  entriesOf,
  followed,
  offsetOf,
  parseYaml,
  plainText,
  shortened,
  type YamlFile,
} from './yaml-text.ts';

/** What the file leaves out is derived from where it is. */
export interface Derived {
  readonly id: string;
  readonly name: string;
}

export interface ReadPreset {
  readonly preset: Preset;
  readonly document: Document.Parsed;
  /** False: the identity is derived, and written when the preset is saved. */
  readonly hasId: boolean;
  readonly hasName: boolean;
}

type Entries = ReadonlyMap<string, unknown>;

const messageTexts = ['name', 'format', 'content', 'lineEnding', 'encoding', 'kind'] as const;

/**
 * Never throws, whatever the text is. Errors: `bad-preset` with line and column, `newer-preset`.
 * @param place the path inside of the workspace, for messages
 */
export function yamlToPreset(text: string, place: string, derived: Derived): Outcome<ReadPreset> {
  const parsed = parseYaml(text, place);
  if (!parsed.ok) return parsed;
  const reader = new Reader(parsed.value);
  return reader.preset(derived);
}

class Reader {
  readonly #file: YamlFile;
  /** Characters that were taken so far: an alias can stand for a long text many times. */
  #characters = 0;

  constructor(file: YamlFile) {
    this.#file = file;
  }

  preset(derived: Derived): Outcome<ReadPreset> {
    const file = this.#file;
    const { document } = file;
    const entries = entriesOf(file, document.contents);
    if (!entries.ok) return entries;
    const top = entries.value;
    if (top === null) return bad(file, offsetOf(document.contents), 'a preset is a list of "name: value"');
    const format = checkFormat(file, top);
    if (!format.ok) return format;
    const plain: Record<string, unknown> = { wirebench: 1 };
    for (const name of ['id', 'name', 'protocol', 'address', 'notes']) {
      const text = this.#text(top, name);
      if (!text.ok) return text;
      if (text.value !== undefined) plain[name] = text.value;
    }
    const options = this.#values(top, 'options');
    if (!options.ok) return options;
    const messages = this.#messages(top);
    if (!messages.ok) return messages;
    const hasId = plain.id !== undefined;
    const hasName = plain.name !== undefined;
    if (!hasId) plain.id = derived.id;
    if (!hasName) plain.name = derived.name;
    const found = presetSchema.safeParse({ ...plain, options: options.value, messages: messages.value });
    if (found.success) return success({ preset: found.data, document, hasId, hasName });
    const [issue] = found.error.issues;
    const path = issue?.path ?? [];
    if (issue !== undefined && path[0] === 'protocol' && !top.has('protocol')) {
      return failure('bad-preset', `${file.place}, line 1, column 1: it does not say which protocol it is for.`);
    }
    const where = path.length === 0 ? '' : `${shortened(path.map(String).join('.'))}: `;
    return bad(file, this.#offset(path), `${where}${(issue?.message ?? 'not valid').replace(/\.$/, '')}`);
  }

  /** Text of a key; undefined when it is not there, or empty (`notes:`). */
  #text(entries: Entries, name: string): Outcome<string | undefined> {
    const node = followed(this.#file, entries.get(name));
    if (!node.ok) return node;
    if (node.value === null || (isScalar(node.value) && node.value.value === null)) return success(undefined);
    const text = isScalar(node.value) ? plainText(node.value.value, node.value.source) : null;
    if (text === null) return bad(this.#file, offsetOf(node.value), `"${name}" must be a text`);
    return this.#counted(text, node.value);
  }

  #counted<T>(value: T, node: unknown): Outcome<T> {
    this.#characters += typeof value === 'string' ? value.length : 0;
    if (this.#characters > PRESET_BYTES) return bad(this.#file, offsetOf(node), 'there is too much text in it');
    return success(value);
  }

  #values(entries: Entries, name: string): Outcome<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    const map = this.#optionalMap(entries.get(name), name);
    if (!map.ok) return map;
    for (const [key, value] of map.value) {
      const node = followed(this.#file, value);
      if (!node.ok) return node;
      if (node.value !== null && !isScalar(node.value)) {
        return bad(this.#file, offsetOf(node.value), `"${shortened(key)}" must be a text, a number, true or false`);
      }
      const counted = this.#counted(node.value === null ? null : node.value.value, node.value);
      if (!counted.ok) return counted;
      values[key] = counted.value;
    }
    return success(values);
  }

  /** Nothing (`options:`) is an empty one. */
  #optionalMap(node: unknown, name: string): Outcome<Entries> {
    const target = followed(this.#file, node);
    if (!target.ok) return target;
    if (target.value === null || (isScalar(target.value) && target.value.value === null)) return success(new Map());
    const entries = entriesOf(this.#file, target.value);
    if (!entries.ok) return entries;
    if (entries.value === null) return bad(this.#file, offsetOf(target.value), `"${name}" must be "name: value" lines`);
    return success(entries.value);
  }

  #messages(entries: Entries): Outcome<unknown[]> {
    const node = followed(this.#file, entries.get('messages'));
    if (!node.ok) return node;
    if (node.value === null || (isScalar(node.value) && node.value.value === null)) return success([]);
    if (!isSeq(node.value)) return bad(this.#file, offsetOf(node.value), '"messages" must be a list');
    const messages: unknown[] = [];
    for (const item of node.value.items) {
      const message = this.#message(item);
      if (!message.ok) return message;
      messages.push(message.value);
    }
    return success(messages);
  }

  #message(item: unknown): Outcome<unknown> {
    const entries = entriesOf(this.#file, item);
    if (!entries.ok) return entries;
    const { value } = entries;
    if (value === null) return bad(this.#file, offsetOf(item), 'a message must be "name: value" lines');
    const plain: Record<string, unknown> = {};
    for (const name of messageTexts) {
      const text = this.#text(value, name);
      if (!text.ok) return text;
      if (text.value !== undefined) plain[name] = text.value;
    }
    const frame = this.#values(value, 'frame');
    if (!frame.ok) return frame;
    return success({ ...plain, frame: frame.value });
  }

  /** Where the value at a path of the schema is. */
  #offset(path: readonly PropertyKey[]): number {
    let length = path.length;
    for (; length > 0; length -= 1) {
      const keys = path.slice(0, length).map((key) => (typeof key === 'number' ? key : String(key)));
      const node: unknown = this.#file.document.getIn(keys, true);
      const offset = offsetOf(node);
      if (offset > 0) return offset;
    }
    return 0;
  }
}

/** What a file leaves out. */
export const messageDefaults = savedMessageSchema.parse({});
