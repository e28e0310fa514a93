/** What a file from outside is taken for, by its name: nothing is read. Pure. */
export function fileKind(path: string): 'recording' | 'preset' | 'other' {
  if (/\.wbr$/i.test(path)) return 'recording';
  return /\.(?:wirebench|ya?ml|json)$/i.test(path) ? 'preset' : 'other';
}
