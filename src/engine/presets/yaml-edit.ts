/** Changes to documents of YAML that leave everything else in them as it is: comments, order, keys of others. */
import { isMap, isScalar, Pair, Scalar, YAMLMap, type Document } from 'yaml';

export type Plain = string | number | boolean | null;

/** The pair of a key in a map, also when the key looks like a number. */
function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(({ key: one }) => isScalar(one) && (one.value === key || one.source === key));
}

/** What stands at a key; undefined when there is none. */
export function valueAt(map: YAMLMap, key: string): unknown {
  return pairOf(map, key)?.value;
}

/**
 * Sets a key, keeping the comment at its value. A new key comes after the last of those in `before` that are there, or
 * to the end.
 */
export function setValue(map: YAMLMap, key: string, value: unknown, before: readonly string[] | null = null): void {
  const pair = pairOf(map, key);
  if (pair !== undefined) {
    pair.value = value;
    return;
  }
  const isBefore = ({ key: one }: Pair): boolean =>
    before === null || (isScalar(one) && before.includes(String(one.value)));
  const at = map.items.reduce((last, item, index) => (isBefore(item) ? index + 1 : last), 0);
  map.items.splice(at, 0, new Pair(keyOf(key), value));
}

/** Sets a key to a text, number … in the style that it had, if that can hold it. */
export function setPlain(map: YAMLMap, key: string, value: Plain, before: readonly string[] | null = null): void {
  const old = valueAt(map, key);
  if (!isScalar(old)) {
    setValue(map, key, scalar(value), before);
    return;
  }
  delete old.source;
  delete old.format;
  delete old.minFractionDigits;
  delete old.tag;
  // A block stays one; of the others, the library chooses what is needed.
  const wasBlock = old.type === Scalar.BLOCK_LITERAL || old.type === Scalar.BLOCK_FOLDED;
  const style = scalar(value).type;
  if (style !== undefined && !(wasBlock && style === Scalar.BLOCK_LITERAL)) old.type = style;
  else if (typeof value !== 'string' || wasBlock) delete old.type;
  old.value = value;
}

/** Characters that editors and tools change or do not show: such a text is written with escapes. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** A value as it is written first: lines as a block, so that they can be read, and what cannot be seen with escapes. */
export function scalar(value: Plain): Scalar {
  const node = new Scalar<Plain>(value);
  if (typeof value !== 'string') return node;
  const isOneLine = !value.includes('\n');
  if (INVISIBLE.test(value.replaceAll('\n', ''))) node.type = Scalar.QUOTE_DOUBLE;
  else if (!isOneLine) node.type = isBlock(value) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
  return node;
}

/** A key stays on one line. */
function keyOf(text: string): Scalar {
  const node = scalar(text);
  if (node.type === Scalar.BLOCK_LITERAL) node.type = Scalar.QUOTE_DOUBLE;
  return node;
}

/** Whether lines can stand as a block: not where spaces decide, which readers of YAML, and editors, take for indentation. */
function isBlock(lines: string): boolean {
  return /^\S/.test(lines) && !/^[ \t]+$/m.test(lines);
}

export function deleteValue(map: YAMLMap, key: string): void {
  const pair = pairOf(map, key);
  if (pair !== undefined) map.items.splice(map.items.indexOf(pair), 1);
}

/** A map of the values; an existing one is changed where it differs. */
export function setMap(
  map: YAMLMap,
  values: Readonly<Record<string, Plain>>,
  old: Readonly<Record<string, Plain>>,
): void {
  for (const key of Object.keys(old)) if (!Object.hasOwn(values, key)) deleteValue(map, key);
  for (const [key, value] of Object.entries(values)) {
    if (!Object.hasOwn(old, key) || !Object.is(old[key], value)) setPlain(map, key, value);
  }
}

export function newMap(values: Readonly<Record<string, Plain>>): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of Object.entries(values)) map.items.push(new Pair(keyOf(key), scalar(value)));
  return map;
}

/** The map of a document, made when it has none. Null when it is something else. */
export function topMap(document: Document): YAMLMap | null {
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) document.contents = new YAMLMap();
  return isMap(document.contents) ? document.contents : null;
}
