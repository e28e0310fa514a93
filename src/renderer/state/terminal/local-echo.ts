/** What a peer that echoes would show of keys that are sent as they are typed. */
import { shown } from './line-draw.ts';

const ESC = '\x1b';
const sequence = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|O[ -~]|[^]?)`, 'gu');

/**
 * @param data as xterm.js makes it of the keys
 * @returns text for the terminal: Enter begins a line, Backspace takes a cell back, keys without a character show
 *   nothing, other controls stand as `^C`
 */
export function localEcho(data: string): string {
  return data
    .replace(sequence, '')
    .split(/(\r\n|[\r\n\x7f\b\t])/u)
    .map((part) => {
      if (part === '\r\n' || part === '\r' || part === '\n') return '\r\n';
      if (part === '\x7f' || part === '\b') return '\b \b';
      return part === '\t' ? part : shown(part);
    })
    .join('');
}
