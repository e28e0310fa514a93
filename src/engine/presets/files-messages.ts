/** What the tree and the thread that reads many files say to each other. */
import type { Content, KnownFile } from './known-file.ts';
import type { ListedFile } from './read-known.ts';

export interface FilesRequest {
  readonly root: string;
  readonly files: readonly ListedFile[];
}

/** First what the list shows of each file that is there, then what reading all of each has found. By their places. */
export type FilesAnswer =
  | { readonly type: 'read'; readonly files: ReadonlyMap<string, KnownFile> }
  | { readonly type: 'checked'; readonly contents: ReadonlyMap<string, Content> };
