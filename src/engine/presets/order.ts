/** The order of a folder's children: those that its order file names, then the others by name, folders first. */
import { isScalar, isSeq } from 'yaml';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { PRESETS_LISTED } from '../../shared/preset-limits.ts';
import { setValue, topMap } from './yaml-edit.ts';
import { bad, entriesOf, followed, newDocument, offsetOf, parseYaml, plainText, yamlText } from './yaml-text.ts';

/** Names of a folder's children in the text of an order file. Errors: `bad-preset` with line and column. */
export function readOrder(text: string, place: string): Outcome<string[]> {
  const file = parseYaml(text, place);
  if (!file.ok) return file;
  const entries = entriesOf(file.value, file.value.document.contents);
  if (!entries.ok) return entries;
  const list = followed(file.value, entries.value?.get('order'));
  if (!list.ok) return list;
  if (!isSeq(list.value)) return bad(file.value, offsetOf(list.value), 'an order file is "order:" and a list of names');
  const names: string[] = [];
  for (const item of list.value.items) {
    const name = isScalar(item) ? plainText(item.value, item.source) : null;
    if (name === null) return bad(file.value, offsetOf(item), 'a name of a file or folder must stand here');
    if (names.push(name) > PRESETS_LISTED) return failure('bad-preset', `${place} names too many files.`);
  }
  return success(names);
}

/** The text of an order file with these names; comments besides the list stay. @param old text of the one that is there */
export function orderText(names: readonly string[], old: string | null, place: string): Outcome<string> {
  const file = old === null ? null : parseYaml(old, place);
  if (file?.ok === false) return file;
  const document = file?.value.document ?? newDocument(null);
  const map = topMap(document);
  if (map === null) return failure('bad-preset', `${place} is no order file.`, 'Put it right, or delete it.');
  setValue(map, 'order', document.createNode([...names]));
  return success(yamlText(document));
}
