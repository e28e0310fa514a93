/** How the application is started by hand, as a shell or a file manager does it. */
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export interface Command {
  readonly command: string;
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
}

/** @param data folder of the user data @param given files and links */
export function electronCommand(data: string, given: readonly string[]): Command {
  const electron = process.env.WIREBENCH_ELECTRON;
  if (electron === undefined) throw new Error('WIREBENCH_ELECTRON is not set: run by npm run e2e or npm test');
  const sandbox = process.env.WIREBENCH_NO_SANDBOX === '1' ? ['--no-sandbox'] : [];
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  return { command: electron, args: [...sandbox, `--user-data-dir=${data}`, root, ...given], env };
}
