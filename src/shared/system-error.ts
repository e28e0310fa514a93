/** Turns what Node says about a failed system call into an error that a person can act on. */
import type { WireError } from './errors.ts';
import { wordsOf, type SystemErrorFacts } from './system-error-words.ts';

/**
 * @param peer the formatted address that the call was about: `127.0.0.1:9`, `/tmp/x.sock`, or the path of a file
 * @returns the error; code `system-error` with Node's own text for a code that is not known here
 */
export function systemError(facts: SystemErrorFacts, peer: string): WireError {
  const wording = wordsOf(facts, peer);
  if (wording === null) {
    const message = `${peer}: ${facts.message === '' ? 'an unknown error of the system' : facts.message}`;
    const named = facts.code === '' || message.includes(facts.code) ? message : `${message} (${facts.code})`;
    return {
      code: 'system-error',
      message: /[.!?]$/.test(named) ? named : `${named}.`,
      hint: facts.code === '' ? '' : `${facts.code} is the system’s own name for it; its manual (errno) says more.`,
      ...(facts.code === '' ? {} : { errno: facts.code }),
    };
  }
  return {
    code: wording.code,
    message: `${wording.what} (${facts.code}).`,
    hint: wording.hint,
    errno: facts.code,
  };
}

function textOf(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

/** The facts of whatever was thrown or emitted. */
export function factsOf(error: unknown): SystemErrorFacts {
  if (typeof error !== 'object' || error === null) return { code: '', syscall: '', message: String(error) };
  return { code: textOf(error, 'code'), syscall: textOf(error, 'syscall'), message: textOf(error, 'message') };
}

/** Short for `systemError(factsOf(error), peer)`. */
export function wireErrorOf(error: unknown, peer: string): WireError {
  return systemError(factsOf(error), peer);
}
