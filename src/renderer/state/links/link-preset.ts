/** What a link means, by the protocol that it names: the values of its options have the types of the form's fields. */
import { optionProblem, type Field, type OptionValue } from '../../../drivers/spec.ts';
import { specOf } from '../../../drivers/specs.ts';
import { maskCredentials } from '../../../shared/credentials.ts';
import { failure, success, type Outcome } from '../../../shared/errors.ts';
import type { OpenLink } from '../../../shared/open-link.ts';
import { PRESET_FORMAT, PRESET_NAME_CHARACTERS } from '../../../shared/preset-limits.ts';
import { presetSchema, savedMessageSchema, type Preset } from '../../../shared/preset.ts';
import { freshPresetId } from '../presets/preset-content.ts';

type SessionLink = Extract<OpenLink, { type: 'session' }>;

const wholeNumber = /^[+-]?\d{1,15}$/;

/** @returns error `bad-link` for a protocol or an option that this version does not have, or a value that it cannot have */
export function presetOfLink(link: SessionLink): Outcome<Preset> {
  const spec = specOf(link.protocol);
  if (spec === undefined) {
    return failure('bad-link', `The link is of the protocol ${link.protocol}, which this version does not know.`);
  }
  const options: Record<string, OptionValue> = {};
  for (const [id, text] of link.options) {
    const field = spec.fields.find((one) => one.id === id);
    if (field === undefined) return failure('bad-link', `The link sets ${id}, which ${spec.title} does not have.`);
    const value = valueOf(field, text);
    const problem = optionProblem(field, value);
    if (problem !== null) return failure('bad-link', `The link has a wrong value: ${problem}.`);
    if (value !== field.default) options[id] = value;
  }
  const name = link.name.trim() || maskCredentials(link.address).trim() || spec.title;
  return success(
    presetSchema.parse({
      wirebench: PRESET_FORMAT,
      id: freshPresetId(),
      name: name.slice(0, PRESET_NAME_CHARACTERS),
      protocol: spec.id,
      address: link.address,
      options,
      messages: link.messages.map((content) => savedMessageSchema.parse({ content })),
    }),
  );
}

/** What cannot be read as such a value stays text, which the field refuses. */
function valueOf(field: Field, text: string): OptionValue {
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (field.type !== 'number') return text;
  if (text === '') return null;
  return wholeNumber.test(text) ? Number(text) : text;
}
