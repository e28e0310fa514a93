/** Environments of Insomnia and Yaak: a base, and others that put some of its values in another way. */
import { IMPORT_DEPTH } from './exchange-limits.ts';
import type { Findings } from './findings.ts';
import { FoundVariables } from './found-variables.ts';
import { isObject, shortName, textOf, type JsonObject } from './json.ts';
import type { Templates } from './templates.ts';

/** Values inside of values become names with dots: `{ api: { host } }` is `api.host`. */
export function flatVariables(
  data: JsonObject,
  where: string,
  findings: Findings,
  templates: Templates,
): FoundVariables {
  const found = new FoundVariables();
  const add = (name: string, value: unknown, depth: number): void => {
    const place = `${where} › ${name}`;
    if (isObject(value)) {
      if (depth >= IMPORT_DEPTH) findings.leave(place, `Deeper than ${IMPORT_DEPTH} levels.`);
      else
        for (const [key, inner] of Object.entries(value))
          add(name === '' ? shortName(key) : `${name}.${shortName(key)}`, inner, depth + 1);
      return;
    }
    const problem = Array.isArray(value)
      ? 'A list; variables are text here.'
      : found.add(name, templates.convert(textOf(value), place));
    if (problem !== null) findings.leave(place, problem);
  };
  add('', data, 0);
  return found;
}

/** One environment for each, with the values of the base that it does not change: only one can be chosen at a time here. */
export function addEnvironments(
  base: { readonly name: string; readonly variables: FoundVariables },
  others: readonly { readonly name: string; readonly variables: FoundVariables }[],
  findings: Findings,
): void {
  if (others.length === 0) findings.environment(base.name, base.variables);
  for (const { name, variables } of others) {
    // Without room it is only listed, so that nothing is merged for it.
    findings.environment(name, findings.hasRoomForEnvironment ? variables.over(base.variables) : variables);
  }
}
