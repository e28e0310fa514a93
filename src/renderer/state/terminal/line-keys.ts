/** The keys in what xterm.js makes of them. */

export type LineKey =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type:
        | 'enter'
        | 'interrupt'
        | 'end-of-file'
        | 'delete-left'
        | 'delete-right'
        | 'delete-word'
        | 'delete-to-start'
        | 'delete-to-end'
        | 'left'
        | 'right'
        | 'word-left'
        | 'word-right'
        | 'start'
        | 'end'
        | 'up'
        | 'down';
    };

type KeyName = Exclude<LineKey['type'], 'text'>;

const ESC = '\x1b';
/** C0 but for the tab, and DEL, as they stand in a class of characters. */
const CONTROL = '\\x00-\\x08\\x0a-\\x1f\\x7f';

const controls: ReadonlyMap<string, KeyName> = new Map<string, KeyName>([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\r\n', 'enter'],
  ['\x03', 'interrupt'],
  ['\x04', 'end-of-file'],
  ['\x08', 'delete-left'],
  ['\x7f', 'delete-left'],
  ['\x17', 'delete-word'],
  ['\x15', 'delete-to-start'],
  ['\x0b', 'delete-to-end'],
  ['\x01', 'start'],
  ['\x05', 'end'],
  ['\x02', 'left'],
  ['\x06', 'right'],
  ['\x10', 'up'],
  ['\x0e', 'down'],
]);

/** Without their ESC. Cursor keys come with `O` when the peer has asked for that. */
const sequences: ReadonlyMap<string, KeyName> = new Map<string, KeyName>([
  ['[A', 'up'],
  ['OA', 'up'],
  ['[B', 'down'],
  ['OB', 'down'],
  ['[C', 'right'],
  ['OC', 'right'],
  ['[D', 'left'],
  ['OD', 'left'],
  ['[H', 'start'],
  ['OH', 'start'],
  ['[1~', 'start'],
  ['[F', 'end'],
  ['OF', 'end'],
  ['[4~', 'end'],
  ['[3~', 'delete-right'],
  ['[1;3C', 'word-right'],
  ['[1;5C', 'word-right'],
  ['f', 'word-right'],
  ['[1;3D', 'word-left'],
  ['[1;5D', 'word-left'],
  ['b', 'word-left'],
  ['\x7f', 'delete-word'],
]);

/** A sequence of a key, a control (CR LF is one), or as much text as there is. A tab is text. */
const tokens = new RegExp(
  [`${ESC}\\[[0-?]*[ -/]*[@-~]`, `${ESC}O[ -~]`, `${ESC}[^]?`, '\\r\\n', `[${CONTROL}]`, `[^${CONTROL}]+`].join('|'),
  'gu',
);

function keyOf(token: string): LineKey | null {
  if (token.startsWith(ESC)) {
    const type = sequences.get(token.slice(ESC.length));
    return type === undefined ? null : { type };
  }
  const type = controls.get(token);
  if (type !== undefined) return { type };
  const isOther = token < ' ' && token !== '\t' && token.length === 1;
  return isOther ? null : { type: 'text', text: token };
}

/** Sequences of keys that mean nothing here, and other controls, are left out. */
export function keysOf(data: string): readonly LineKey[] {
  return Array.from(data.matchAll(tokens), ([token]) => keyOf(token)).filter((key) => key !== null);
}
