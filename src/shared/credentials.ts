/** Addresses with credentials in them (RFC 3986 §3.2.1): what a person may see of those. Pure. */

/** What stands for a password. Always as long, so that it tells nothing of it. */
export const MASK = '•••';

/** A scheme and what stands before the host. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)([^/?#\s]*)@/giu;
/** The same where the text itself is an address: as typed it may have a blank in its password. */
const OWN_USER_INFO = /^(\s*[a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/iu;

/** Stands for a password and is none (template.ts). */
const PLACEHOLDER = /^\{\{[^{}]*\}\}$/u;

/**
 * The text with the password of each URL in it masked: `wss://anna:•••@host/`. A name that stands alone is often a
 * token, so it is masked as well. For titles, messages, logs and whatever else somebody may look at or pass on.
 */
export function maskCredentials(text: string): string {
  return text.replace(OWN_USER_INFO, masked).replace(USER_INFO, masked);
}

function masked(_: string, scheme: string, userInfo: string): string {
  const colon = userInfo.indexOf(':');
  const name = colon === -1 ? '' : `${userInfo.slice(0, colon)}:`;
  const secret = userInfo.slice(name.length);
  const isShown = userInfo === '' || PLACEHOLDER.test(secret);
  return `${scheme}${name}${isShown ? secret : MASK}@`;
}
