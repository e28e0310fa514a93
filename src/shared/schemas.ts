/** The small schemas that the contract and its parts are made of. */
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { ADDRESS_CHARACTERS, OPTION_CHARACTERS } from './limits.ts';

/** By tag and not by `instanceof`: bytes may come from another realm. */
export const bytes = z.custom<Uint8Array>((data) => Object.prototype.toString.call(data) === '[object Uint8Array]');
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const sessionId = z.string().regex(/^[a-z0-9-]{1,40}$/);
export const peerId = z.number().int().min(1).max(0xffffffff);

export const wireErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string(),
  errno: z.string().optional(),
  field: z.string().optional(),
});

export const nothing = z.strictObject({});

/** Values of options by their ids. */
export const optionsSchema = z.record(
  z.string().max(64),
  z.union([z.string().max(OPTION_CHARACTERS), z.number(), z.boolean(), z.null()]),
);

/** What to open: kept exactly as typed. */
export const sessionConfigSchema = z.strictObject({
  protocol: z.string().min(1).max(40),
  address: z.string().max(ADDRESS_CHARACTERS),
  options: optionsSchema,
});
export type SessionConfig = z.infer<typeof sessionConfigSchema>;
