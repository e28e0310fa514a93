/** Lines of a program, and values written as its language reads them. */

export type Language = 'javascript' | 'python';

/** Characters that JSON leaves as they are, and that look like line breaks or like nothing in code. */
const unseen = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** A text as a string of the language: JSON's form, which both read, but for characters above U+FFFF. */
export function quoted(text: string, language: Language): string {
  return JSON.stringify(text).replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
    return language === 'python' ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Names with values, those that are set: arguments, or the inside of an object. */
export function given(pairs: readonly (readonly [string, string | number | boolean | null])[], between = ': '): string {
  return pairs
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}${between}${String(value)}`)
    .join(', ');
}

/** A port as a number, or as the text that a variable is. */
export function portCode(port: string, language: Language): string {
  if (/^\d+$/.test(port)) return port;
  return language === 'python' ? `int(${quoted(port, language)})` : quoted(port, language);
}

/** Each line moved to the right. */
export function indented(lines: readonly string[], by: string): readonly string[] {
  return lines.map((line) => (line === '' ? '' : by + line));
}
