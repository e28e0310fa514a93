/** A text that leaves the window as a file. */
import type { Client } from '../../rpc/client.ts';
import { success, type Outcome } from '../../shared/errors.ts';

/** Lets the browser fetch something that only this page has, or that its own host serves. @param name of the file */
export function download(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

/**
 * By the system's dialog; where there is none, as a download of the browser.
 * @returns the path, '' for a download, null when the person changed their mind
 */
export async function saveText(
  client: Client,
  hasDialogs: boolean,
  name: string,
  text: string,
): Promise<Outcome<string | null>> {
  if (!hasDialogs) {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    download(address, name);
    URL.revokeObjectURL(address);
    return success('');
  }
  const chosen = await client.call('file.chooseSave', { name });
  if (!chosen.ok || chosen.value.path === null) return chosen.ok ? success(null) : chosen;
  const { path } = chosen.value;
  const saved = await client.call('file.save', { path, text });
  return saved.ok ? success(path) : saved;
}
