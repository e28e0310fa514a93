/** Terminals over sessions with a scripted driver, or over recordings that were made for the test. */
import { TerminalStream, type TerminalOptions } from '../../src/engine/terminal/terminal-stream.ts';
import type { Session } from '../../src/engine/session.ts';
import type { TerminalChunk } from '../../src/shared/terminal-contract.ts';
import { TERMINAL_CHUNK_BYTES } from '../../src/shared/terminal-limits.ts';
import { turn, valueOf } from './outcome.ts';

const usual: TerminalOptions = { peer: null, from: 'tail', sent: false };

export async function openTerminal(session: Session, options: Partial<TerminalOptions> = {}): Promise<TerminalStream> {
  const stream = new TerminalStream(session, { ...usual, ...options });
  await stream.begin();
  return stream;
}

export async function next(
  stream: TerminalStream,
  bytes = TERMINAL_CHUNK_BYTES,
  span = Infinity,
): Promise<TerminalChunk> {
  return valueOf(await stream.read(bytes, span));
}

export function textOf(chunk: TerminalChunk): string {
  return new TextDecoder().decode(chunk.bytes);
}

/** Reads until there is nothing more for now. One call is left waiting: nothing can be read afterwards. */
export async function readAll(
  stream: TerminalStream,
  bytes = TERMINAL_CHUNK_BYTES,
): Promise<{ readonly chunks: readonly TerminalChunk[]; readonly bytes: Buffer }> {
  const chunks: TerminalChunk[] = [];
  for (;;) {
    // From memory, what is there is read before the event loop goes on.
    const chunk = await Promise.race([next(stream, bytes), turn()]);
    if (chunk === undefined || chunk.isEnd) break;
    chunks.push(chunk);
  }
  return { chunks, bytes: Buffer.concat(chunks.map((chunk) => chunk.bytes)) };
}
