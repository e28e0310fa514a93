/**
 * A preset, a folder or a whole workspace as one file (docs/import.md):
 *
 *   wirebench-bundle: 1
 *   name: Device
 *   presets: [{ folder: Device/Lab, preset: { … as in its own file … } }]
 *   environments: [{ name, variables: { host: 127.0.0.1:9000, token: { secret: true } } }]
 *
 * YAML, or JSON of the same shape. Values of secrets are never in it.
 */
import { variableSchema, type Environment } from '../environment.ts';
import { failure, success, type Outcome } from '../errors.ts';
import { PRESET_FORMAT } from '../preset-limits.ts';
import { plainSecrets, withVariables } from '../preset-secrets.ts';
import { presetSchema, type Preset, type SavedMessage } from '../preset.ts';
import type { Findings } from './findings.ts';
import { FoundVariables, variableNameOf } from './found-variables.ts';
import { hashOf } from './hash.ts';
import { isObject, isTrue, nameAt, objectAt, objectsAt, textAt, textOf, valueAt, type JsonObject } from './json.ts';
import { writeYaml } from './yaml.ts';

export const BUNDLE = 'Wirebench bundle';
export const PRESET_FILE = 'Wirebench preset';
const BUNDLE_KEY = 'wirebench-bundle';
const BUNDLE_FORMAT = 1;

export function isBundle(value: JsonObject): boolean {
  return Object.hasOwn(value, BUNDLE_KEY);
}

/** A preset's own file. */
export function isPresetFile(value: JsonObject): boolean {
  return Object.hasOwn(value, 'wirebench') && Object.hasOwn(value, 'protocol');
}

function newer(what: string): Outcome<never> {
  return failure('bad-import', `A newer Wirebench wrote this ${what}, in a format that this one does not know.`);
}

/** @returns its name; error `bad-import` for a newer format */
export function readBundle(bundle: JsonObject, findings: Findings): Outcome<string> {
  if (valueAt(bundle, BUNDLE_KEY) !== BUNDLE_FORMAT) return newer('bundle');
  for (const [index, entry] of objectsAt(bundle, 'presets').entries()) {
    const folders = textAt(entry, 'folder')
      .split('/')
      .filter((name) => name !== '');
    readPreset(objectAt(entry, 'preset'), folders, `Preset ${index + 1}`, findings);
  }
  for (const environment of objectsAt(bundle, 'environments')) {
    const name = nameAt(environment, 'name') || 'Environment';
    const variables = new FoundVariables();
    for (const [variable, value] of Object.entries(objectAt(environment, 'variables'))) {
      const isSecret = isObject(value) && isTrue(value, 'secret');
      const isValid = variableSchema.shape.name.safeParse(variable).success;
      const problem = isValid ? variables.add(variable, isSecret ? '' : textOf(value), isSecret) : 'It is no name.';
      if (problem !== null) findings.leave(`${name} › ${variable}`, problem);
    }
    findings.environment(name, variables);
  }
  const known = new Set([BUNDLE_KEY, 'name', 'presets', 'environments']);
  for (const key of Object.keys(bundle)) if (!known.has(key)) findings.leave(key, 'It is not understood.');
  return success(nameAt(bundle, 'name') || 'Bundle');
}

function readPreset(value: JsonObject, folders: readonly string[], otherwise: string, findings: Findings): void {
  // As in a workspace folder, neither must be there: the name is that of the file then.
  const checked = presetSchema.safeParse({ id: hashOf(JSON.stringify(value)), name: otherwise, ...value });
  if (checked.success) {
    findings.whole(folders, checked.data);
    return;
  }
  const [issue] = checked.error.issues;
  const where = [...folders, nameAt(value, 'name') || otherwise].join(' / ');
  findings.leave(
    where,
    `It is no valid preset: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'a value is wrong'}.`,
  );
}

/**
 * The file of one preset.
 * @param otherwise its name, when it has none of its own
 * @returns its name; error `bad-import` for a newer format
 */
export function readPresetFile(value: JsonObject, otherwise: string, findings: Findings): Outcome<string> {
  if (valueAt(value, 'wirebench') !== PRESET_FORMAT) return newer('preset');
  readPreset(value, [], otherwise, findings);
  return success(nameAt(value, 'name') || otherwise);
}

export interface BundleContent {
  readonly name: string;
  readonly presets: readonly { readonly folder: string; readonly preset: Preset }[];
  readonly environments: readonly Environment[];
}

/** Options of a protocol that are secret, by their ids; the specs know them. */
export type SecretOptions = (protocol: string) => readonly string[];

/** The preset with variables where it had passwords and tokens of its own, so that nothing secret leaves by it. */
export function withoutSecrets(preset: Preset, secrets: readonly string[]): Preset {
  const stem = preset.name.replace(/\s+/g, '-');
  return withVariables(preset, plainSecrets(preset, secrets), ({ what }) => variableNameOf(`${stem}-${what}`));
}

/** Without what is as by default, so that a person reads only what matters. */
function shortMessage(message: SavedMessage): JsonObject {
  const { name, format, content, lineEnding, encoding, kind, frame } = message;
  return {
    ...(name === '' ? {} : { name }),
    ...(format === 'Text' ? {} : { format }),
    content,
    ...(lineEnding === 'none' ? {} : { lineEnding }),
    ...(encoding === 'utf8' ? {} : { encoding }),
    ...(kind === '' ? {} : { kind }),
    ...(Object.keys(frame).length === 0 ? {} : { frame }),
  };
}

function shortPreset(preset: Preset): JsonObject {
  const { wirebench, id, name, protocol, address, options, notes, messages } = preset;
  return {
    wirebench,
    id,
    name,
    protocol,
    address,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(notes === '' ? {} : { notes }),
    ...(messages.length === 0 ? {} : { messages: messages.map(shortMessage) }),
  };
}

/**
 * The text of the file.
 * @param as `json` for a file of that name, else YAML
 */
export function writeBundle(content: BundleContent, secrets: SecretOptions, as: 'yaml' | 'json'): string {
  const bundle = {
    [BUNDLE_KEY]: BUNDLE_FORMAT,
    name: content.name,
    presets: content.presets.map(({ folder, preset }) => ({
      ...(folder === '' ? {} : { folder }),
      preset: shortPreset(withoutSecrets(preset, secrets(preset.protocol))),
    })),
    ...(content.environments.length === 0
      ? {}
      : {
          environments: content.environments.map(({ name, variables }) => ({
            name,
            variables: Object.fromEntries(
              variables.map((variable) => [variable.name, variable.isSecret ? { secret: true } : variable.value]),
            ),
          })),
        }),
  };
  return as === 'json' ? `${JSON.stringify(bundle, null, 2)}\n` : writeYaml(bundle);
}
