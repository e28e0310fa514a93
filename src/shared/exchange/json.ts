/** Reads values that somebody else has written: whatever is missing, or of another type, reads as nothing. */

export type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = {};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only what the object itself has: `__proto__` and `constructor` of its prototype are not there. */
export function valueAt(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Text; numbers and booleans as text; else empty. */
export function textAt(object: JsonObject, key: string): string {
  return textOf(valueAt(object, key));
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = valueAt(object, key);
  return isObject(value) ? value : nothing;
}

export function listAt(object: JsonObject, key: string): readonly unknown[] {
  const value = valueAt(object, key);
  return Array.isArray(value) ? value : [];
}

/** The entries of a list that are objects. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return listAt(object, key).filter(isObject);
}

/** A finite number, also one that was written as text; else null. */
export function numberAt(object: JsonObject, key: string): number | null {
  const text = textAt(object, key).trim();
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

export function isTrue(object: JsonObject, key: string): boolean {
  return valueAt(object, key) === true;
}

/** `false` was said; nothing at all is not enough. */
export function isFalse(object: JsonObject, key: string): boolean {
  return valueAt(object, key) === false;
}

/** Longest name that is looked at: it is cut further where it is used, and stands in what is listed many times. */
const NAME_CHARACTERS = 400;

/** The first of these that has text, as a name: cut, without what surrounds it. */
export function nameAt(object: JsonObject, ...keys: readonly string[]): string {
  for (const key of keys) {
    const name = shortName(textAt(object, key));
    if (name !== '') return name;
  }
  return '';
}

export function shortName(text: string): string {
  return text.slice(0, NAME_CHARACTERS).trim();
}
