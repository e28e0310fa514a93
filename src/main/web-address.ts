/** Addresses that may be given to another program of this system, after a person has seen them. Pure. */

/** Longest address that is shown and opened: beyond, nobody reads it. */
const ADDRESS_CHARACTERS = 2000;

/**
 * The address as it would be opened, or null: only `https:` with a host and no credentials, and `mailto:`. Everything
 * else could start programs (`file:`, `smb:`, `ms-…:`, our own scheme) or read files.
 */
export function webAddress(address: string): string | null {
  if (address.length > ADDRESS_CHARACTERS) return null;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol === 'https:') return url.host === '' || url.username !== '' || url.password !== '' ? null : url.href;
  return url.protocol === 'mailto:' && url.pathname.includes('@') ? url.href : null;
}
