/** What the application was asked to open: files and links among the arguments of its start, or of a second one. Pure. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Handover } from '../shared/app-contract.ts';
import { ARGUMENT_BYTES, LINK_CHARACTERS } from '../shared/app-limits.ts';
import { PATH_CHARACTERS } from '../shared/limits.ts';
import { isOpenLink, LONG_LINK } from '../shared/open-link.ts';
import { fileKind } from '../shared/outside-file.ts';

/** What a start hands to the instance that runs already. */
export interface Start {
  readonly args: readonly string[];
  /** Where relative paths begin. */
  readonly cwd: string;
}

/**
 * The arguments that are ours, of `process.argv`.
 * @param appPath folder of the application where it is run by a plain Electron, whose arguments begin with it; else null
 */
export function ownArguments(argv: readonly string[], appPath: string | null, cwd: string): readonly string[] {
  const given = argv.slice(1);
  if (appPath === null) return given;
  const at = given.findIndex((arg) => !arg.startsWith('-') && resolve(cwd, arg) === resolve(appPath));
  return given.slice(at + 1);
}

/** Switches are Electron's and Chromium's; behind `--` there are none. */
export function handoversOf({ args, cwd }: Start): Handover[] {
  const end = args.indexOf('--');
  const before = end === -1 ? args : args.slice(0, end);
  const after = end === -1 ? [] : args.slice(end + 1);
  return [...before.filter((arg) => !arg.startsWith('-')), ...after].flatMap((arg) => handoverOf(arg, cwd) ?? []);
}

/** One file or link; null for what is neither. */
export function handoverOf(arg: string, cwd: string): Handover | null {
  if (isOpenLink(arg)) return { type: 'link', text: arg.slice(0, LINK_CHARACTERS + 1) };
  const path = pathOf(arg, cwd);
  if (path === null || path.length > PATH_CHARACTERS || path.includes('\0')) return null;
  return { type: fileKind(path), path };
}

function pathOf(arg: string, cwd: string): string | null {
  if (arg.trim() === '') return null;
  if (!/^file:/i.test(arg)) return resolve(cwd, arg);
  try {
    const url = new URL(arg);
    // A file of another machine would be asked for over the network.
    return url.host === '' ? fileURLToPath(url) : null;
  } catch {
    return null;
  }
}

/**
 * Arguments that can be handed to an instance that runs, in place of those that are too long for it.
 * @returns null when they are short enough as they are
 */
export function shortArguments(args: readonly string[]): string[] | null {
  const size = (list: readonly string[]): number => list.reduce((sum, arg) => sum + Buffer.byteLength(arg) + 1, 0);
  if (size(args) <= ARGUMENT_BYTES) return null;
  const short = args.map((arg) => (isOpenLink(arg) && arg.length > LINK_CHARACTERS ? LONG_LINK : arg));
  while (size(short) > ARGUMENT_BYTES) short.pop();
  return short;
}

/** What came from a second instance: another program could have sent it. */
export function isStart(value: unknown): value is Start {
  if (typeof value !== 'object' || value === null) return false;
  const args: unknown = Reflect.get(value, 'args');
  return (
    typeof Reflect.get(value, 'cwd') === 'string' && Array.isArray(args) && args.every((arg) => typeof arg === 'string')
  );
}
