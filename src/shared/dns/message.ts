/**
 * A DNS message as it was read (RFC 1035 §4, RFC 6891). Whatever the bytes are, this returns: with all that could be
 * read, and with what is wrong.
 */
import { hexText } from './data-text.ts';
import { quotedText } from './name-text.ts';
import { rawText, recordData } from './record-data.ts';
import { className, edeName, opcodeName, rcodeName, TYPE, typeName } from './types.ts';
import { WireReader } from './wire-reader.ts';

export const sections = ['answer', 'authority', 'additional'] as const;
export type Section = (typeof sections)[number];

export interface DnsQuestion {
  /** Presentation format, with its final dot. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsRecord extends DnsQuestion {
  readonly section: Section;
  readonly typeName: string;
  readonly className: string;
  /** s */
  readonly ttl: number;
  /** Presentation format. */
  readonly data: string;
  /** As it was read; names in it may point out of it. */
  readonly bytes: Uint8Array;
}

/** What the OPT record says (RFC 6891 §6.1). */
export interface Edns {
  readonly version: number;
  /** Longest UDP message that the sender takes, in bytes. */
  readonly size: number;
  readonly dnssecOk: boolean;
  /** `EDE 6 DNSSEC Bogus: text`, `NSID 6D61…`, or `OPTION12 0000`. */
  readonly options: readonly string[];
  /** Of them the extended errors (RFC 8914): `6 DNSSEC Bogus: text`. */
  readonly errors: readonly string[];
}

export interface DnsMessage {
  readonly id: number;
  /** QR: it is an answer. */
  readonly isAnswer: boolean;
  readonly opcode: string;
  /** Without those that are no flags: `aa tc rd ra ad cd` in this order, with spaces. */
  readonly flags: string;
  readonly isTruncated: boolean;
  /** With the high bits that stand in the OPT record. */
  readonly rcode: number;
  readonly rcodeName: string;
  readonly questions: readonly DnsQuestion[];
  /** Of all sections, in their order, without OPT. */
  readonly records: readonly DnsRecord[];
  readonly edns: Edns | null;
  /** Bytes behind the last record. */
  readonly extraBytes: number;
  /** What is wrong, as the end of a sentence, or null. What is above was read before it, or beside it. */
  readonly problem: string | null;
}

const HEADER_BYTES = 12;

const flagBits = [
  ['aa', 0x0400],
  ['tc', 0x0200],
  ['rd', 0x0100],
  ['ra', 0x0080],
  ['ad', 0x0020],
  ['cd', 0x0010],
] as const;

const [OPTION_NSID, OPTION_EDE] = [3, 15];

interface ReadRecord extends DnsRecord {
  readonly problem: string | null;
}

function readQuestion(reader: WireReader): DnsQuestion {
  return { name: reader.name(), type: reader.u16(), class: reader.u16() };
}

/** The length of its data is told, so that what is wrong in it does not hide what follows. */
function readRecord(reader: WireReader, section: Section): ReadRecord {
  const head = { ...readQuestion(reader), ttl: reader.u32() };
  const part = reader.part(reader.u16());
  const bytes = part.message.subarray(part.at, part.end);
  // The text of OPT is its options: see `readEdns`.
  const data = reader.problem !== null || head.type === TYPE.OPT ? '' : recordData(head.type, part);
  const isBad = part.problem !== null;
  return {
    ...head,
    section,
    typeName: typeName(head.type),
    className: className(head.class),
    data: isBad ? rawText(bytes) : data,
    bytes,
    problem: part.problem === null ? null : `the data of ${typeName(head.type)} ${head.name} is none: ${part.problem}`,
  };
}

function readEdns(opt: DnsRecord): Edns {
  const reader = new WireReader(opt.bytes);
  const options: string[] = [];
  const errors: string[] = [];
  while (reader.left > 0) {
    const code = reader.u16();
    const value = reader.take(reader.u16());
    if (reader.problem !== null) break;
    if (code === OPTION_EDE && value.length >= 2) {
      const error = edeText(value);
      errors.push(error);
      options.push(`EDE ${error}`);
    } else if (code === OPTION_NSID) options.push(`NSID ${quotedText(value)}`);
    else options.push(`OPTION${code} ${hexText(value)}`.trimEnd());
  }
  return {
    version: (opt.ttl >>> 16) & 0xff,
    size: opt.class,
    dnssecOk: (opt.ttl & 0x8000) !== 0,
    options,
    errors,
  };
}

/** RFC 8914 §2: a code, then text of UTF-8 that may be missing. */
function edeText(value: Uint8Array): string {
  const code = ((value[0] ?? 0) << 8) | (value[1] ?? 0);
  const text = new TextDecoder().decode(value.subarray(2)).replace(/\p{Cc}/gu, '\u{FFFD}');
  return text === '' ? edeName(code) : `${edeName(code)}: ${text}`;
}

/** Null when there is not even a header. */
export function readMessage(bytes: Uint8Array): DnsMessage | null {
  if (bytes.length < HEADER_BYTES) return null;
  const reader = new WireReader(bytes);
  const id = reader.u16();
  const bits = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];

  const questions: DnsQuestion[] = [];
  for (let count = counts[0] ?? 0; count > 0 && reader.problem === null; count -= 1) {
    const question = readQuestion(reader);
    if (isWhole(reader)) questions.push(question);
  }
  const records: DnsRecord[] = [];
  let opt: DnsRecord | null = null;
  let dataProblem: string | null = null;
  for (const [index, section] of sections.entries()) {
    for (let count = counts[index + 1] ?? 0; count > 0 && reader.problem === null; count -= 1) {
      const { problem, ...record } = readRecord(reader, section);
      if (!isWhole(reader)) break;
      dataProblem ??= problem;
      if (record.type === TYPE.OPT) opt ??= record;
      else records.push(record);
    }
  }
  const rcode = (bits & 0x0f) | (opt === null ? 0 : (opt.ttl >>> 24) << 4);
  return {
    id,
    isAnswer: (bits & 0x8000) !== 0,
    opcode: opcodeName((bits >> 11) & 0x0f),
    flags: flagBits.flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name])).join(' '),
    isTruncated: (bits & 0x0200) !== 0,
    rcode,
    rcodeName: rcodeName(rcode),
    questions,
    records,
    edns: opt === null ? null : readEdns(opt),
    extraBytes: reader.left,
    problem: reader.problem ?? dataProblem,
  };
}

/** A function, because reading changes it. */
function isWhole(reader: WireReader): boolean {
  return reader.problem === null;
}
