/** The import that some content is; wherever it is looked at. */
import { importText, lookAtImport } from '../../shared/exchange/look.ts';
import type { ImportAnswer, ImportContent } from './import-messages.ts';

/** Error `bad-import`. */
export function readImport({ content, name }: ImportContent): ImportAnswer {
  if (typeof content === 'string') return lookAtImport(content, name);
  const text = importText(content);
  return text.ok ? lookAtImport(text.value, name) : text;
}
