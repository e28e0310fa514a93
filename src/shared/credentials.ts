/** Addresses with credentials in them (RFC 3986 §3.2.1): what a person may see of those. Pure. */

/** What stands for a password. Always as long, so that it tells nothing of it. */
const MASK = '•••';

/** A scheme and what stands before the host. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)([^/?#\s]*)@/giu;

/**
 * The text with the password of each URL in it masked: `wss://anna:•••@host/`. A name that stands alone is often a
 * token, so it is masked as well. For titles, messages, logs and whatever else somebody may look at or pass on.
 */
export function maskCredentials(text: string): string {
  return text.replace(USER_INFO, (_, scheme: string, userInfo: string) => {
    const colon = userInfo.indexOf(':');
    const name = colon === -1 ? '' : `${userInfo.slice(0, colon)}:`;
    return `${scheme}${userInfo === '' ? '' : name + MASK}@`;
  });
}
