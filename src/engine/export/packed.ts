/**
 * The fields of a packed record where it lies (shared/record.ts), without
 * making an object of it, and the format that an export writes.
 */
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';

/** What a formatter has to know of the recording. */
export interface ExportInfo {
  readonly protocol: string;
  readonly address: string;
  /** Wall clock at time 0, ms since 1970. */
  readonly startedAt: number;
  /** Names of the kinds, by the codes in the records. */
  readonly kinds: readonly string[];
  /** Kinds whose payload is what went over the wire. */
  readonly messageKinds: readonly string[];
  /** What was exported, for the file's head; empty: everything. */
  readonly filter: string;
  readonly peer: number | null;
}

/** Writes records of one format, one after another, to a sink. */
export interface RecordFormatter {
  /** What comes before the first record. */
  begin(): void;
  /** @param offset a whole record with its whole payload begins there. @returns whether something of it was written */
  record(bytes: Buffer, view: DataView, offset: number): boolean;
}

/** `gap` is the first of the common kinds. */
export const GAP_KIND = 0;

export function sizeOf(view: DataView, offset: number): number {
  return view.getUint32(offset, true);
}

export function kindOf(view: DataView, offset: number): number {
  return view.getUint8(offset + 4);
}

/** Code of `directionCode`. */
export function directionOf(view: DataView, offset: number): number {
  return view.getUint8(offset + 5);
}

/** ns since the session began; a whole number from 0 on, whatever stands there. */
export function timeOf(view: DataView, offset: number): number {
  return wholeNumber(view.getFloat64(offset + 8, true));
}

export function seqOf(view: DataView, offset: number): number {
  return wholeNumber(view.getFloat64(offset + 16, true));
}

export function peerOf(view: DataView, offset: number): number {
  return view.getUint32(offset + 24, true);
}

export function metaLengthOf(view: DataView, offset: number): number {
  return view.getUint32(offset + 28, true);
}

export function payloadLengthOf(view: DataView, offset: number): number {
  return view.getUint32(offset + 36, true);
}

export function payloadStart(view: DataView, offset: number): number {
  return offset + RECORD_HEADER_BYTES + metaLengthOf(view, offset);
}

/** A file that somebody made by hand may hold any number; what is written is always one that can be read. */
function wholeNumber(value: number): number {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.floor(value) : 0;
}
