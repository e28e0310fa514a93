/** Whether what came is the answer to a query (RFC 5452 §9.1). Where it came from is for the caller. */
import { readMessage, type DnsMessage, type DnsQuestion } from '../../shared/dns/message.ts';
import { isSameName } from '../../shared/dns/name-text.ts';
import { className, typeName } from '../../shared/dns/types.ts';
import type { Question } from './question.ts';

/** Why a message does not belong to the query. */
export type Mismatch = 'id' | 'address' | 'question' | 'not-an-answer';

export type Heard =
  | { readonly type: 'answer'; readonly message: DnsMessage }
  /** It cannot be read. `isOurs`: by its id and question it is the answer all the same, so that no other will come. */
  | { readonly type: 'malformed'; readonly words: string; readonly isOurs: boolean }
  | { readonly type: 'mismatch'; readonly why: Mismatch; readonly words: string };

/** Response codes by which a server may answer without the question: FORMERR, SERVFAIL, NOTIMP, REFUSED. */
const WITHOUT_QUESTION = new Set([1, 2, 4, 5]);

/** @param id of the query */
export function judge(bytes: Uint8Array, id: number, question: Question): Heard {
  const message = readMessage(bytes);
  if (message === null) {
    const words = bytes.length === 0 ? 'an empty message' : `${bytes.length} bytes, less than a header has (12)`;
    return { type: 'malformed', words, isOurs: false };
  }
  const { problem } = message;
  if (message.id !== id) {
    // What is not even a message has no id that could be the wrong one.
    if (problem !== null) return { type: 'malformed', words: `no DNS message: ${problem}`, isOurs: false };
    return { type: 'mismatch', why: 'id', words: `it has the id ${message.id}, the query has ${id}` };
  }
  if (!message.isAnswer) {
    return { type: 'mismatch', why: 'not-an-answer', words: 'it is a query (QR is 0), with our id' };
  }
  const other = otherQuestion(message, question);
  if (other !== null) {
    if (problem !== null && message.questions.length === 0) return { type: 'malformed', words: problem, isOurs: false };
    return { type: 'mismatch', why: 'question', words: other };
  }
  if (message.opcode !== 'QUERY') {
    return { type: 'malformed', words: `its opcode is ${message.opcode}, not QUERY`, isOurs: true };
  }
  // What is cut off may be cut off anywhere.
  if (problem !== null && !message.isTruncated) return { type: 'malformed', words: problem, isOurs: true };
  return { type: 'answer', message };
}

/** Says what it answers instead, or null. */
function otherQuestion(message: DnsMessage, question: Question): string | null {
  const { questions } = message;
  const [first] = questions;
  if (first === undefined) {
    const mayBeMissing = WITHOUT_QUESTION.has(message.rcode) && message.records.length === 0;
    return mayBeMissing ? null : 'it has no question';
  }
  if (questions.length > 1) return `it has ${questions.length} questions`;
  const isOurs =
    isSameName(first.name, question.name) && first.type === question.type && first.class === question.class;
  return isOurs ? null : `it answers ${questionText(first)}, asked was ${questionText(question)}`;
}

function questionText(question: DnsQuestion): string {
  const ofClass = question.class === 1 ? '' : ` ${className(question.class)}`;
  return `${question.name}${ofClass} ${typeName(question.type)}`;
}
