/** The three messages that cross a port. */
import { z } from 'zod';
import { wireErrorSchema } from '../shared/contract.ts';

export const callSchema = z.strictObject({
  type: z.literal('call'),
  id: z.number().int().min(0),
  method: z.string().max(100),
  params: z.unknown(),
});

const answerSchema = z.discriminatedUnion('ok', [
  z.object({ type: z.literal('answer'), id: z.number().int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ type: z.literal('answer'), id: z.number().int(), ok: z.literal(false), error: wireErrorSchema }),
]);

const eventSchema = z.object({ type: z.literal('event'), name: z.string(), payload: z.unknown() });

/** What a client may receive. */
export const fromServerSchema = z.union([answerSchema, eventSchema]);
export type Answer = z.infer<typeof answerSchema>;
