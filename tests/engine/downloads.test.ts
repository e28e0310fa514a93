import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { homePath } from '../../src/engine/home-path.ts';
import { saveText } from '../../src/engine/save-text.ts';
import { exampleRecording } from '../support/example-recording.ts';
import { ExportBench } from '../support/exported.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
