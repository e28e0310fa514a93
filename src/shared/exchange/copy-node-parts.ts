/** What programs for Node have in common, whatever they connect. */
import { hexOf, quoted } from './copy-code.ts';
import { textOfBytes, type CopyMessage, type CopyOptions } from './copy-job.ts';

export interface CodeCopy {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

export const js = (text: string): string => quoted(text, 'javascript');
export const jsText = (text: string): string | null => (text === '' ? null : js(text));
export const jsList = (texts: readonly string[]): string | null =>
  texts.length === 0 ? null : `[${texts.map(js).join(', ')}]`;

/** The bytes of a message as an expression. */
export function bytesCode(message: CopyMessage): string {
  if (message.type === 'file') return `readFileSync(${js(message.path)})`;
  const text = textOfBytes(message.bytes);
  return text === null ? `Buffer.from('${hexOf(message.bytes)}', 'hex')` : js(text);
}

export function importsFor(message: CopyMessage | null, first: string): string[] {
  return message?.type === 'file' ? ["import { readFileSync } from 'node:fs';", first] : [first];
}

export const LOG_ERROR = "on('error', (error) => console.error(error.message));";

export function timeoutLines(options: CopyOptions, socket: string): readonly string[] {
  const idle = options.number('setTimeout');
  return idle === null || idle === 0 ? [] : [`${socket}.setTimeout(${idle}, () => console.error('timeout'));`];
}

/** `::` takes IPv4 as well, as every interface does here. */
export function listenHost(host: string): string {
  return js(host === '' ? '127.0.0.1' : host === '*' ? '::' : host);
}
