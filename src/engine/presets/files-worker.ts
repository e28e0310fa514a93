/**
 * The thread that reads many files at once. One after the other and waiting for each: handing ten thousand small files to
 * the pool of Node and back takes ten times as long as reading them, and here nobody is kept waiting.
 */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { revisionOf, textOf } from './file-text.ts';
import type { FilesAnswer, FilesRequest } from './files-messages.ts';
import type { Content, KnownFile } from './known-file.ts';
import { pathOf } from './place.ts';
import { checkedContent, readKnown, type ReadOperations } from './read-known.ts';

function readFirst(path: string, most: number): Uint8Array {
  const bytes = new Uint8Array(most);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let count = -1; count !== 0 && length < most - 1; length += count) {
      count = readSync(file, bytes, length, most - length, length);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

const waiting: ReadOperations = {
  stamp: (path) => attempt(() => lstatSync(path, { bigint: true })),
  read: (path, most) => attempt(() => readFirst(path, most)),
};

/** What it throws is a rejection. */
async function attempt<T>(run: () => T): Promise<T> {
  return Promise.resolve(run());
}

function tell(answer: FilesAnswer): void {
  parentPort?.postMessage(answer);
}

async function run({ root, files }: FilesRequest): Promise<void> {
  const read = new Map<string, KnownFile>();
  for (const file of files) {
    const found = await readKnown(waiting, root, file);
    if (found !== null) read.set(file.place, found);
  }
  tell({ type: 'read', files: read });
  const contents = new Map<string, Content>();
  for (const [place, { content }] of read) {
    if (content.type !== 'preset' || content.isChecked) continue;
    const checked = await check(root, place, content.revision);
    if (checked !== null) contents.set(place, checked);
  }
  tell({ type: 'checked', contents });
}

/** Null when it is another one by now, or gone. */
async function check(root: string, place: string, revision: string): Promise<Content | null> {
  try {
    const path = pathOf(root, place);
    const bytes = readFirst(path, lstatSync(path).size + 1);
    const text = revisionOf(bytes) === revision ? textOf(bytes, place) : null;
    return text?.ok === true ? await checkedContent(text.value, place, revision) : null;
  } catch {
    return null;
  }
}

parentPort?.once('message', (request: FilesRequest) => void run(request));
