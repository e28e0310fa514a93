/** What programs for Python have in common, whatever they connect. */
import { hexOf, quoted } from './copy-code.ts';
import { textOfBytes, type CopyMessage } from './copy-job.ts';

export const py = (text: string): string => quoted(text, 'python');
export const pyText = (text: string): string | null => (text === '' ? null : py(text));
export const seconds = (ms: number | null): number | null => (ms === null || ms === 0 ? null : ms / 1000);
export const STEP = '    ';

export function bytesCode(message: CopyMessage): string {
  if (message.type === 'file') return `open(${py(message.path)}, "rb").read()`;
  const text = textOfBytes(message.bytes);
  return text === null ? `bytes.fromhex("${hexOf(message.bytes)}")` : `${py(text)}.encode()`;
}

export function textCode(message: CopyMessage): string | null {
  const text = message.type === 'bytes' && message.kind === 'text' ? textOfBytes(message.bytes) : null;
  if (text !== null) return py(text);
  return message.type === 'file' && message.kind === 'text'
    ? `open(${py(message.path)}, encoding="utf-8").read()`
    : null;
}
