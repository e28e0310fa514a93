/** What a workspace is called by its own file. */
import { success, type Outcome } from '../../shared/errors.ts';
import { PRESET_NAME_CHARACTERS } from '../../shared/preset-limits.ts';
import type { FolderFiles } from './folder-files.ts';
import { ROOT_FILE } from './place.ts';

/** `name:` of wirebench.yaml; null when it does not say, or cannot be read: that is told where its variables are asked for. */
export async function rootName(files: FolderFiles): Promise<string | null> {
  const found = await files.read(ROOT_FILE);
  // The parser of YAML is loaded only where there is something to find: this is asked at the start.
  if (!found.ok || !found.value.text.includes('name')) return null;
  const name = await nameIn(found.value.text);
  return name.ok ? name.value : null;
}

async function nameIn(text: string): Promise<Outcome<string | null>> {
  const { isScalar } = await import('yaml');
  const { entriesOf, followed, parseYaml, plainText } = await import('./yaml-text.ts');
  const file = parseYaml(text, ROOT_FILE);
  if (!file.ok) return file;
  const entries = entriesOf(file.value, file.value.document.contents);
  if (!entries.ok) return entries;
  const node = followed(file.value, entries.value?.get('name'));
  if (!node.ok) return node;
  const name = isScalar(node.value) ? (plainText(node.value.value, node.value.source) ?? '').trim() : '';
  return success(name === '' ? null : name.slice(0, PRESET_NAME_CHARACTERS));
}
