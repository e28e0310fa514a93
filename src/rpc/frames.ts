/**
 * Messages of the contract as WebSocket frames, with byte arrays as bytes:
 *
 *   u32 LE   length of the JSON
 *   JSON     { "message": …, "bytes": [{ "path": ["params", "bytes"], "length": 5 }] }
 *   bytes    the arrays, one after another
 *
 * In the message a null stands where an array belongs; where that is stands
 * outside of it, so nothing that a person sends can be taken for an array.
 */
import { z } from 'zod';
import { failure, success, type Outcome } from '../shared/errors.ts';

const LENGTH_BYTES = 4;

const placeSchema = z.strictObject({
  path: z.array(z.union([z.string(), z.number().int().min(0)])),
  length: z.number().int().min(0),
});
type Place = z.infer<typeof placeSchema>;

const headSchema = z.strictObject({ message: z.unknown(), bytes: z.array(placeSchema) });

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Packs plain data: what JSON can say, with Uint8Arrays anywhere in it. */
export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const places: Place[] = [];
  const arrays: Uint8Array[] = [];
  const plain = withoutBytes(message, [], (path, array) => {
    places.push({ path, length: array.length });
    arrays.push(array);
  });
  const json = encoder.encode(JSON.stringify({ message: plain, bytes: places }));
  const total = arrays.reduce((sum, array) => sum + array.length, LENGTH_BYTES + json.length);
  const frame = new Uint8Array(total);
  new DataView(frame.buffer).setUint32(0, json.length, true);
  frame.set(json, LENGTH_BYTES);
  let offset = LENGTH_BYTES + json.length;
  for (const array of arrays) {
    frame.set(array, offset);
    offset += array.length;
  }
  return frame;
}

/** Error `bad-request`: the frame was not made by `encodeFrame`. The arrays of the message are views into the frame. */
export function decodeFrame(frame: Uint8Array): Outcome<unknown> {
  const head = readHead(frame);
  if (head === null) return malformed;
  const holder: Record<string, unknown> = { message: head.message };
  let offset = head.end;
  for (const { path, length } of head.bytes) {
    const array = frame.subarray(offset, offset + length);
    if (array.length !== length || !put(holder, ['message', ...path], array)) return malformed;
    offset += length;
  }
  return offset === frame.length ? success(holder.message) : malformed;
}

const malformed = failure('bad-request', 'A frame is malformed.');

function readHead(frame: Uint8Array): { message: unknown; bytes: Place[]; end: number } | null {
  if (frame.length < LENGTH_BYTES) return null;
  const end = LENGTH_BYTES + new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  if (end > frame.length) return null;
  try {
    const json: unknown = JSON.parse(decoder.decode(frame.subarray(LENGTH_BYTES, end)));
    const head = headSchema.safeParse(json);
    return head.success ? { message: head.data.message, bytes: head.data.bytes, end } : null;
  } catch {
    return null;
  }
}

/** By tag: bytes may come from another realm, and a Buffer is one, too. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function withoutBytes(
  value: unknown,
  path: (string | number)[],
  found: (path: (string | number)[], array: Uint8Array) => void,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isBytes(value)) {
    found(path, value);
    return null;
  }
  if (Array.isArray(value)) return value.map((item: unknown, index) => withoutBytes(item, [...path, index], found));
  // `fromEntries` defines properties, so a key `__proto__` stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, withoutBytes(item, [...path, key], found)]),
  );
}

/** Puts the array where a null stands. @returns false when there is no such place */
function put(holder: object, path: readonly (string | number)[], array: Uint8Array): boolean {
  const key = path.at(-1);
  let container: unknown = holder;
  for (const step of path.slice(0, -1)) container = own(container, step);
  if (key === undefined || typeof container !== 'object' || container === null) return false;
  if (own(container, key) !== null) return false;
  // Not an assignment: that would call the setter of `__proto__`.
  Object.defineProperty(container, key, { value: array, enumerable: true, configurable: true, writable: true });
  return true;
}

function own(container: unknown, key: string | number): unknown {
  if (typeof container !== 'object' || container === null) return undefined;
  return Object.getOwnPropertyDescriptor(container, key)?.value;
}
