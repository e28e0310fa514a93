/** The text of a preset's file: anew, or as a change of the one that is there. */
import { isMap, isSeq, YAMLMap, YAMLSeq, type Document } from 'yaml';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { Preset, SavedMessage } from '../../shared/preset.ts';
import { messageDefaults, yamlToPreset, type Derived, type ReadPreset } from './preset-yaml.ts';
import { deleteValue, newMap, setMap, setPlain, setValue, topMap, valueAt, type Plain } from './yaml-edit.ts';
import { newDocument, yamlText } from './yaml-text.ts';

const topKeys = ['wirebench', 'id', 'name', 'protocol', 'address', 'options', 'notes', 'messages'] as const;
const messageKeys = ['name', 'format', 'content', 'lineEnding', 'encoding', 'kind', 'frame'] as const;
type MessageText = Exclude<(typeof messageKeys)[number], 'frame'>;

/**
 * The text of a file with this preset.
 * @param old the file that is there: its comments and whatever else it holds stay, and so does all of its text when
 *   nothing is different; null for a new file
 * Error `bad-preset` when the preset cannot be written so that it is read again as it is.
 */
export function presetToYaml(
  preset: Preset,
  old: { readonly text: string; readonly derived: Derived } | null,
): Outcome<string> {
  const read = old === null ? null : yamlToPreset(old.text, preset.name, old.derived);
  if (old !== null && read?.ok === true) {
    const changed = changedText(preset, old.text, read.value);
    if (changed !== null && (changed === old.text || isRead(changed, preset, old.derived))) return success(changed);
  }
  // Nothing there, or nothing that could be changed (aliases in the way): written anew.
  const text = newText(preset);
  if (isRead(text, preset, preset)) return success(text);
  return failure('bad-preset', `“${preset.name}” holds something that cannot be written to a file.`);
}

function isRead(text: string, preset: Preset, derived: Derived): boolean {
  const read = yamlToPreset(text, preset.name, derived);
  return read.ok && samePreset(read.value.preset, preset);
}

export function samePreset(one: Preset, other: Preset): boolean {
  return (
    one.id === other.id &&
    one.name === other.name &&
    one.protocol === other.protocol &&
    one.address === other.address &&
    one.notes === other.notes &&
    sameValues(one.options, other.options) &&
    one.messages.length === other.messages.length &&
    one.messages.every((message, index) => sameMessage(message, other.messages[index]))
  );
}

function sameMessage(one: SavedMessage, other: SavedMessage | undefined): boolean {
  if (other === undefined) return false;
  return messageKeys.every((key) =>
    key === 'frame' ? sameValues(one.frame, other.frame) : Object.is(one[key], other[key]),
  );
}

function sameValues(one: Readonly<Record<string, Plain>>, other: Readonly<Record<string, Plain>>): boolean {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && Object.is(one[key], other[key]));
}

function newText(preset: Preset): string {
  const document = newDocument(null);
  const map = new YAMLMap();
  document.contents = map;
  setPlain(map, 'wirebench', preset.wirebench);
  setPlain(map, 'id', preset.id);
  setPlain(map, 'name', preset.name);
  setPlain(map, 'protocol', preset.protocol);
  if (preset.address !== '') setPlain(map, 'address', preset.address);
  if (Object.keys(preset.options).length > 0) setValue(map, 'options', newMap(preset.options));
  if (preset.notes !== '') setPlain(map, 'notes', preset.notes);
  if (preset.messages.length > 0) setValue(map, 'messages', messageList(preset.messages.map(newMessage)));
  return yamlText(document);
}

