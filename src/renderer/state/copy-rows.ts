/** Rows of a message list as text on the clipboard. */
import type { Client } from '../../rpc/client.ts';
import type { Params } from '../../shared/contract.ts';
import { success, type Outcome } from '../../shared/errors.ts';
import { COPY_BYTES } from '../../shared/limits.ts';
import { formatCount, formatSize } from '../format/size.ts';
import { copyText } from './clipboard.ts';
import type { RowSpan } from './message-selection.svelte.ts';

export type CopyForm = Params<'rows.text'>['as'];

/** The forms that rows can be copied in, with what a menu says of them. */
export const copyForms = [
  { form: 'text', label: 'Copy as text', hint: 'a line for each row', word: 'text' },
  { form: 'payload', label: 'Copy payload', hint: 'the bytes alone, as text', word: 'payload' },
  { form: 'hex', label: 'Copy as hex', hint: 'the bytes alone, in hex', word: 'hex' },
  { form: 'jsonl', label: 'Copy as JSON Lines', hint: 'an object for each row', word: 'JSON Lines' },
] as const satisfies readonly { form: CopyForm; label: string; hint: string; word: string }[];

function rowsInWords(count: number): string {
  return count === 1 ? '1 row' : `${formatCount(count)} rows`;
}

/** @returns what was copied, in words; says so when there was more than the clipboard is given */
export async function copyRows(
  client: Client,
  place: { readonly session: string; readonly view: number | null },
  span: RowSpan,
  form: CopyForm,
): Promise<Outcome<string>> {
  const count = span.to - span.from + 1;
  const answer = await client.call('rows.text', { ...place, from: span.from, count, as: form });
  if (!answer.ok) return answer;
  const { text, rows, isCut } = answer.value;
  const copied = await copyText(text);
  if (!copied.ok) return copied;
  const word = copyForms.find((item) => item.form === form)?.word ?? form;
  if (!isCut) return success(`${rowsInWords(rows)} copied as ${word}`);
  const whole = `${formatCount(rows)} of ${rowsInWords(count)} copied as ${word}`;
  return success(`${whole}: the clipboard gets at most ${formatSize(COPY_BYTES)}. Export has no limit.`);
}
