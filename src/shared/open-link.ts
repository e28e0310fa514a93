/**
 * Links that open a tab (docs/links.md):
 *
 *   wirebench://open?protocol=tcp-client&address=127.0.0.1:9000&name=Device&option.timeout=500&message=hello
 *   wirebench://open?preset=device/handshake.wb.yaml
 *   wirebench://open?content=<a preset's file or a bundle in base64url>
 *
 * Reads them and does nothing. Anybody can make a link, so all that is not expected is refused. Pure.
 */
import { LINK_CHARACTERS, LINK_MESSAGES, LINK_OPTIONS } from './app-limits.ts';
import { failure, success, type Outcome } from './errors.ts';
import { ADDRESS_CHARACTERS, OPTION_CHARACTERS } from './limits.ts';
import { PRESET_NAME_CHARACTERS, PRESET_PATH_CHARACTERS } from './preset-limits.ts';
import { PRESET_SUFFIX } from './preset.ts';

export const LINK_SCHEME = 'wirebench';

/** Stands for a link that is too long to be handed on. */
export const LONG_LINK = `${LINK_SCHEME}://too-long`;

export type OpenLink =
  | {
      readonly type: 'session';
      readonly protocol: string;
      readonly address: string;
      /** Empty when the link has none. */
      readonly name: string;
      /** As they are written, by their ids: what they may be is known by the protocol. */
      readonly options: ReadonlyMap<string, string>;
      readonly messages: readonly string[];
    }
  /** A file of the workspace folder that is open, by its path in it. */
  | { readonly type: 'preset'; readonly path: string }
  /** The text of a preset's file or of a bundle. */
  | { readonly type: 'content'; readonly text: string };

const FORM = 'A link looks like this: wirebench://open?protocol=tcp-client&address=127.0.0.1:9000.';
/** By hand: engines differ in what they take for the host of an address whose scheme they do not know. */
const LINK = new RegExp(`^${LINK_SCHEME}://open/?\\?([^#]*)$`, 'iu');
const OPTION_PREFIX = 'option.';
const ID = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const ONCE = new Set(['protocol', 'address', 'name', 'preset', 'content']);

/** Characters that nobody sees, and those that turn the order of the others round: an address is what it looks like. */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd]/u;
/** The same without what stands in texts of several lines. */
const HIDDEN_IN_TEXT = new RegExp(`(?![\\t\\n\\r])${HIDDEN.source}`, 'u');

function bad(message: string, hint = FORM): ReturnType<typeof failure> {
  return failure('bad-link', message, hint);
}

/** Whether a text is meant as such a link, however wrong. */
export function isOpenLink(text: string): boolean {
  return new RegExp(`^\\s*${LINK_SCHEME}:`, 'i').test(text);
}

/** The text with what nobody sees written as `\u{…}`, to be shown. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(
    new RegExp(HIDDEN_IN_TEXT.source, 'gu'),
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** @returns error `bad-link` with a sentence about what is wrong */
export function parseOpenLink(text: string): Outcome<OpenLink> {
  const parameters = parametersOf(text);
  if (!parameters.ok) return parameters;
  const { single, options, messages } = parameters.value;
  const { protocol, preset, content } = Object.fromEntries(single);
  const ways = [protocol, preset, content].filter((value) => value !== undefined).length;
  if (ways !== 1) return bad('The link must have one of protocol, preset and content, and only one.');
  const others = [...single.keys()].filter((key) => key === 'address' || key === 'name');
  if (protocol === undefined && (others.length > 0 || options.size > 0 || messages.length > 0)) {
    return bad('A link with preset or content has nothing else.');
  }
  if (preset !== undefined) return presetAt(preset);
  if (content !== undefined) return contentOf(content);
  if (!ID.test(protocol ?? '')) return bad('The protocol of the link is no name of a protocol.');
  return success({
    type: 'session',
    protocol: protocol ?? '',
    address: single.get('address') ?? '',
    name: single.get('name') ?? '',
    options,
    messages,
  });
}

interface Parameters {
  readonly single: ReadonlyMap<string, string>;
  readonly options: ReadonlyMap<string, string>;
  readonly messages: readonly string[];
}

function parametersOf(text: string): Outcome<Parameters> {
  if (text.length > LINK_CHARACTERS || text === LONG_LINK)
    return bad(`The link has more than ${LINK_CHARACTERS} characters.`, '');
  const query = LINK.exec(text.trim())?.[1];
  if (query === undefined || HIDDEN.test(query)) {
    return bad('Links of Wirebench begin with wirebench://open? and have no user name, port, path or fragment.');
  }
  const single = new Map<string, string>();
  const options = new Map<string, string>();
  const messages: string[] = [];
  for (const [key, value] of new URLSearchParams(query)) {
    const problem = take(key, value, { single, options, messages });
    if (problem !== null) return bad(problem);
  }
  return success({ single, options, messages });
}

/** @returns what is wrong with a parameter, or null */
function take(
  key: string,
  value: string,
  to: { single: Map<string, string>; options: Map<string, string>; messages: string[] },
): string | null {
  if (ONCE.has(key)) {
    if (to.single.has(key)) return `The link has ${key} twice.`;
    to.single.set(key, value);
    return lineProblem(key, value);
  }
  if (key === 'message') {
    to.messages.push(value);
    if (to.messages.length > LINK_MESSAGES) return `The link has more than ${LINK_MESSAGES} messages.`;
    return HIDDEN_IN_TEXT.test(value) ? 'A message of the link has characters that cannot be seen.' : null;
  }
  const id = key.startsWith(OPTION_PREFIX) ? key.slice(OPTION_PREFIX.length) : '';
  if (!ID.test(id)) return `The link has a part that is not known: ${visible(key).slice(0, 40)}.`;
  if (to.options.has(id)) return `The link has the option ${id} twice.`;
  if (to.options.size >= LINK_OPTIONS) return `The link has more than ${LINK_OPTIONS} options.`;
  if (value.length > OPTION_CHARACTERS || HIDDEN_IN_TEXT.test(value)) {
    return `The option ${id} of the link has characters that cannot be seen.`;
  }
  to.options.set(id, value);
  return null;
}

const LONGEST: Readonly<Record<string, number>> = {
  address: ADDRESS_CHARACTERS,
  name: PRESET_NAME_CHARACTERS,
  preset: PRESET_PATH_CHARACTERS,
};

function lineProblem(key: string, value: string): string | null {
  const most = LONGEST[key] ?? LINK_CHARACTERS;
  if (value.length > most) return `The ${key} of the link has more than ${most} characters.`;
  return HIDDEN.test(value) ? `The ${key} of the link has characters that cannot be seen.` : null;
}

function presetAt(path: string): Outcome<OpenLink> {
  const parts = path.split('/');
  const isInside = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\'));
  if (!isInside || !path.endsWith(PRESET_SUFFIX)) {
    return bad(
      'The link names no preset of the workspace folder.',
      `Its path has no “..”, and ends with ${PRESET_SUFFIX}.`,
    );
  }
  return success({ type: 'preset', path });
}

function contentOf(encoded: string): Outcome<OpenLink> {
  const refused = bad('The content of the link is not UTF-8 in base64url.', '');
  // A plus came as a blank.
  const base64 = encoded.replaceAll('-', '+').replaceAll('_', '/').replaceAll(' ', '+').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(base64)) return refused;
  try {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    return success({ type: 'content', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) });
  } catch {
    return refused;
  }
}
