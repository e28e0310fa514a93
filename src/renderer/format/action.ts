/** An action of a spec, as a menu names it, and whether it offers it. */
import type { ActionSpec } from '../../drivers/spec.ts';
import type { Meta } from '../../shared/record.ts';

/** With dots when it asks for something first, as menus have it everywhere. */
export function actionLabel({ label, fields }: Pick<ActionSpec, 'label' | 'fields'>): string {
  return fields === undefined ? label : `${label}…`;
}

/** @param facts of the connection; of all connections of a server together nothing is known, so everything is offered */
export function isOffered({ when }: Pick<ActionSpec, 'when'>, facts: Meta): boolean {
  if (when === undefined) return true;
  const value = facts[when.fact];
  return value === undefined || value === when.is;
}
