/** The types that are asked for, as chips. */
import { usualTypes } from '../../../shared/dns/types.ts';

/** How many of the usual types stand there before they are chosen: those that a form must have. */
const CHIPS = 11;

/** The names in an option like `A, AAAA`: in capitals, each once. */
export function typesIn(text: string): readonly string[] {
  return [...new Set(text.toUpperCase().split(/[\s,;]+/))].filter((name) => name !== '');
}

/** The chips: the usual types, and those that were written beside them. */
export function shownTypes(chosen: readonly string[]): readonly string[] {
  return [...new Set<string>([...usualTypes.slice(0, CHIPS), ...chosen])];
}

/** The option with a type more or less. The last one stays: something has to be asked. */
export function toggleType(chosen: readonly string[], type: string): string {
  const others = chosen.filter((name) => name !== type);
  const isOn = others.length === chosen.length;
  const next = isOn ? [...chosen, type] : others.length === 0 ? chosen : others;
  const order = shownTypes(next);
  return [...next].sort((one, other) => order.indexOf(one) - order.indexOf(other)).join(', ');
}
