/**
 * Where something is in a text that a person typed: `character 5`, or
 * `line 2, character 5` when there are several lines. Counted from one, in
 * characters and not in UTF-16 units.
 */
export function position(text: string, index: number): string {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  const column = `character ${Array.from(before.slice(lineStart)).length + 1}`;
  if (!text.includes('\n')) return column;
  return `line ${before.split('\n').length}, ${column}`;
}

/** A character as a person recognises it, also when it cannot be seen: `"한" (U+D55C)`. */
export function characterName(codePoint: number): string {
  const code = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return `half a surrogate pair (${code})`;
  const invisible = codePoint < 0x21 || (codePoint >= 0x7f && codePoint <= 0xa0);
  return invisible ? code : `"${String.fromCodePoint(codePoint)}" (${code})`;
}
