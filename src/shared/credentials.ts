/** Addresses with credentials in them (RFC 3986 §3.2.1): what a person may see of those. Pure. */

/** What stands for a password. Always as long, so that it tells nothing of it. */
export const MASK = '•••';

/** The end of a scheme and what stands before the host. Bounded: else a long word is looked through from each letter. */
const USER_INFO = /([a-z][a-z0-9+.-]{0,31}:\/\/)([^/?#\s]*)@/giu;
/** A socket's path or a named pipe, which has no host and so nothing before it. */
const LOCAL_PATH = /^\s*(?:unix:|\\\\)/iu;
/** How an address begins, also one that is mistyped (`ws:/`, `//`, nothing), and up to where its host can stand. */
const OWN_START = /^\s*(?:(?:[a-z][a-z0-9+.-]*|\{\{[^{}]*\}\}):(?=\/))?(\/*)([^/?#]*)/iu;
/** Also with no port, or with a placeholder for it. */
const HOST_AND_PORT = /^(?:\[[^\]]*\]|[^:]*)(?::(?:\d*|\{\{[^{}]*\}\}))?$/u;

/** Stands for a password and is none (template.ts). */
const PLACEHOLDER = /^\{\{[^{}]*\}\}$/u;

/**
 * The text with the password of each URL in it masked: `wss://anna:•••@host/`. A name that stands alone is often a
 * token, so it is masked as well. For titles, messages, logs and whatever else somebody may look at or pass on.
 */
export function maskCredentials(text: string): string {
  return maskOwn(text).replace(USER_INFO, (_, scheme: string, userInfo: string) => `${scheme}${masked(userInfo)}@`);
}

/** Where the text itself is an address: as typed it may have a blank in its password, or no proper scheme. */
function maskOwn(text: string): string {
  const start = LOCAL_PATH.test(text) ? null : OWN_START.exec(text);
  if (start === null) return text;
  const [all, slashes = '', authority = ''] = start;
  const isSecretCut = !authority.includes('@') && !isHostAndPort(authority);
  const from = all.length - authority.length;
  const at = (isSecretCut ? text : all).lastIndexOf('@');
  if (at < from) return text;
  const userInfo = text.slice(from, at);
  // A name alone, and nothing that makes an address of it: a word of a sentence.
  if (slashes === '' && !userInfo.includes(':') && /\s/u.test(text.trim())) return text;
  return text.slice(0, from) + masked(userInfo) + text.slice(at);
}

/** Whether what stands before a slash can be a host, and is not the beginning of a password with a slash in it. */
export function isHostAndPort(authority: string): boolean {
  return HOST_AND_PORT.test(authority);
}

function masked(userInfo: string): string {
  const colon = userInfo.indexOf(':');
  const name = colon === -1 ? '' : `${userInfo.slice(0, colon)}:`;
  const secret = userInfo.slice(name.length);
  return userInfo === '' || PLACEHOLDER.test(secret) ? userInfo : `${name}${MASK}`;
}
