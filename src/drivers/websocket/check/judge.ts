/** Whether what had to come has come. */
import type { Expected } from './check-case.ts';
import type { Talk } from './talk.ts';
import { codeWords, payloadWords } from './words.ts';

/** Null: all is well. */
export type Judgement = { readonly verdict: 'failed' | 'remark' | 'not-tried'; readonly why: string } | null;

export interface JudgeOptions {
  /** How long one answer is waited for, in ms. */
  readonly patience: number;
  /** The peer sends messages of its own: those are passed over. */
  readonly isTalkative: boolean;
  readonly role: 'client' | 'server';
}

const failed = (why: string): Judgement => ({ verdict: 'failed', why });
const remark = (why: string): Judgement => ({ verdict: 'remark', why });

/** How long a peer that should fail the connection may be silent before it is asked whether it goes on, in ms. */
const SILENCE_MS = 700;

/** Shorter messages must be taken: a limit below this would be no use. */
const LIMIT_LEAST = 1024;

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** Why no more will come, or null. */
function over(talk: Talk): Judgement {
  if (talk.broken !== null) return failed(`The peer breaks the protocol: ${talk.broken}.`);
  if (talk.close !== null) return failed(`The connection was closed with ${codeWords(talk.close.code)} instead.`);
  return talk.ended === null ? null : failed(`There was ${talk.ended} instead.`);
}

export async function judge(talk: Talk, expected: Expected, options: JudgeOptions): Promise<Judgement> {
  switch (expected.type) {
    case 'message':
    case 'message-or-close':
      return judgeMessage(talk, expected, options);
    case 'pong':
      return judgePong(talk, expected, options);
    case 'closed':
      return judgeClosed(talk, expected.codes, options);
    case 'failed':
      return judgeFailed(talk, expected, options);
    case 'new-keys':
      return new Set(talk.keys).size > talk.keys.length / 2
        ? null
        : failed('The masking keys of its frames are the same.');
  }
}

/** What came although nothing more was expected. */
export function leftOver(talk: Talk, { isTalkative }: JudgeOptions): Judgement {
  if (talk.broken !== null) return failed(`The peer breaks the protocol: ${talk.broken}.`);
  const [message] = talk.messages;
  return message === undefined || isTalkative
    ? null
    : failed(`A message came that should not: ${payloadWords(message.payload)}.`);
}

async function judgeMessage(
  talk: Talk,
  expected: Extract<Expected, { type: 'message' | 'message-or-close' }>,
  { patience, isTalkative }: JudgeOptions,
): Promise<Judgement> {
  const end = performance.now() + patience;
  for (;;) {
    const message = talk.messages.shift();
    if (message !== undefined) {
      if (message.opcode === expected.opcode && isSame(message.payload, expected.payload)) return null;
      if (isTalkative) continue;
      const kind = message.opcode === 1 ? 'text' : 'binary';
      return failed(`Another message came: ${kind} ${payloadWords(message.payload)}.`);
    }
    const code = talk.broken === null ? (talk.close?.code ?? null) : null;
    if (expected.type === 'message-or-close' && code !== null && expected.codes.includes(code)) return null;
    if (expected.type === 'message' && code === 1009 && expected.payload.length >= LIMIT_LEAST) {
      return { verdict: 'not-tried', why: `Its limit for messages is below ${expected.payload.length} bytes.` };
    }
    const ended = over(talk);
    if (ended !== null) return expected.type === 'message' && expected.mayBeLost && talk.broken === null ? null : ended;
    if (!(await talk.changed(end))) return failed(`No message came within ${seconds(patience)}.`);
  }
}

async function judgePong(
  talk: Talk,
  { payload, before }: Extract<Expected, { type: 'pong' }>,
  { patience }: JudgeOptions,
): Promise<Judgement> {
  const end = performance.now() + patience;
  for (;;) {
    const other = talk.pongs.shift();
    if (other !== undefined) {
      if (isSame(other, payload)) return null;
      if (before.some((earlier) => isSame(other, earlier))) continue;
      return failed(`The pong has another payload: ${payloadWords(other)}.`);
    }
    const ended = over(talk);
    if (ended !== null) return ended;
    if (!(await talk.changed(end))) return failed(`No pong came within ${seconds(patience)}.`);
  }
}

async function judgeClosed(talk: Talk, codes: readonly (number | null)[], options: JudgeOptions): Promise<Judgement> {
  const end = performance.now() + options.patience;
  for (;;) {
    if (talk.broken !== null) return failed(`The peer breaks the protocol: ${talk.broken}.`);
    if (talk.close !== null) {
      const { code } = talk.close;
      const isUsual = codes.includes(code);
      const wrong = isUsual
        ? null
        : remark(`The close frame has ${codeWords(code)}; ${codes.map(codeWords).join(' or ')} is usual.`);
      return wrong ?? (await judgeEnd(talk, options));
    }
    if (talk.ended !== null) return failed(`There was ${talk.ended} instead of a close frame.`);
    if (!(await talk.changed(end))) return failed(`No close frame came within ${seconds(options.patience)}.`);
  }
}

async function judgeFailed(
  talk: Talk,
  { codes, isCut }: Extract<Expected, { type: 'failed' }>,
  options: JudgeOptions,
): Promise<Judgement> {
  const start = performance.now();
  const askAt = start + Math.min(SILENCE_MS, options.patience / 3);
  let asked: Uint8Array | null = null;
  for (;;) {
    const wrong = leftOver(talk, options);
    if (wrong !== null) return wrong;
    if (talk.close !== null) {
      const { code } = talk.close;
      const expectedCodes = codes.join(' or ');
      if (code === null) return remark(`The connection was closed without a code; ${expectedCodes} is meant for this.`);
      return codes.includes(code)
        ? judgeEnd(talk, options)
        : remark(`The connection was closed with ${codeWords(code)}; ${expectedCodes} is meant for this.`);
    }
    if (talk.ended !== null) {
      return remark(
        `There was ${talk.ended} without a close frame; one with ${codes.join(' or ')} should come before.`,
      );
    }
    const sample = asked;
    if (sample !== null && talk.pongs.some((payload) => isSame(payload, sample))) {
      return failed('The peer goes on as if nothing were wrong: it still answers pings.');
    }
    if (await talk.changed(asked === null && !isCut ? askAt : start + options.patience)) continue;
    if (asked !== null || isCut) return failed(`The peer did nothing within ${seconds(options.patience)}.`);
    asked = await talk.ask();
  }
}

/** Behind the close frame of the peer: ours, and the end of TCP, which is the server's part (RFC 6455 §7.1.1). */
async function judgeEnd(talk: Talk, { patience, role }: JudgeOptions): Promise<Judgement> {
  await talk.sendClose(talk.close?.code ?? null);
  if (role === 'server') talk.end();
  const end = performance.now() + patience;
  while (talk.ended === null) {
    if (!(await talk.changed(end))) return remark('Both close frames were exchanged, but the peer does not end TCP.');
  }
  return null;
}
