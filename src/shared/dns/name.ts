/** What a person types to be asked about: a name, as the bytes that are sent. */
import { DNS_LABEL_BYTES, DNS_NAME_BYTES, DNS_NAME_CHARACTERS } from '../dns-limits.ts';
import { failure, success, type Outcome } from '../errors.ts';
import { WireReader } from './wire-reader.ts';

const encoder = new TextEncoder();

function bad(message: string, hint: string): Outcome<never> {
  return failure('bad-address', message, hint, { field: 'address' });
}

/** The text as it may stand in a message: short, and with control characters made visible. */
function shown(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\u{FFFD}');
  return `“${visible.length > 60 ? `${visible.slice(0, 59)}…` : visible}”`;
}

/** A label as typed: its characters, each with whether it was escaped. */
interface TypedLabel {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly hasEscapes: boolean;
}

const ESCAPE = /^\\(?:(\d{3})|([^\d]))/u;

/** Splits at the dots that are not escaped. Null: an escape that is none. */
function labelsOf(text: string): readonly TypedLabel[] | null {
  const labels: TypedLabel[] = [];
  let label = '';
  let bytes: number[] = [];
  let hasEscapes = false;
  const finish = (): void => {
    labels.push({ text: label, bytes: Uint8Array.from(bytes), hasEscapes });
    label = '';
    bytes = [];
    hasEscapes = false;
  };
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (character === '.') {
      finish();
      at += 1;
    } else if (character === '\\') {
      const escape = ESCAPE.exec(text.slice(at, at + 5));
      const code = Number(escape?.[1] ?? 0);
      if (escape === null || code > 255) return null;
      bytes.push(...(escape[1] === undefined ? encoder.encode(escape[2] ?? '') : [code]));
      label += escape[0];
      hasEscapes = true;
      at += escape[0].length;
    } else {
      bytes.push(...encoder.encode(character));
      label += character;
      at += character.length;
    }
  }
  finish();
  return labels;
}

const WRITE_NAME = 'Write the name alone, for example example.org, or an IP address.';

/** What looks like something else than a name, or could not be told from it. */
function strangeness(text: string): Outcome<never> | null {
  if (text.includes('://')) return bad(`${shown(text)} is a URL.`, WRITE_NAME);
  const unescaped = text.replace(/\\./gu, '');
  if (/\s/u.test(unescaped)) {
    return bad(`The name ${shown(text)} has a space.`, 'Remove it, or write \\032 when it is part of the name.');
  }
  if (/\p{Cc}/u.test(unescaped)) return bad(`The name ${shown(text)} has a control character.`, 'Remove it.');
  if (/^[\d.]+\/\d+$/.test(text) || /^[\da-f:.]+:[\da-f:.]*\/\d+$/i.test(text)) {
    return bad(`${shown(text)} is a range of addresses.`, 'Write one address of it.');
  }
  const port = /^(.+):\d+$/.exec(unescaped);
  if (port !== null) {
    return bad(`${shown(text)} has a port.`, `Write the name alone. The port of a DNS server stands in servers.`);
  }
  const strange = /[:"'<>()[\]{}|,;@?#%^`]/.exec(unescaped)?.[0];
  return strange === undefined
    ? null
    : bad(
        `The name ${shown(text)} has a ${shown(strange)}.`,
        `${WRITE_NAME} What is part of the name is written \\${strange}.`,
      );
}

function checkLabel(label: TypedLabel, ascii: Uint8Array): Outcome {
  if (ascii.length <= DNS_LABEL_BYTES) return success();
  return bad(
    `The label ${shown(label.text)} is ${ascii.length} octets long; DNS takes ${DNS_LABEL_BYTES} between two dots (RFC 1035 §2.3.4).`,
    'Use a shorter name.',
  );
}

/**
 * Reads a name in presentation format: `example.org`, `_sip._tcp.example.org.`, `bücher.example`, `a\.b.example`, `.`.
 * It is asked for as it stands, with or without a final dot.
 * @param toAscii of one label that has other characters than ASCII (`url.domainToASCII`); '' when there is no such name
 * @returns the name as it is sent, uncompressed; error `bad-address` with `field` set to `address`
 */
export function nameBytes(text: string, toAscii: (label: string) => string): Outcome<Uint8Array> {
  if (text === '') return bad('There is no name.', WRITE_NAME);
  if (text === '.') return success(Uint8Array.of(0));
  const strange = strangeness(text);
  if (strange !== null) return strange;
  if (text.length > DNS_NAME_CHARACTERS) return tooLong(text.length);
  const labels = labelsOf(text.replace(/(?<!\\)[。．｡]/gu, '.').replace(/(?<=(?:^|[^\\])(?:\\\\)*)\.$/u, ''));
  if (labels === null) {
    return bad(
      `${shown(text)} has an escape that is none.`,
      'After \\ comes one character, or three digits up to 255.',
    );
  }
  const bytes: number[] = [];
  for (const label of labels) {
    if (label.text === '') {
      return bad(
        `The name ${shown(text)} has an empty label: nothing between two dots, or before the first.`,
        'Only the root (.) is empty (RFC 1035 §3.1). Remove a dot.',
      );
    }
    let ascii = label.bytes;
    if (!label.hasEscapes && ascii.some((byte) => byte > 0x7f)) {
      const converted = toAscii(label.text);
      if (converted === '') {
        return bad(`${shown(label.text)} cannot be part of an international name (IDNA).`, 'Check its characters.');
      }
      ascii = encoder.encode(converted);
    }
    const checked = checkLabel(label, ascii);
    if (!checked.ok) return checked;
    bytes.push(ascii.length, ...ascii);
  }
  bytes.push(0);
  return bytes.length > DNS_NAME_BYTES ? tooLong(bytes.length) : success(Uint8Array.from(bytes));
}

function tooLong(length: number): Outcome<never> {
  return bad(
    `The name is ${length} octets long; DNS takes ${DNS_NAME_BYTES}, and ${DNS_LABEL_BYTES} between two dots (RFC 1035 §2.3.4).`,
    'Use a shorter name.',
  );
}

/** The name in presentation format, with its final dot. */
export function nameOfBytes(bytes: Uint8Array): string {
  return new WireReader(bytes).name();
}
