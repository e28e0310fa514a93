/**
 * Malformed parameters for any method of the contract, made from its schema: a value that fits, with something wrong
 * at a random place of it, and things that are no parameters at all.
 */
import { inspect } from 'node:util';
import { z } from 'zod';
import type { Random } from './random.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberAt(schema: JsonSchema, key: string, otherwise: number): number {
  const value = schema[key];
  return typeof value === 'number' ? value : otherwise;
}

function pick<T>(random: Random, values: readonly T[]): T | undefined {
  return values[random(values.length)];
}

/** A value that fits a schema, as far as JSON Schema tells: patterns and refinements are not followed. */
function fitting(schema: unknown, random: Random, depth = 0): unknown {
  if (!isRecord(schema)) return null;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return pick(random, list(schema.enum));
  const ways = [...list(schema.anyOf), ...list(schema.oneOf)];
  if (ways.length > 0) return fitting(pick(random, ways), random, depth);
  switch (schema.type) {
    case 'object':
      return fittingObject(schema, random, depth);
    case 'array': {
      const most = Math.min(numberAt(schema, 'maxItems', 3), numberAt(schema, 'minItems', 0) + 2);
      const count = depth > 6 ? numberAt(schema, 'minItems', 0) : most;
      return Array.from({ length: count }, () => fitting(schema.items, random, depth + 1));
    }
    case 'string':
      return 'a'.repeat(Math.max(1, Math.min(numberAt(schema, 'minLength', 1), 40)));
    case 'integer':
    case 'number':
      return Math.max(0, numberAt(schema, 'minimum', 0));
    case 'boolean':
      return random(2) === 0;
    case 'null':
      return null;
    default:
      // What JSON Schema has no words for: bytes.
      return Uint8Array.of(1, 2, 3);
  }
}

function fittingObject(schema: JsonSchema, random: Random, depth: number): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = new Set(list(schema.required));
  const entries = Object.entries(properties)
    .filter(([key]) => required.has(key) || random(2) === 0)
    .map(([key, value]) => [key, fitting(value, random, depth + 1)] as const);
  return Object.fromEntries(entries);
}

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

function deep(levels: number): unknown {
  let value: unknown = 'the end';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** What nobody should send. All of it can cross a port. */
const wrong: readonly unknown[] = [
  null, undefined, true, false, 0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, -0, 1e308, 10n, 2n ** 80n,
  '', ' ', '\0', '\ud800', '../../../../etc/passwd', '__proto__', 'constructor', '{{$uuid}}', '1; rm -rf /', 'a'.repeat(100_000),
  [], [null], [[[]]], {}, { length: 1e9 }, { toString: 'x' }, { valueOf: null }, JSON.parse('{"__proto__":{"polluted":true}}'),
  new Date(0), new Date(NaN), /a+b/g, new Map([['a', 1]]), new Set([1]), new Error('no'), new ArrayBuffer(8), new Uint8Array(3),
  new Float64Array(2), new DataView(new ArrayBuffer(1)), deep(200), cyclic,
]; // prettier-ignore

/** A copy of a value with something else at one place of it, which is found at random. */
function spoilt(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random(3) > 0) {
    const at = random(value.length);
    return value.map((item: unknown, index) => (index === at ? spoilt(item, random) : item));
  }
  if (!isRecord(value) || value instanceof Uint8Array || random(8) === 0) return pick(random, wrong);
  const keys = Object.keys(value);
  const key = pick(random, keys);
  const copy: Record<string, unknown> = { ...value };
  const way = random(6);
  if (key === undefined || way === 0)
    copy[pick(random, ['extra', 'then', 'toJSON', 'peer ', '']) ?? 'extra'] = pick(random, wrong);
  else if (way === 1) Reflect.deleteProperty(copy, key);
  else if (way === 2) return { [key]: value };
  else copy[key] = spoilt(value[key], random);
  return copy;
}

/**
 * @returns so many different values that the schema refuses
 */
export function malformed(schema: z.ZodType, count: number, random: Random): unknown[] {
  const shape = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  const found = new Map<string, unknown>();
  for (let attempt = 0; found.size < count; attempt += 1) {
    if (attempt > count * 200) throw new Error(`only ${found.size} malformed values were found`);
    const value = attempt < wrong.length ? wrong[attempt] : spoilt(fitting(shape, random), random);
    if (schema.safeParse(value).success) continue;
    found.set(inspect(value, { depth: 8, maxStringLength: 50, breakLength: Infinity }), value);
  }
  return [...found.values()];
}
