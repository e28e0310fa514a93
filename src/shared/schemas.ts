/** The small schemas that the contract and its parts are made of. */
import { z } from 'zod';
import { errorCodes } from './errors.ts';

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
