/** What opening a preset from outside would do, in words: everything that a person must have seen before. Pure. */
import type { Field, OptionValue, Spec } from '../../../drivers/spec.ts';
import { specOf } from '../../../drivers/specs.ts';
import { maskCredentials, MASK } from '../../../shared/credentials.ts';
import { visible } from '../../../shared/open-link.ts';
import type { Preset } from '../../../shared/preset.ts';
import { parseTemplate } from '../../../shared/template.ts';
import type { KnownVariable } from '../environments/environments.svelte.ts';
import { changedOptions, unknownOptions } from '../presets/preset-content.ts';

/** Characters of a value that are shown: more is in the tab, in its field. */
const VALUE_CHARACTERS = 400;

export interface ProposedOption {
  readonly label: string;
  readonly value: string;
}

export interface ProposedVariable {
  readonly name: string;
  readonly isSecret: boolean;
  /** Whether it has a value here, which connecting or sending would give away. */
  readonly isSet: boolean;
}

export interface Proposal {
  /** Null: of a protocol that this version does not know; it cannot be opened. */
  readonly spec: Spec | null;
  readonly name: string;
  readonly address: string;
  /** What the protocol warns of: reachable from the network, certificates not checked. */
  readonly warning: string | null;
  /** Those that differ from their defaults. */
  readonly options: readonly ProposedOption[];
  readonly variables: readonly ProposedVariable[];
  /** How many messages come along; none is sent. */
  readonly messages: number;
}

/** @param scope variables of the workspace, by name */
export function proposalOf(preset: Preset, scope: ReadonlyMap<string, KnownVariable>): Proposal {
  const spec = specOf(preset.protocol) ?? null;
  const fields = spec?.fields ?? [];
  const options = { ...changedOptions(fields, preset.options), ...unknownOptions(fields, preset.options) };
  return {
    spec,
    name: visible(preset.name),
    address: visible(maskCredentials(preset.address)),
    warning: spec?.warning?.(preset.address, { ...preset.options }) ?? null,
    options: Object.entries(options).map(([id, value]) => {
      const field = fields.find((one) => one.id === id);
      return field === undefined
        ? { label: `${visible(id)} (not known to this version)`, value: shown(String(value)) }
        : { label: field.label, value: valueText(field, value ?? null) };
    }),
    variables: variablesIn(preset).map((name) => {
      const known = scope.get(name);
      return { name, isSecret: known?.isSecret ?? false, isSet: known !== undefined };
    }),
    messages: preset.messages.length,
  };
}

function valueText(field: Field, value: OptionValue): string {
  if (value === null || value === '') return '(empty)';
  if (field.type === 'boolean') return value === true ? 'on' : 'off';
  if (field.type === 'choice') return field.choices.find((choice) => choice.value === value)?.label ?? String(value);
  if (field.type === 'number') return field.unit === undefined ? String(value) : `${value} ${field.unit}`;
  return field.secret === true ? MASK : shown(String(value));
}

function shown(text: string): string {
  const whole = visible(maskCredentials(text));
  return whole.length <= VALUE_CHARACTERS ? whole : `${whole.slice(0, VALUE_CHARACTERS)}…`;
}

/** Names of the variables that its address, its options and its messages stand for, each once. */
function variablesIn(preset: Preset): string[] {
  const texts = [preset.address, ...Object.values(preset.options), ...preset.messages.map(({ content }) => content)];
  const names = texts
    .filter((text) => typeof text === 'string')
    .flatMap((text) => parseTemplate(text))
    .flatMap((part) => (part.type === 'variable' ? [part.name] : []));
  return [...new Set(names)];
}
