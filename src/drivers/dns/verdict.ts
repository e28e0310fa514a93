/** What an answer means: the data that was asked for, or by its name why there is none, with a remedy. */
import type { DnsMessage, DnsRecord } from '../../shared/dns/message.ts';
import { foldName } from '../../shared/dns/name-text.ts';
import { TYPE, typeName } from '../../shared/dns/types.ts';
import { failure, type ErrorCode, type WireError } from '../../shared/errors.ts';
import type { Question } from './question.ts';

/**
 * The names that the answer is about: the one that was asked for and those to which aliases lead from it (CNAME, RFC
 * 1034 §3.6.2; DNAME, RFC 6672, which comes with the CNAME that it makes). Folded.
 */
export function chainOf(message: DnsMessage, name: string): ReadonlySet<string> {
  const aliases = new Map<string, string>();
  for (const record of message.records) {
    if (record.section === 'answer' && record.type === TYPE.CNAME)
      aliases.set(foldName(record.name), foldName(record.data));
  }
  const chain = new Set<string>();
  for (
    let next: string | undefined = foldName(name);
    next !== undefined && !chain.has(next);
    next = aliases.get(next)
  ) {
    chain.add(next);
  }
  return chain;
}

/** A DNAME stands above the name, not on it. */
export function isInChain(record: DnsRecord, chain: ReadonlySet<string>): boolean {
  const owner = foldName(record.name);
  if (chain.has(owner)) return true;
  const isAbove = [...chain].some((name) => owner === '.' || name.endsWith(`.${owner}`));
  return isAbove && (record.type === TYPE.DNAME || record.type === TYPE.RRSIG);
}

interface Words {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

function wordsOf(rcode: number, name: string, server: string): Words | null {
  switch (rcode) {
    case 1:
      return {
        code: 'dns-formerr',
        what: `${server} did not understand the query`,
        hint: 'An old server may know no EDNS: set EDNS size to 0.',
      };
    case 2:
      return {
        code: 'dns-servfail',
        what: `${server} could not find an answer for ${name}`,
        hint: 'The servers of the zone fail, or DNSSEC does not hold: with checking disabled (CD) it would be answered then.',
      };
    case 3:
      return {
        code: 'dns-nxdomain',
        what: `${server} says that there is no name ${name}`,
        hint: 'Check the spelling, or ask another server: it may know names that are not public.',
      };
    case 4:
      return {
        code: 'dns-notimp',
        what: `${server} does not do what was asked`,
        hint: 'Ask it for another type or class, or ask another server.',
      };
    case 5:
      return {
        code: 'dns-refused',
        what: `${server} refused to answer for ${name}`,
        hint: 'It answers other machines or other names only. Ask a resolver that serves this network.',
      };
    default:
      return null;
  }
}

/** What the server adds in words (RFC 8914). */
function withDetails(message: DnsMessage, hint: string): string {
  const errors = message.edns?.errors ?? [];
  return errors.length === 0 ? hint : `It adds: ${errors.join('; ')}. ${hint}`;
}

/** @returns null when the answer has what was asked for */
export function verdictOf(message: DnsMessage, question: Question, server: string): WireError | null {
  const { name } = question;
  if (message.rcode !== 0) {
    const words = wordsOf(message.rcode, name, server) ?? {
      code: 'dns-failed',
      what: `${server} answered with an error for ${name}`,
      hint: 'Its name is that of RFC 6895.',
    };
    const errno = message.rcodeName;
    return failure(words.code, `${words.what} (${errno}).`, withDetails(message, words.hint), { errno }).error;
  }
  const chain = chainOf(message, name);
  const answers = message.records.filter(({ section }) => section === 'answer');
  const ours = answers.filter((record) => isInChain(record, chain));
  if (ours.some(({ type }) => type === question.type || question.type === TYPE.ANY)) return null;
  const [stranger] = answers;
  if (stranger !== undefined && ours.length === 0) {
    const what = `${server} answered for ${name} with records of ${stranger.name}`;
    const hint = 'Such an answer must not be believed: the server is wrong, or somebody else has answered.';
    return failure('dns-mismatch', `${what} (MISMATCH).`, hint, { errno: 'MISMATCH' }).error;
  }
  return noData(message, question, server, ours.length > 0);
}

function noData(message: DnsMessage, question: Question, server: string, isAlias: boolean): WireError {
  const type = typeName(question.type);
  const errno = 'NODATA';
  const authority = message.records.filter(({ section }) => section === 'authority');
  const isReferral = !isAlias && authority.some((record) => record.type === TYPE.NS) && authority.every(isNoSoa);
  if (isReferral) {
    const names = authority.filter((record) => record.type === TYPE.NS).map(({ data }) => data);
    const what = `${server} does not know ${question.name} ${type} itself and names who does: ${names.slice(0, 4).join(', ')}`;
    return failure('dns-no-data', `${what} (${errno}).`, 'Ask one of those, or a server that recurses.', { errno })
      .error;
  }
  const what = isAlias
    ? `${question.name} is an alias of a name that has no ${type} record`
    : `${question.name} has no ${type} record`;
  const hint = 'The name is there; ask for other types, or check where the record was to be.';
  return failure('dns-no-data', `${what}, says ${server} (${errno}).`, withDetails(message, hint), { errno }).error;
}

function isNoSoa(record: DnsRecord): boolean {
  return record.type !== TYPE.SOA;
}
