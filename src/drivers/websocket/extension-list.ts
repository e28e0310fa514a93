/** The value of `Sec-WebSocket-Extensions` (RFC 6455 §9.1). */

export interface ExtensionParam {
  readonly name: string;
  /** Without quotes; null when there is none. */
  readonly value: string | null;
}

export interface Extension {
  readonly name: string;
  /** In their order; a name may stand there twice. */
  readonly params: readonly ExtensionParam[];
}

/** `problem` is a whole sentence for a person. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/**
 * A token, a quoted string (RFC 9110 §5.6), or a single character; white space before it does not count. A string that
 * is not closed takes the rest, so that nothing is looked at twice.
 */
const PIECE = /[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[^"\\]|\\.)*)("?)|(.))/gsy;
/** Of a header that cannot be read, in messages. */
const SHOWN_CHARACTERS = 200;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

interface Piece {
  readonly kind: 'token' | 'quoted' | 'sign' | 'end';
  readonly text: string;
}

function pieces(value: string): Piece[] {
  const found = [...value.trimEnd().matchAll(PIECE)].map(([, token, quoted, close, sign = '"']): Piece => {
    if (token !== undefined) return { kind: 'token', text: token };
    if (quoted === undefined || close !== '"') return { kind: 'sign', text: sign };
    return { kind: 'quoted', text: quoted.replaceAll(/\\(.)/gs, '$1') };
  });
  return [...found, { kind: 'end', text: '' }];
}

/**
 * @param value of the header; of several headers, their values with commas between. Empty members of the list do not
 *   count (RFC 9110 §5.6.1), but one extension there must be.
 */
export function parseExtensions(value: string): Parsed<readonly Extension[]> {
  const list: { name: string; params: ExtensionParam[] }[] = [];
  const all = pieces(value);
  let at = 0;
  const next = (): Piece => all[at++] ?? { kind: 'end', text: '' };
  const unexpected = ({ kind, text }: Piece, wanted: string): Parsed<never> => {
    const found = kind === 'end' ? 'an end' : JSON.stringify(text);
    const shown = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
    return { ok: false, problem: `Sec-WebSocket-Extensions has ${found} where ${wanted} should be: “${shown}”.` };
  };
  for (;;) {
    let piece = next();
    if (piece.kind === 'end') break;
    if (piece.text === ',' && piece.kind === 'sign') continue;
    if (piece.kind !== 'token') return unexpected(piece, 'the name of an extension');
    const params: ExtensionParam[] = [];
    list.push({ name: piece.text, params });
    piece = next();
    while (piece.kind === 'sign' && piece.text === ';') {
      const name = next();
      if (name.kind !== 'token') return unexpected(name, 'the name of a parameter');
      let content: string | null = null;
      piece = next();
      if (piece.kind === 'sign' && piece.text === '=') {
        const given = next();
        // What is in quotes must be a token, too.
        if (given.kind === 'sign' || !TOKEN.test(given.text)) return unexpected(given, `the value of ${name.text}`);
        content = given.text;
        piece = next();
      }
      params.push({ name: name.text, value: content });
    }
    if (piece.kind === 'end') break;
    if (piece.kind !== 'sign' || piece.text !== ',') return unexpected(piece, 'a comma or a semicolon');
  }
  if (list.length === 0) return unexpected({ kind: 'end', text: '' }, 'the name of an extension');
  return { ok: true, value: list };
}

/** @returns the value of the header; values of parameters are tokens and need no quotes */
export function formatExtensions(list: readonly Extension[]): string {
  return list
    .map(({ name, params }) =>
      [name, ...params.map((param) => (param.value === null ? param.name : `${param.name}=${param.value}`))].join('; '),
    )
    .join(', ');
}
