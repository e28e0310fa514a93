/** Programs of the system that a row is compared with, by the Debian package that brings each. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const packages = { socat: 'socat', rg: 'ripgrep', tshark: 'tshark' } as const;
export type Program = keyof typeof packages;

function isThere(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A row cannot be measured here, and what to do about it. */
export class MissingProgram extends Error {}

export function needProgram(program: Program): void {
  if (isThere(program)) return;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  throw new MissingProgram(`needs ${program}. On Debian: ${sudo}apt-get install -y ${packages[program]}`);
}
