/** A query as bytes. `dns-packet` writes the header and the OPT record; the question is put in here. */
import { randomInt } from 'node:crypto';
import {
  AUTHENTIC_DATA,
  CHECKING_DISABLED,
  DNSSEC_OK,
  encode,
  RECURSION_DESIRED,
  type OptAnswer,
  type Question as PacketQuestion,
} from 'dns-packet';
import { DNS_EDNS_LEAST_BYTES } from '../../shared/dns-limits.ts';
import type { DnsOptions, Question } from './question.ts';

export interface Query {
  readonly id: number;
  readonly bytes: Uint8Array;
  /** `rd cd ad` */
  readonly flags: string;
  /** The size that is told by EDNS; 0 without it. */
  readonly edns: number;
  readonly dnssecOk: boolean;
}

const HEADER_BYTES = 12;
/** The root as a name is one byte; type and class have two each. */
const ROOT_QUESTION_BYTES = 5;
/** In its place comes the real one: dns-packet knows neither every type nor bytes that are no text. */
const rootQuestion: PacketQuestion = { name: '.', type: 'A', class: 'IN' };

/** An id that nobody can guess (RFC 5452 §4.3). */
export function newQuery(question: Question, options: DnsOptions): Query {
  const flags = [
    { name: 'rd', bit: RECURSION_DESIRED, isSet: options.recursion },
    { name: 'ad', bit: AUTHENTIC_DATA, isSet: options.authenticData },
    { name: 'cd', bit: CHECKING_DISABLED, isSet: options.checkingDisabled },
  ].filter(({ isSet }) => isSet);
  const id = randomInt(0x1_0000);
  const edns = options.ednsSize === 0 ? 0 : Math.max(options.ednsSize, DNS_EDNS_LEAST_BYTES);
  const dnssecOk = edns > 0 && options.dnssecOk;
  const packet = encode({
    type: 'query',
    id,
    flags: flags.reduce((bits, { bit }) => bits | bit, 0),
    questions: [rootQuestion],
    additionals: edns === 0 ? [] : [optRecord(edns, dnssecOk)],
  });
  const asked = Buffer.alloc(4);
  asked.writeUInt16BE(question.type, 0);
  asked.writeUInt16BE(question.class, 2);
  return {
    id,
    bytes: Buffer.concat([
      packet.subarray(0, HEADER_BYTES),
      question.nameBytes,
      asked,
      packet.subarray(HEADER_BYTES + ROOT_QUESTION_BYTES),
    ]),
    flags: flags.map(({ name }) => name).join(' '),
    edns,
    dnssecOk,
  };
}

function optRecord(size: number, dnssecOk: boolean): OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: size,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: dnssecOk ? DNSSEC_OK : 0,
    flag_do: dnssecOk,
    options: [],
  };
}
