/** What the parsers of command lines share. */
import { formatEndpoint } from '../address.ts';
import { TIMER_MAX_MS } from '../limits.ts';
import type { SavedMessage } from '../preset.ts';
import type { GivenOptions } from './command-options.ts';
import type { Findings } from './findings.ts';

/** One program of a command line, taken apart into words. */
export interface Command {
  /** Without its folder: `nc`. */
  readonly program: string;
  readonly args: readonly string[];
  /** What is piped into it, when that is known without running anything. */
  readonly input: Uint8Array | null;
}

export type Values = Record<string, string | number | boolean>;

/** Presets that a command line makes go to the folder of the import itself. */
export function addPreset(
  findings: Findings,
  protocol: string,
  address: string,
  options: Values,
  messages: readonly SavedMessage[] = [],
): void {
  findings.preset([], { name: address, protocol, address, options, messages });
}

/** What is said of an option that changes nothing of the session. */
export function leaveUnknown(program: string, given: GivenOptions, findings: Findings): void {
  for (const option of given.unknown) findings.leave(`${program} ${option}`, 'An option that is not understood.');
}

/** Text that is a port: 1 to 65535, of a server also 0. Null for names of services, ranges and the like. */
export function portOf(text: string, least = 1): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return port >= least && port <= 65_535 ? port : null;
}

/** Seconds, with the units of ncat (`500ms`, `2s`, `1m`), as milliseconds; null when it is no time. */
export function millisecondsOf(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)?$/.exec(text);
  if (match === null) return null;
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000;
  return Math.min(Math.round(Number(match[1]) * factor), TIMER_MAX_MS);
}

/** A host and a port as an address here; a host of several words or with a variable stays as it is written. */
export function addressOf(host: string, port: number | string): string {
  const bare = host.replace(/^\[|\]$/g, '');
  return typeof port === 'number' ? formatEndpoint({ type: 'ip', host: bare, port }) : `${host}:${port}`;
}

/** The path of a Unix-domain socket as an address here. */
export function socketPath(path: string): string {
  return formatEndpoint({ type: 'path', path });
}

/** A port, or a variable that stands for one. */
export function portText(text: string, least = 1): number | string | null {
  return /^\{\{[^{}]+\}\}$/.test(text) ? text : portOf(text, least);
}