function messageList(items: readonly YAMLMap[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items.push(...items);
  return list;
}

function newMessage(message: SavedMessage): YAMLMap {
  const map = new YAMLMap();
  for (const key of messageKeys) {
    if (key === 'frame') {
      if (Object.keys(message.frame).length > 0) setValue(map, 'frame', newMap(message.frame));
    } else if (message[key] !== messageDefaults[key]) {
      setPlain(map, key, message[key]);
    }
  }
  return map;
}

/** Null when the document does not let itself be changed so. */
function changedText(preset: Preset, text: string, read: ReadPreset): string | null {
  const { document, preset: old, hasId, hasName } = read;
  if (samePreset(preset, old) && hasId) return text;
  const map = topMap(document);
  if (map === null) return null;
  const set = (key: 'id' | 'name' | 'protocol' | 'address' | 'notes', isThere: boolean): void => {
    const before = topKeys.slice(0, topKeys.indexOf(key));
    if (preset[key] === old[key] && isThere) return;
    if (preset[key] === '') deleteValue(map, key);
    else setPlain(map, key, preset[key], before);
  };
  set('id', hasId);
  // A name that comes from the name of the file is not written while it stays so.
  set('name', hasName || preset.name === old.name);
  set('protocol', true);
  set('address', true);
  set('notes', true);
  changeValues(map, 'options', preset.options, old.options, topKeys.slice(0, topKeys.indexOf('options')));
  changeMessages(map, preset.messages, old.messages);
  const changed = textOfChanged(document);
  if (changed === null) return null;
  return text.includes('\r\n') ? changed.replaceAll('\n', '\r\n') : changed;
}

/** Null when an alias has lost what it stood for. */
function textOfChanged(document: Document): string | null {
  try {
    return yamlText(document);
  } catch {
    return null;
  }
}

type Values = Readonly<Record<string, Plain>>;

function changeValues(map: YAMLMap, key: string, values: Values, old: Values, before: readonly string[]): void {
  if (sameValues(values, old)) return;
  const node = valueAt(map, key);
  if (Object.keys(values).length === 0) deleteValue(map, key);
  else if (isMap(node)) setMap(node, values, old);
  else setValue(map, key, newMap(values), before);
}

function changeMessages(map: YAMLMap, messages: readonly SavedMessage[], old: readonly SavedMessage[]): void {
  const isSame = messages.length === old.length && messages.every((one, index) => sameMessage(one, old[index]));
  if (isSame) return;
  if (messages.length === 0) {
    deleteValue(map, 'messages');
    return;
  }
  const list = valueAt(map, 'messages');
  if (!isSeq(list)) {
    setValue(map, 'messages', messageList(messages.map(newMessage)), topKeys);
    return;
  }
  const origins = originsOf(messages, old);
  const [first] = list.items;
  // The comment above the first one belongs to it, not to whichever comes first.
  if (origins[0] !== 0 && isMap(first) && typeof list.commentBefore === 'string') {
    first.commentBefore = [list.commentBefore, first.commentBefore ?? ''].filter((text) => text !== '').join('\n');
    list.commentBefore = null;
  }
  list.items = messages.map((message, index) => {
    const origin = origins[index] ?? null;
    const item = origin === null ? undefined : list.items[origin];
    const before = origin === null ? undefined : old[origin];
    if (before === undefined || item === undefined) return newMessage(message);
    if (sameMessage(message, before)) return item;
    if (!isMap(item)) return newMessage(message);
    changeMessage(item, message, before);
    return item;
  });
}

/** For each message, the one in the file that it was before: the same one, else one of the same name, else of the same place. */
function originsOf(messages: readonly SavedMessage[], old: readonly SavedMessage[]): readonly (number | null)[] {
  const origins: (number | null)[] = messages.map(() => null);
  const free = new Set(old.keys());
  const claim = (fits: (message: SavedMessage, index: number, candidate: number) => boolean): void => {
    for (const [index, message] of messages.entries()) {
      if (origins[index] !== null) continue;
      for (const candidate of free) {
        if (!fits(message, index, candidate)) continue;
        origins[index] = candidate;
        free.delete(candidate);
        break;
      }
    }
  };
  claim((message, index, candidate) => index === candidate && sameMessage(message, old[candidate]));
  claim((message, _, candidate) => sameMessage(message, old[candidate]));
  claim((message, _, candidate) => message.name !== '' && message.name === old[candidate]?.name);
  claim((_, index, candidate) => index === candidate);
  return origins;
}

function changeMessage(item: YAMLMap, message: SavedMessage, old: SavedMessage): void {
  for (const key of messageKeys) {
    const before = messageKeys.slice(0, messageKeys.indexOf(key));
    if (key === 'frame') changeValues(item, key, message.frame, old.frame, before);
    else changeText(item, key, message[key], old[key], before);
  }
}

function changeText(item: YAMLMap, key: MessageText, value: string, old: string, before: readonly string[]): void {
  if (value === old) return;
  if (value === messageDefaults[key]) deleteValue(item, key);
  else setPlain(item, key, value, before);
}
