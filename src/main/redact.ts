/** Takes secrets out of what goes into the log: it is what people attach to reports. Pure. */
import { maskCredentials, MASK } from '../shared/credentials.ts';

/** Headers whose values let somebody in. */
const HEADERS =
  /\b((?:proxy-)?authorization|cookie|set-cookie|x-api-key|sec-websocket-protocol)(["']?\s*[:=]\s*)[^\r\n]+/giu;
/** `token=…`, `"password": "…"`, `?api_key=…`. */
const NAMED =
  /((?:password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key|credentials?)["']?\s*[:=]\s*)("[^"\r\n]*"|'[^'\r\n]*'|[^\s&,;"'}\])]+)/giu;
const KEYS = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/gu;
/** A link may carry a preset with all that is in it. */
const LINKS = /\bwirebench:[^\s"'<>]+/giu;

/** The text with passwords in addresses, headers that authorize, values named like secrets, keys and links masked. */
export function redact(text: string): string {
  const unlinked = text.replace(LINKS, `wirebench:${MASK}`).replace(KEYS, `(a private key: ${MASK})`);
  return unlinked
    .split('\n')
    .map((line) => maskCredentials(line))
    .join('\n')
    .replace(HEADERS, (_, name: string, sign: string) => `${name}${sign}${MASK}`)
    .replace(NAMED, (_, name: string) => `${name}${MASK}`);
}
