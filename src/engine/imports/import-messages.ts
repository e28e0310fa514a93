/** What the engine and the thread that looks at an import say to each other. */
import type { Outcome } from '../../shared/errors.ts';
import type { Look } from '../../shared/exchange/findings.ts';

/** A file's bytes, or text that was pasted. */
export interface ImportContent {
  readonly content: Uint8Array | string;
  /** Name of the file, without its folder; empty for text. */
  readonly name: string;
}

export type ImportAnswer = Outcome<Look>;
