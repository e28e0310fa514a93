/** The text of an environment's file: anew, or as a change of the one that is there. */
import { isMap, isScalar, Pair, YAMLMap, type Document } from 'yaml';
import type { Environment, Variable } from '../../shared/environment.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { scalar, setPlain, setValue, topMap, valueAt } from '../presets/yaml-edit.ts';
import { newDocument, plainText, yamlText } from '../presets/yaml-text.ts';
import { yamlToEnvironment } from './environment-yaml.ts';

/** The file that is there. */
interface Old {
  readonly text: string;
  /** What it goes by when it does not say. */
  readonly name: string;
}

/**
 * The text of a file with this environment. Of the old text everything stays that is not different: comments, keys of
 * others, and all of it when nothing is.
 * @param old null for a new file
 * Error `bad-preset` when it cannot be written so that it is read again as it is.
 */
export function environmentToYaml(environment: Environment, old: Old | null): Outcome<string> {
  const changed = old === null ? null : changedText(environment, old);
  if (old !== null && changed !== null && isRead(changed, environment, old.name)) return success(changed);
  const text = newText(environment);
  if (isRead(text, environment, '?')) return success(text);
  return failure('bad-preset', `“${environment.name}” holds something that cannot be written to a file.`);
}

function isRead(text: string, environment: Environment, name: string): boolean {
  const read = yamlToEnvironment(text, '', name);
  return read.ok && sameEnvironment(read.value.environment, environment);
}

function sameEnvironment(one: Environment, other: Environment): boolean {
  return (
    one.name === other.name &&
    one.variables.length === other.variables.length &&
    one.variables.every((variable, index) => sameVariable(variable, other.variables[index]))
  );
}

function sameVariable(one: Variable, other: Variable | undefined): boolean {
  return other?.name === one.name && other.isSecret === one.isSecret && other.value === one.value;
}

function newText({ wirebench, name, variables }: Environment): string {
  const document = newDocument(null);
  const map = new YAMLMap();
  document.contents = map;
  setPlain(map, 'wirebench', wirebench);
  setPlain(map, 'name', name);
  const values = new YAMLMap();
  values.items = variables.map(newPair);
  setValue(map, 'variables', values);
  return yamlText(document);
}

function newPair(variable: Variable): Pair {
  return new Pair(scalar(variable.name), newValue(variable));
}

/** `{ secret: true }` on the line of its name. */
function newValue({ value, isSecret }: Variable): unknown {
  if (!isSecret) return scalar(value);
  const map = new YAMLMap();
  map.flow = true;
  setPlain(map, 'secret', true);
  return map;
}

/** Null when it cannot be read, or does not let itself be changed. */
function changedText(environment: Environment, { text, name }: Old): string | null {
  const read = yamlToEnvironment(text, '', name);
  if (!read.ok) return null;
  const { document, environment: before } = read.value;
  if (sameEnvironment(before, environment)) return text;
  const map = topMap(document);
  if (map === null) return null;
  if (environment.name !== before.name) setPlain(map, 'name', environment.name, ['wirebench']);
  changeVariables(map, environment.variables, before.variables);
  const changed = textOfChanged(document);
  if (changed === null) return null;
  return text.includes('\r\n') ? changed.replaceAll('\n', '\r\n') : changed;
}

function changeVariables(map: YAMLMap, variables: readonly Variable[], before: readonly Variable[]): void {
  const found = valueAt(map, 'variables');
  const values = isMap(found) ? found : new YAMLMap();
  if (!isMap(found)) {
    if (variables.length === 0) return;
    setValue(map, 'variables', values, ['wirebench', 'name']);
  }
  // Both are in the order of the file.
  const pairs = new Map(before.map(({ name }, index) => [name, values.items[index]]));
  values.items = variables.map((variable) => {
    const pair = pairs.get(variable.name);
    if (pair === undefined || !isOf(pair, variable.name)) return newPair(variable);
    const old = before.find(({ name }) => name === variable.name);
    if (sameVariable(variable, old)) return pair;
    if (variable.isSecret || old?.isSecret === true) pair.value = newValue(variable);
    else setPlain(values, variable.name, variable.value);
    return pair;
  });
}

/** Whether the pair has this key, and not an alias of it. */
function isOf({ key }: Pair, name: string): boolean {
  return isScalar(key) && plainText(key.value, key.source) === name;
}

/** Null when an alias has lost what it stood for. */
function textOfChanged(document: Document): string | null {
  try {
    return yamlText(document);
  } catch {
    return null;
  }
}
