/** What of a tab goes into a preset's file, and whether two presets are the same to a tab. */
import { specOf } from '../../../drivers/specs.ts';
import type { Field, Options } from '../../../drivers/spec.ts';
import type { Preset, SavedMessage } from '../../../shared/preset.ts';

/** Options that differ from their defaults. */
export function changedOptions(fields: readonly Field[], options: Options): Record<string, Options[string]> {
  const changed: Record<string, Options[string]> = {};
  for (const { id, default: usual } of fields) {
    const value = options[id];
    if (value !== undefined && value !== usual) changed[id] = value;
  }
  return changed;
}

/** Options of a file that this version's spec does not have: they are kept as they are. */
export function unknownOptions(fields: readonly Field[], options: Options): Record<string, Options[string]> {
  const known = new Set<string>(fields.map(({ id }) => id));
  return Object.fromEntries(Object.entries(options).filter(([id]) => !known.has(id)));
}

function text(values: Options): string {
  const entries = Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(entries);
}

/** Messages can be long, and what is compared at each key is mostly the same ones. */
const messageTexts = new WeakMap<SavedMessage, string>();

function messageText(message: SavedMessage): string {
  const known = messageTexts.get(message);
  if (known !== undefined) return known;
  const { name, format, content, lineEnding, encoding, kind, frame } = message;
  const made = JSON.stringify([name, format, content, lineEnding, encoding, kind, text(frame)]);
  messageTexts.set(message, made);
  return made;
}

/** Everything that a tab can change, in one form: defaults that a file spells out are left away. */
function parts(preset: Preset): readonly string[] {
  const fields = specOf(preset.protocol)?.fields;
  const options =
    fields === undefined
      ? preset.options
      : { ...unknownOptions(fields, preset.options), ...changedOptions(fields, preset.options) };
  return [preset.protocol, preset.address, text(options), preset.notes, ...preset.messages.map(messageText)];
}

/** Whether two presets hold the same but for their names. */
export function isSamePreset(one: Preset, other: Preset): boolean {
  if (one === other) return true;
  const left = parts(one);
  const right = parts(other);
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

/** A key for a preset that has none yet, in the form of `presetSchema`. */
export function freshPresetId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
