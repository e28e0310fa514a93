/** Which variable a name stands for: of the chosen environment, else of the workspace. */
import type { Environment } from './environment.ts';

export interface ScopedVariable {
  readonly name: string;
  /** Empty for a secret. */
  readonly value: string;
  readonly isSecret: boolean;
  /** Path of the environment that it comes from; empty: the variables of the whole workspace. */
  readonly path: string;
}

/** An environment as far as it can be read; null: it cannot be. */
export interface ScopePart {
  readonly path: string;
  readonly environment: Pick<Environment, 'variables'> | null;
}

/** @param chosen null: no environment is chosen. Its variables go before those of the workspace. */
export function variableScope(shared: ScopePart, chosen: ScopePart | null): ReadonlyMap<string, ScopedVariable> {
  const scope = new Map<string, ScopedVariable>();
  for (const part of [shared, chosen]) {
    for (const variable of part?.environment?.variables ?? []) {
      scope.set(variable.name, { ...variable, path: part?.path ?? '' });
    }
  }
  return scope;
}
