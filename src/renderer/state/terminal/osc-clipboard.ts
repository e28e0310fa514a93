/** OSC 52: `Pc ; Pd`, where Pd is base64 of what shall be on the clipboard, or `?`, which asks for what is on it. */
import { CLIPBOARD_WRITE_BYTES } from '../../../shared/terminal-input-limits.ts';

/**
 * @param data of the sequence, without its number
 * @returns the text, or null: it asks (which is never answered), is empty, too long or no base64
 */
export function clipboardText(data: string): string | null {
  const at = data.indexOf(';');
  const encoded = data.slice(at + 1);
  if (at === -1 || encoded === '' || encoded.length > (CLIPBOARD_WRITE_BYTES / 3) * 4) return null;
  let binary: string;
  try {
    binary = atob(encoded);
  } catch {
    return null;
  }
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
}
