/** Puts the table of a run into a document, in the place of the one that is there. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

const BEGIN = '<!-- The table that `npm run bench -- --write` puts here. -->';
const END = '<!-- The end of the table. -->';

/** @param path of a Markdown file with both marks */
export async function putTable(path: string, table: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for the table`);
  const next = `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n${text.slice(end)}`;
  await writeFile(path, await format(next, { ...(await resolveConfig(path)), filepath: path }));
}
