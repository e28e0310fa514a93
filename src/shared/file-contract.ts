/** The part of the contract about files on this machine. */
import { z } from 'zod';
import { FILE_NAME_CHARACTERS, SAVED_TEXT_CHARACTERS } from './file-limits.ts';
import { PATH_CHARACTERS } from './limits.ts';
import { count } from './schemas.ts';

const path = z.string().min(1).max(PATH_CHARACTERS);

export const fileMethods = {
  'file.choose': { params: z.strictObject({}), result: z.object({ path: z.string().nullable() }) },
  /** Asks where to save a file. */
  'file.chooseSave': {
    params: z.strictObject({ name: z.string().max(FILE_NAME_CHARACTERS) }),
    result: z.object({ path: z.string().nullable() }),
  },
  'file.stat': { params: z.strictObject({ path }), result: z.object({ size: count }) },
  /** Writes a text, all of it or nothing; what was there is replaced. Errors as of `export.start`. */
  'file.save': {
    params: z.strictObject({ path, text: z.string().max(SAVED_TEXT_CHARACTERS) }),
    result: z.object({ bytes: count }),
  },
};
