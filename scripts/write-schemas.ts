/** `node scripts/write-schemas.ts`: writes the JSON Schemas of presets and environments into docs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSchemas } from './lib/file-schemas.ts';

for (const [name, text] of await fileSchemas()) {
  await writeFile(join(import.meta.dirname, '../docs', name), text);
}
