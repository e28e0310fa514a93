/** Command line and default folders of the browser host. */
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failure, success, type Outcome } from '../shared/errors.ts';

export interface WebHostArguments {
  readonly host: string;
  readonly port: number;
  /** Folder for what outlives the process. */
  readonly data: string;
  /** Folder for recordings. */
  readonly recordings: string;
}

const USAGE = 'Usage: node web-host.cjs [--port N] [--host 127.0.0.1|::1] [--data FOLDER] [--recordings FOLDER]';

/** @param environment such as `process.env` */
export function parseArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Outcome<WebHostArguments> {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const { port = '0', host = '127.0.0.1', data } = parsed.value;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    return failure('bad-option', `--port must be a number from 0 to 65535, not "${port}".`);
  }
  if (!isLoopback(host)) {
    return failure('bad-option', `--host must be a loopback address (127.0.0.1 or ::1), not "${host}".`);
  }
  const folder = data ?? dataFolder(environment, platform);
  const recordings = parsed.value.recordings ?? join(folder, 'recordings');
  return success({ host, port: Number(port), data: folder, recordings });
}

function parse(
  args: readonly string[],
): Outcome<Readonly<Partial<Record<'port' | 'host' | 'data' | 'recordings', string>>>> {
  const text = { type: 'string' } as const;
  const options = { port: text, host: text, data: text, recordings: text };
  try {
    return success(parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values);
  } catch (problem) {
    return failure('bad-option', problem instanceof Error ? problem.message : String(problem), USAGE);
  }
}

/** The window gives everybody who reaches it the sockets of this machine, so it is never served to a network. */
function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Where applications keep their data: XDG Base Directory Specification; on the others, where Electron does. */
function dataFolder(environment: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const home = homedir();
  const given = (name: string, usual: string): string => {
    const value = environment[name];
    return value === undefined || value === '' ? usual : value;
  };
  switch (platform) {
    case 'win32':
      return join(given('APPDATA', join(home, 'AppData', 'Roaming')), 'Wirebench');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Wirebench');
    default:
      return join(given('XDG_DATA_HOME', join(home, '.local', 'share')), 'wirebench');
  }
}
