/**
 * Passwords and tokens that stand in a preset itself, where everybody reads them who gets its file: the window warns of
 * them, and a bundle goes without them. Pure. Messages are not looked at: what is sent is for the person to say.
 */
import type { Preset } from './preset.ts';

/** What of a preset can hold some. */
export type SecretHolder = Readonly<Pick<Preset, 'address' | 'options'>>;

export interface PlainSecret {
  /** The option that it stands in; null: the address. */
  readonly option: string | null;
  /** Where it stands in that text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** What it is: the id of an option, the name of a header or of a part of the query, `password`, `name`. */
  readonly what: string;
  readonly value: string;
}

/** Names of headers and of parts of a query that say themselves that they are secret. */
const SECRET_NAME =
  /^(?:(?:access|auth|api|id|refresh|session|client)?[-_]?(?:token|secret)|(?:access|auth|api)[-_]?key|pass(?:word|wd|phrase)?|pwd|jwt)$/i;
const SECRET_HEADER = /^(?:x-[\w-]*(?:token|api-?key|secret|password)|api-?key|(?:proxy-)?authorization)$/i;
const HEADER = /^([ \t]*)([!#$%&'*+.^_`|~\w-]+)([ \t]*:[ \t]*)(.*)$/gm;
/** The name of a scheme before credentials: `Bearer `. */
const SCHEME = /^[A-Za-z][A-Za-z0-9-]*[ \t]+(?=\S)/;
const USER_INFO = /^(\s*[a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;

/** Whether the text is nothing but variables, so that it gives no secret away. */
export function isOnlyVariables(text: string): boolean {
  return /^\s*(\{\{[^{}]*\}\}\s*)*$/.test(text);
}

/**
 * Those that are no variables, in the order of the texts.
 * @param secretOptions ids of options that are secret as a whole, by the spec of the protocol
 */
export function plainSecrets(holder: SecretHolder, secretOptions: readonly string[]): readonly PlainSecret[] {
  const found: PlainSecret[] = inAddress(holder.address);
  for (const [option, value] of Object.entries(holder.options)) {
    if (typeof value !== 'string') continue;
    if (secretOptions.includes(option)) found.push({ option, start: 0, end: value.length, what: option, value });
    else if (/headers$/i.test(option)) found.push(...inHeaders(option, value));
  }
  return found.filter(({ value }) => !isOnlyVariables(value));
}

/** @param nameOf of the variable that stands for a secret from then on */
export function withVariables<T extends SecretHolder>(
  holder: T,
  secrets: readonly PlainSecret[],
  nameOf: (secret: PlainSecret) => string,
): T {
  let { address } = holder;
  const options: Preset['options'] = { ...holder.options };
  // From the last on: what stands before stays where it is.
  for (const secret of [...secrets].sort((one, other) => other.start - one.start)) {
    const { option, start, end } = secret;
    const text = option === null ? address : options[option];
    if (typeof text !== 'string') continue;
    const changed = `${text.slice(0, start)}{{${nameOf(secret)}}}${text.slice(end)}`;
    if (option === null) address = changed;
    else options[option] = changed;
  }
  return { ...holder, address, options };
}

function inAddress(address: string): PlainSecret[] {
  const found: PlainSecret[] = [];
  const add = (start: number, value: string, what: string): void => {
    found.push({ option: null, start, end: start + value.length, what, value });
  };
  const [, scheme = '', userInfo = ''] = USER_INFO.exec(address) ?? [];
  const colon = userInfo.indexOf(':');
  // A name that stands alone is often a token.
  if (colon < 0) add(scheme.length, userInfo, 'name');
  else add(scheme.length + colon + 1, userInfo.slice(colon + 1), 'password');
  const query = address.indexOf('?');
  if (query < 0) return found;
  const end = address.indexOf('#', query);
  for (const pair of address.slice(query + 1, end < 0 ? undefined : end).matchAll(/(?<=^|&)([^=&]+)=([^&]+)/g)) {
    const [, name = '', value = ''] = pair;
    if (SECRET_NAME.test(name)) add(query + 1 + pair.index + name.length + 1, value, name);
  }
  return found;
}

function inHeaders(option: string, text: string): PlainSecret[] {
  const found: PlainSecret[] = [];
  for (const header of text.matchAll(HEADER)) {
    const [, indent = '', name = '', colon = '', rest = ''] = header;
    const value = rest.trimEnd();
    if (!SECRET_HEADER.test(name)) continue;
    const scheme = /authorization$/i.test(name) ? (SCHEME.exec(value)?.[0].length ?? 0) : 0;
    const start = header.index + indent.length + name.length + colon.length + scheme;
    const what = name.toLowerCase().replace(/^proxy-(?=authorization)/, '');
    found.push({ option, start, end: start + value.length - scheme, what, value: value.slice(scheme) });
  }
  return found;
}
