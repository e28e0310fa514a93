/** An environment: variables that `{{name}}` stands for, as a file (docs/presets.md). */
import { z } from 'zod';
import {
  PRESET_FORMAT,
  PRESET_NAME_CHARACTERS,
  VARIABLES,
  VARIABLE_NAME_CHARACTERS,
  VARIABLE_VALUE_CHARACTERS,
} from './preset-limits.ts';

export const variableName = z
  .string()
  .max(VARIABLE_NAME_CHARACTERS)
  .regex(/^[\p{L}_][\p{L}\p{N}_.-]*$/u);

/** In a file `name: value`, or `name: { secret: true }` when the value is kept in the key store of the system. */
export const variableSchema = z.object({
  name: variableName,
  /** Empty for a secret: its value is never in the file, and never in the window. */
  value: z.string().max(VARIABLE_VALUE_CHARACTERS),
  isSecret: z.boolean(),
});
export type Variable = z.infer<typeof variableSchema>;

export const environmentSchema = z.object({
  wirebench: z.literal(PRESET_FORMAT),
  name: z.string().min(1).max(PRESET_NAME_CHARACTERS),
  variables: z.array(variableSchema).max(VARIABLES),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Where secrets are kept: by the system, by a weaker cipher of the browser engine, or only while the application runs. */
export const secretStores = ['system', 'weak', 'memory'] as const;
export type SecretStore = (typeof secretStores)[number];
