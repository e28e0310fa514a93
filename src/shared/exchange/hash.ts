/**
 * A name of 16 hex digits for a text, the same each time: two FNV-1a hashes
 * (Fowler, Noll, Vo) with different beginnings. No protection against somebody
 * who looks for two texts with one name; whoever keeps presets sees to that.
 */
export function hashOf(text: string): string {
  let one = 0x811c9dc5;
  let two = 0x01000193;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ (code + at), 0x01000193);
  }
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
  return hex(one) + hex(two);
}
