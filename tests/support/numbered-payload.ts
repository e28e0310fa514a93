/** A payload that only record `number` has: mostly short, some larger than a block. */
export function numberedPayload(number: number): Uint8Array {
  const length = number % 97 === 0 ? 5000 + (number % 4000) : (number * 31) % 400;
  const bytes = new Uint8Array(8 + length).fill(number % 251);
  new DataView(bytes.buffer).setFloat64(0, number);
  return bytes;
}
