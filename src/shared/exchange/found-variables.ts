/** Variables that an import brings, while they are collected. */
import { VARIABLES, VARIABLE_NAME_CHARACTERS, VARIABLE_VALUE_CHARACTERS } from '../preset-limits.ts';

export interface FoundVariable {
  readonly name: string;
  /** Of a secret as well: it goes to the key store, never into a file. */
  readonly value: string;
  readonly isSecret: boolean;
}

/** A name as other tools allow it, as one that variables have here: other characters become `_`. */
export function variableNameOf(raw: string): string {
  const cleaned = raw
    .trim()
    .slice(0, VARIABLE_NAME_CHARACTERS)
    .replace(/[^\p{L}\p{N}_.-]/gu, '_');
  const named = /^[\p{L}_]/u.test(cleaned) ? cleaned : `_${cleaned}`;
  // A cut may have left half of a character.
  return named.slice(0, VARIABLE_NAME_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
}

export class FoundVariables {
  readonly #found = new Map<string, FoundVariable>();

  get all(): readonly FoundVariable[] {
    return [...this.#found.values()];
  }

  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  has(name: string): boolean {
    return this.#found.has(name);
  }

  /** @returns why it was not taken, or null */
  add(raw: string, value: string, isSecret = false): string | null {
    const name = variableNameOf(raw);
    if (raw.trim() === '') return 'A variable without a name.';
    if (this.#found.has(name)) return `There is a variable ${name} already.`;
    if (this.#found.size >= VARIABLES) return `An environment has ${VARIABLES} variables at most.`;
    if (value.length > VARIABLE_VALUE_CHARACTERS) {
      return `Its value has ${value.length} characters; ${VARIABLE_VALUE_CHARACTERS} are allowed.`;
    }
    this.#found.set(name, { name, value, isSecret });
    return null;
  }

  /** A name like this one that is still free. */
  freeName(wanted: string): string {
    const name = variableNameOf(wanted);
    if (!this.#found.has(name)) return name;
    for (let count = 2; ; count += 1) {
      const next = variableNameOf(`${name.slice(0, VARIABLE_NAME_CHARACTERS - 8)}-${count}`);
      if (!this.#found.has(next)) return next;
    }
  }

  /** These, and of `others` those whose names are not here. */
  over(others: FoundVariables): FoundVariables {
    const merged = new FoundVariables();
    for (const { name, value, isSecret } of [...this.all, ...others.all]) {
      if (!merged.has(name)) merged.add(name, value, isSecret);
    }
    return merged;
  }
}
