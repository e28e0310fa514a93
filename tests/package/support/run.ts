/** Programs of the system, run to their end. */
import { execFile } from 'node:child_process';

export interface Ran {
  readonly code: number;
  /** stdout, then stderr. */
  readonly output: string;
}

/** Far more than any of them needs, ms. */
const LIMIT_MS = 170_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** @returns whatever the exit code; 127 when it could not be started */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: { ...env, LC_ALL: 'C.UTF-8' }, timeout: LIMIT_MS, maxBuffer: MOST_OUTPUT };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

/** @throws {Error} with what it said, when it fails */
export async function succeed(command: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (exit code ${code}):\n${output}`);
  return output;
}

/** Waits for whoever else is installing something. */
export const apt = (...args: string[]): Promise<string> =>
  succeed('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '--assume-yes', '--no-install-recommends', ...args]);
