/**
 * What the tree shows of a preset, from its text by itself: parsing ten thousand files as YAML takes seconds. Knows the
 * plain lines that nearly all files have, and gives up on everything else. Whether the file is sound is checked later.
 */
import { PRESET_NAME_CHARACTERS, PRESET_FORMAT } from '../../shared/preset-limits.ts';

export interface PresetHead {
  /** Null: the file does not say. */
  readonly id: string | null;
  readonly name: string | null;
  readonly protocol: string;
  readonly address: string;
}

const LINE = /^([A-Za-z][A-Za-z0-9]*):(?: +(.*?))? *\r?$/;
/** Values that are what they look like: no marks of YAML at the start, no comment and no further key in them. */
const PLAIN = /^[^\s&*!|>'"[\]{}#%@`,?:-](?:(?!: | #|\t).)*$/u;
const ID = /^[a-z0-9-]{1,40}$/;

/** @returns null when only the parser of YAML can tell */
export function presetHead(text: string): PresetHead | null {
  // By itself it ends no line, and is part of a value.
  if (/\r(?!\n)/.test(text)) return null;
  const found = new Map<string, string>();
  let last = '';
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length;) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    const first = text.charAt(at);
    if (first === ' ') {
      // A value may go on here, and so may a map; neither is known to be one of ours.
      if (last !== '' && text.slice(at, end).trim() !== '') return null;
    } else if (first !== '#' && first !== '\r' && end > at) {
      const line = LINE.exec(text.slice(at, end));
      const key = line?.[1] ?? '';
      if (line === null || found.has(key)) {
        // A list may stand as far left as its key.
        if (found.size > 0 && last === '' && /^-(?: |\r?$)/.test(text.slice(at, end))) {
          at = end + 1;
          continue;
        }
        return null;
      }
      const isWanted = key === 'wirebench' || key === 'id' || key === 'name' || key === 'protocol' || key === 'address';
      const value = isWanted ? scalarOf(line[2] ?? '') : '';
      if (value === null) return null;
      found.set(key, value);
      last = isWanted ? key : '';
    }
    at = end + 1;
  }
  return headOf(found);
}

function headOf(found: ReadonlyMap<string, string>): PresetHead | null {
  const id = found.get('id') ?? null;
  const name = found.get('name') ?? null;
  const protocol = found.get('protocol') ?? '';
  if (found.get('wirebench') !== String(PRESET_FORMAT) || protocol === '') return null;
  if (id !== null && !ID.test(id)) return null;
  if (name !== null && (name === '' || name.length > PRESET_NAME_CHARACTERS)) return null;
  return { id, name, protocol, address: found.get('address') ?? '' };
}

/** Null when it is not simple. */
function scalarOf(text: string): string | null {
  if (text.startsWith('"')) return quoted(text);
  if (text === '' || !PLAIN.test(text) || /^(?:null|~)$/i.test(text)) return null;
  return text;
}

/** Escapes of JSON mean the same in YAML. */
function quoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
