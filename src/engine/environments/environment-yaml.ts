/** An environment from the text of its file (docs/environments.md). */
import { isMap, isScalar, type Document } from 'yaml';
import { environmentSchema, variableName, type Environment, type Variable } from '../../shared/environment.ts';
import { success, type Outcome } from '../../shared/errors.ts';
import { PRESET_BYTES, PRESET_FORMAT, VARIABLES, VARIABLE_VALUE_CHARACTERS } from '../../shared/preset-limits.ts';
import {
  bad,
  checkFormat,
  entriesOf,
  followed,
  offsetOf,
  parseYaml,
  plainText,
  shortened,
  type YamlFile,
} from '../presets/yaml-text.ts';

export interface ReadEnvironment {
  readonly environment: Environment;
  readonly document: Document.Parsed;
}

/**
 * Never throws, whatever the text is. Errors: `bad-preset` with line and column, `newer-preset`.
 * @param place the path inside of the workspace, for messages
 * @param name what it goes by when the file does not say
 */
export function yamlToEnvironment(text: string, place: string, name: string): Outcome<ReadEnvironment> {
  const parsed = parseYaml(text, place);
  if (!parsed.ok) return parsed;
  const file = parsed.value;
  const { document } = file;
  const top = entriesOf(file, document.contents);
  if (!top.ok) return top;
  if (top.value === null) return bad(file, offsetOf(document.contents), 'an environment is a list of "name: value"');
  const format = checkFormat(file, top.value);
  if (!format.ok) return format;
  const title = textOf(file, top.value.get('name'), 'name');
  if (!title.ok) return title;
  const variables = variablesOf(file, top.value.get('variables'));
  if (!variables.ok) return variables;
  const found = environmentSchema.safeParse({
    wirebench: PRESET_FORMAT,
    name: title.value === '' ? name : title.value,
    variables: variables.value,
  });
  if (found.success) return success({ environment: found.data, document });
  const [issue] = found.error.issues;
  return bad(
    file,
    offsetOf(top.value.get('name')),
    `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

function variablesOf(file: YamlFile, found: unknown): Outcome<readonly Variable[]> {
  const node = followed(file, found);
  if (!node.ok) return node;
  if (node.value === null || (isScalar(node.value) && node.value.value === null)) return success([]);
  const entries = entriesOf(file, node.value);
  if (!entries.ok) return entries;
  if (entries.value === null) return bad(file, offsetOf(node.value), '"variables" must be "name: value" lines');
  if (entries.value.size > VARIABLES) return bad(file, offsetOf(node.value), `more than ${VARIABLES} variables`);
  const variables: Variable[] = [];
  let characters = 0;
  for (const [name, value] of entries.value) {
    const variable = variableOf(file, name, value, offsetOf(node.value));
    if (!variable.ok) return variable;
    // An alias can stand for a long text many times.
    characters += variable.value.value.length;
    if (characters > PRESET_BYTES) return bad(file, offsetOf(value), 'there is too much text in it');
    variables.push(variable.value);
  }
  return success(variables);
}

/** @param around where the map is, for a name that has no value to point at */
function variableOf(file: YamlFile, name: string, value: unknown, around: number): Outcome<Variable> {
  if (!variableName.safeParse(name).success) {
    return bad(file, offsetOf(value) || around, `"${shortened(name)}" is no name for a variable`);
  }
  const node = followed(file, value);
  if (!node.ok) return node;
  if (isMap(node.value)) {
    const entries = entriesOf(file, node.value);
    if (!entries.ok) return entries;
    const mark = entries.value?.get('secret');
    if (isScalar(mark) && mark.value === true) return success({ name, value: '', isSecret: true });
    return bad(file, offsetOf(node.value), `"${shortened(name)}" must be a text, or { secret: true }`);
  }
  const text = textOf(file, node.value, name);
  if (!text.ok) return text;
  if (text.value.length > VARIABLE_VALUE_CHARACTERS) {
    return bad(file, offsetOf(node.value), `"${name}" has more than ${VARIABLE_VALUE_CHARACTERS} characters`);
  }
  return success({ name, value: text.value, isSecret: false });
}

/** Empty where there is nothing (`host:`). */
function textOf(file: YamlFile, found: unknown, name: string): Outcome<string> {
  const node = followed(file, found);
  if (!node.ok) return node;
  if (node.value === null || (isScalar(node.value) && node.value.value === null)) return success('');
  const text = isScalar(node.value) ? plainText(node.value.value, node.value.source) : null;
  return text === null ? bad(file, offsetOf(node.value), `"${shortened(name)}" must be a text`) : success(text);
}
